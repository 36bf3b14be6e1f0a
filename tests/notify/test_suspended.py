"""What a suspension, of an account or from one workspace, does to streams that are open."""

from collections.abc import Callable
from time import monotonic

from fechatter.actions.accounts import suspend_account
from fechatter.actions.suspensions import suspend, unsuspend
from fechatter.models import User
from tests.by_the_clock import in_time
from tests.stream_client import StreamClient
from tests.world import World

Listen = Callable[..., StreamClient]


def test_a_suspended_accounts_streams_end_within_two_seconds(world: World, listen: Listen) -> None:
    ann, ben = world.person(), world.person()
    world.workspace(ann, ben)
    ending, staying = listen(ann), listen(ben)
    ending.expect("ready")
    world.write(lambda session: suspend_account(session, session.get_one(User, ann.id, with_for_update=True)))
    began = monotonic()
    assert ending.expect("bye").data == {"reason": "revoked"}
    in_time(began, 2.5)
    assert ending.ended.wait(30)
    assert not staying.ended.is_set()


def test_who_is_suspended_from_a_workspace_hears_its_end_and_then_nothing_of_it(world: World, listen: Listen) -> None:
    ann, ben = world.person(), world.person()
    workspace = world.workspace(ann, ben)
    chat = world.chat(ann, workspace, ben)
    stream = listen(ben)
    stream.expect("ready")
    world.write(lambda session: suspend(session, ann.id, workspace, ben.id))
    world.post(ann, chat, "not for ben")
    stream.expect("member.removed", user_id=ben.id)
    stream.expect("workspace.member_removed", user_id=ben.id)
    world.write(lambda session: unsuspend(session, ann.id, workspace, ben.id))
    stream.expect("workspace.member_added", user_id=ben.id)
    stream.expect("chat.created")
    world.post(ann, chat, "for ben")
    assert stream.expect("message.created").data["message"]["content"] == "for ben"
