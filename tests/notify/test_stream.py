"""What a person gets on the stream, and what not, from a real notify process."""

from collections.abc import Callable
from time import monotonic

from sqlalchemy import text

from fechatter.actions.messages import delete_message
from tests.by_the_clock import in_time
from tests.stream_client import StreamClient
from tests.world import World

Listen = Callable[..., StreamClient]


def test_a_new_stream_starts_at_the_present(world: World, listen: Listen) -> None:
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="public_channel")
    world.post(ann, chat, "before")
    world.relay(workspace)
    stream = listen(ann)
    ready = stream.expect("ready")
    assert ready.data == {"user_id": ann.id, "cursor": ready.id}
    world.post(ann, chat, "after")
    stream.expect_message("after")
    assert [m["content"] for m in stream.messages()] == ["after"]


def test_an_event_that_nobody_relays_comes_within_two_seconds(world: World, listen: Listen) -> None:
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    stream = listen(ann)
    world.post(ann, chat, "hello")
    began = monotonic()
    event = stream.expect_message("hello")
    in_time(began, 3)
    assert event.data["chat_id"] == chat
    assert event.data["message"]["seq"] == 1
    assert event.id


def test_outsiders_get_nothing_of_a_private_chat(world: World, listen: Listen) -> None:
    ann, bob, eve = world.person(), world.person(), world.person()
    workspace = world.workspace(ann, bob, eve)
    secret = world.chat(ann, workspace, bob, type="private_channel")
    everyone = world.chat(ann, workspace, bob, eve, type="public_channel")
    bobs, eves = listen(bob), listen(eve)
    world.post(ann, secret, "secret")
    world.post(ann, everyone, "hello")
    bobs.expect_message("secret")
    eves.expect_message("hello")
    assert eves.messages(secret) == []


def test_a_stream_resumes_right_behind_its_cursor(world: World, listen: Listen) -> None:
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="public_channel")
    stream = listen(ann)
    for number in range(5):
        world.post(ann, chat, f"m{number}")
    world.relay(workspace)
    third = stream.expect_message("m2")
    stream.expect_message("m4")
    stream.close()
    for number in range(5, 8):
        world.post(ann, chat, f"m{number}")
    again = listen(ann, cursor=third.id)
    assert again.expect("ready").data["cursor"] == third.id
    again.expect_message("m7")
    assert [m["content"] for m in again.messages()] == ["m3", "m4", "m5", "m6", "m7"]


def test_one_added_gets_the_chat_then_its_own_addition_then_messages(world: World, listen: Listen) -> None:
    ann, bob = world.person(), world.person()
    workspace = world.workspace(ann, bob)
    chat = world.chat(ann, workspace, type="private_channel")
    world.post(ann, chat, "old")
    stream = listen(bob)
    world.add(ann, chat, bob)
    world.post(ann, chat, "new")
    stream.expect_message("new")
    assert [e.type for e in stream.lasting()] == ["chat.created", "member.added", "message.created"]


def test_one_removed_gets_its_own_removal_and_nothing_behind_it(world: World, listen: Listen) -> None:
    ann, bob = world.person(), world.person()
    workspace = world.workspace(ann, bob)
    chat = world.chat(ann, workspace, bob, type="private_channel")
    bobs, anns = listen(bob), listen(ann)
    world.remove(ann, chat, bob)
    world.post(ann, chat, "now we are alone")
    anns.expect_message("now we are alone")
    bobs.expect("member.removed", user_id=bob.id)
    assert bobs.messages() == []


def test_first_members_of_a_public_channel_hear_of_it_once(world: World, listen: Listen) -> None:
    ann, bob, cat, guest = (world.person() for _ in range(4))
    workspace = world.workspace(ann, bob, cat)
    world.enter(workspace, guest, "guest")
    streams = {person: listen(person) for person in (ann, bob, cat, guest)}
    chat = world.chat(ann, workspace, bob, type="public_channel")
    other = world.chat(ann, workspace, bob, cat, guest)
    for stream in streams.values():
        stream.wait_for(lambda events: any(e.type == "chat.created" and e.data["chat_id"] == other for e in events))
    heard = {
        p: [e for e in s.events if e.type == "chat.created" and e.data["chat_id"] == chat] for p, s in streams.items()
    }
    assert [len(heard[person]) for person in (ann, bob, cat, guest)] == [1, 1, 1, 0]


def test_a_workspace_joined_later_comes_onto_the_open_stream(world: World, listen: Listen) -> None:
    ann, bob = world.person(), world.person()
    home, away = world.workspace(bob), world.workspace(ann)
    stream = listen(bob)
    world.enter(away, bob)
    stream.expect("workspace.member_added", user_id=bob.id, workspace_id=away)
    chat = world.chat(ann, away, bob)
    world.post(ann, chat, "welcome")
    stream.expect_message("welcome")
    den = world.chat(bob, home, type="private_channel")
    world.post(bob, den, "at home")
    last = stream.expect_message("at home")
    stream.close()
    world.post(ann, chat, "again")
    world.post(bob, den, "again at home")
    resumed = listen(bob, cursor=last.id)
    resumed.expect_message("again")
    resumed.expect_message("again at home")
    assert len(resumed.lasting()) == 2


