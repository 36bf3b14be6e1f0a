"""A worker that is told to end finishes what it sends, so that nothing is sent twice by the next one."""

import signal
import time
from collections.abc import Callable

from sqlalchemy import text

from tests.doors import Door, until
from tests.own_redis import OwnRedis
from tests.push_service import PushService, created
from tests.worker.test_pushes import Team, service, start, team, wakeup

__all__ = ["service", "start", "team", "wakeup"]


def test_what_is_under_way_is_crossed_off_and_the_rest_is_left(
    team: Team, start: Callable[[], Door], redis: OwnRedis, service: PushService
) -> None:
    redis.start()
    door = start()
    door.until_it_says("ready")
    browsers = [team.browser, *(team.subscribe(team.ben) for _ in range(19))]
    chats = [team.chat, team.world.chat(team.ann, team.workspace, team.ben)]
    for browser in browsers:
        service.answers[browser.path] = lambda request: (time.sleep(0.5), created(request))
    for chat in chats:
        assert team.world.post(team.ann, chat, "Hello").outcome == "created"
    until(lambda: len(service.got) > 0, 60, "under way")
    door.process.send(signal.SIGTERM)
    door.process.wait(60)
    query = "SELECT count(*), count(sent_at) FROM pushes WHERE chat_id = ANY (:chats)"
    with team.world.engine.connect() as connection:
        put, sent = connection.execute(text(query), {"chats": chats}).one()
    assert len(service.got) == sent < put
