"""What strangers do to one account, and what nobody learns by the time that it takes."""

from collections.abc import Callable
from typing import Any

import pytest

from fechatter.config import Config
from fechatter.redis_link import RedisLink
from tests.app.mails import MAIL
from tests.app.signing import an_email, sign_up
from tests.app.test_limited import an_address, limited_app


@pytest.mark.parametrize("call", ["signin", "forgot"])
def test_where_somebody_has_signed_in_takes_the_same_road_as_everywhere(
    config: Config, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Or else who shares an address with others could tell by the time which accounts they use."""
    app = limited_app(config, mail=MAIL)
    ann, asked, ask = sign_up(app.test_client()), list[int](), RedisLink.call

    def counting(link: RedisLink, use: Callable[[Any], Any]) -> Any:
        asked[-1] += 1
        return ask(link, use)

    monkeypatch.setattr(RedisLink, "call", counting)
    monkeypatch.setattr("app.wakeup.Wakeup.wake", lambda *_: None)  # asks now and then, for whomever
    for email, address in ((ann.email, "127.0.0.1"), (ann.email, an_address()), (an_email(), "127.0.0.1")):
        asked.append(0)
        body = {"email": email} | ({"password": "a wrong guess"} if call == "signin" else {})
        at = {"REMOTE_ADDR": address}
        status = app.test_client().post(f"/api/auth/{call}", json=body, environ_overrides=at).status_code
        assert status == {"signin": 401, "forgot": 204}[call]
    app.extensions["fechatter"].engine.dispose()
    assert asked[0] >= 3
    assert asked == [asked[0]] * 3