def test_removal_from_a_workspace_is_told_and_ends_its_part_of_the_stream(world: World, listen: Listen) -> None:
    ann, bob = world.person(), world.person()
    workspace, home = world.workspace(ann, bob), world.workspace(bob)
    chat = world.chat(ann, workspace, bob)
    den = world.chat(bob, home, type="private_channel")
    stream = listen(bob)
    world.leave(workspace, bob)
    world.post(ann, chat, "gone")
    end = stream.expect("workspace.member_removed", user_id=bob.id)
    world.post(bob, den, "home")
    stream.expect_message("home")
    assert [e.type for e in stream.lasting()] == ["member.removed", "workspace.member_removed", "message.created"]
    resumed = listen(bob, cursor=end.id)
    resumed.expect_message("home")
    assert [e.type for e in resumed.lasting()] == ["message.created"]


def test_what_ended_while_away_is_told_but_not_what_it_showed(world: World, listen: Listen) -> None:
    ann, bob = world.person(), world.person()
    workspace = world.workspace(ann, bob)
    chat = world.chat(ann, workspace, bob, type="private_channel")
    stream = listen(bob)
    cursor = stream.last_id
    stream.close()
    world.post(ann, chat, "while you were away")
    world.remove(ann, chat, bob)
    world.relay(workspace)
    resumed = listen(bob, cursor=cursor)
    resumed.expect("member.removed", user_id=bob.id)
    assert resumed.messages() == []


def test_an_ended_session_ends_its_stream_within_two_seconds_and_no_other(world: World, listen: Listen) -> None:
    ann = world.person()
    world.workspace(ann)
    other = world.write(lambda session: world.sign_in(session, ann.id))
    ending, staying = listen(ann), listen(other)
    world.end_session(ann)
    began = monotonic()
    assert ending.expect("bye").data == {"reason": "signed_out"}
    in_time(began, 2.5)
    assert ending.ended.wait(30)
    assert not staying.ended.is_set()


def test_no_stream_without_valid_credentials(world: World, listen: Listen) -> None:
    ann = world.person()
    world.end_session(ann)
    stream = listen(ann)
    assert stream.response.status_code == 401
    assert stream.response.headers["WWW-Authenticate"] == "Bearer"
    assert stream.response.json()["code"] == "bad_token"


def test_who_is_told_to_fetch_afresh_gets_no_chat_list_from_before(world: World, listen: Listen) -> None:
    ann, ben = world.person(), world.person()
    list_version = text("SELECT list_version FROM users WHERE id = :id")
    with world.engine.connect() as connection:
        before = connection.scalar(list_version, {"id": ann.id})
    listen(ann, cursor="nonsense").expect("reset")
    listen(ben).expect("ready")
    with world.engine.connect() as connection:
        assert connection.scalar(list_version, {"id": ann.id}) == before + 1
        assert connection.scalar(list_version, {"id": ben.id}) == before


def test_a_cursor_that_is_not_ours_is_answered_with_reset(world: World, listen: Listen) -> None:
    ann, eve = world.person(), world.person()
    mine, hers = world.workspace(ann), world.workspace(eve)
    theirs = listen(eve).last_id
    future = f"{listen(ann).last_id}zz"
    for cursor in ("nonsense", "1.1-1", theirs, future, "1." + "z" * 40, "é"):
        stream = listen(ann, cursor=cursor) if cursor.isascii() else listen(ann, cursor="%C3%A9")
        assert stream.events[0].data == {"user_id": ann.id, "cursor": None}
        assert stream.events[0].id is None
        reset = stream.expect("reset")
        assert reset.data["cursor"] == reset.id
    chat = world.chat(ann, mine, type="private_channel")
    world.post(ann, chat, "after the reset")
    assert listen(ann, cursor=reset.id).expect_message("after the reset")
    assert hers


def test_the_text_of_a_deleted_message_is_in_no_later_replay(world: World, listen: Listen) -> None:
    ann = world.person()
    workspace = world.workspace(ann)
    chat = world.chat(ann, workspace, type="private_channel")
    stream = listen(ann)
    cursor = stream.last_id
    message = world.post(ann, chat, "a secret").shape
    stream.expect_message("a secret")
    world.write(lambda session: delete_message(session, ann.id, message["id"]))
    stream.expect("message.deleted")
    replay = listen(ann, cursor=cursor)  # from the hub's ring
    replay.expect("message.deleted")
    assert "secret" not in str(replay.events)
    assert [e.type for e in replay.lasting()] == ["message.created", "message.deleted"]
