"""Who gets which events: members, guests, the reader alone; and what of a message that is deleted."""

from fechatter.actions.chat_members import join_chat
from fechatter.actions.chats import change_chat, delete_chat
from fechatter.actions.messages import delete_message, edit_message
from fechatter.actions.reading import mark_read
from fechatter.actions.typing import typing
from fechatter.actions.workspace_members import change_workspace_role
from fechatter.feed.passing import Passing
from fechatter.feed.publish import publish_passing
from fechatter.redis_link import RedisLink
from launcher.redis import Redis
from tests.notify.raw_stream import Frame, RawStream
from tests.notify.team import Connect, Team, told


def test_the_text_of_a_deleted_message_is_in_no_replay(team: Team, connect: Connect) -> None:
    live = connect(team.bob, cursor=team.cursor)
    live.until_type("ready")
    posted = team.world.post(team.ann, team.chat, "secret text").shape
    team.relay()
    live.until_content("secret text")
    team.world.write(lambda s: edit_message(s, team.ann.id, posted["id"], "secret edit"))
    team.world.write(lambda s: delete_message(s, team.ann.id, posted["id"]))
    team.end()
    assert told(live)[-1] == "message.deleted"
    for stream in team.replays(team.bob, team.cursor) + team.replays(team.bob, live.lasting()[0].id):
        assert told(stream)[-1] == "message.deleted"
        assert "secret" not in str(stream.frames)


def test_guests_hear_only_of_the_public_channels_that_they_are_in(team: Team, connect: Connect) -> None:
    guest = team.world.person("Guest")
    team.world.enter(team.workspace, guest, "guest")
    inside = team.world.chat(team.ann, team.workspace, guest, type="public_channel")
    outside = team.world.chat(team.ann, team.workspace, type="public_channel")
    team.world.add(team.ann, team.room, guest)
    team.relay()
    cursor = team.start_of(guest)
    live = connect(guest)
    live.until_type("ready")
    for chat in (inside, outside):
        team.world.write(lambda s, chat=chat: change_chat(s, team.ann.id, chat, {"topic": "news"}))
        team.world.write(lambda s, chat=chat: delete_chat(s, team.ann.id, chat))
    team.end()
    for stream in (live, *team.replays(guest, cursor)):
        stream.until_content("end")
        about = [frame.data["chat_id"] for frame in stream.lasting() if frame.type != "message.created"]
        assert set(about) == {inside}


def test_one_who_is_no_guest_any_more_hears_of_public_channels(team: Team, connect: Connect) -> None:
    guest = team.world.person("Guest")
    team.world.enter(team.workspace, guest, "guest")
    team.world.add(team.ann, team.room, guest)
    team.relay()
    cursor = team.start_of(guest)
    live = connect(guest)
    live.until_type("ready")
    first = team.world.chat(team.ann, team.workspace, type="public_channel")
    team.world.write(lambda s: change_workspace_role(s, team.ann.id, team.workspace, guest.id, "member"))
    second = team.world.chat(team.ann, team.workspace, type="public_channel")
    team.end()
    for stream in (live, *team.replays(guest, cursor)):
        assert told(stream) == ["workspace.member_updated", "chat.created"]
        assert [f.data["chat_id"] for f in stream.lasting() if f.type == "chat.created"] == [second] != [first]


def test_what_one_has_read_is_told_to_its_own_streams_alone(team: Team, connect: Connect) -> None:
    team.world.post(team.ann, team.chat, "news")
    team.relay()
    streams = {person: [connect(person), connect(person)] for person in (team.ann, team.bob)}
    for stream in [*streams[team.ann], *streams[team.bob]]:
        stream.until_type("ready")
    team.world.write(lambda s: mark_read(s, team.bob.id, team.chat, 1))
    team.end()
    assert [told(stream) for stream in streams[team.bob]] == [["read.updated"]] * 2
    assert [told(stream) for stream in streams[team.ann]] == [[]] * 2


def test_one_who_joins_a_public_channel_gets_it_from_then_on(team: Team, connect: Connect) -> None:
    public = team.world.chat(team.ann, team.workspace, type="public_channel")
    team.relay()
    live = connect(team.bob)
    live.until_type("ready")
    team.world.post(team.ann, public, "before")
    team.world.write(lambda s: join_chat(s, team.bob.id, public))
    team.world.post(team.ann, public, "after")
    team.end()
    assert told(live) == ["chat.created", "member.added", "after"]


def pass_on(link: RedisLink, event: Passing, *streams: RawStream) -> list[Frame]:
    """What these streams get of it. Published until each has it: what passes is not kept for a stream that is not
    live yet, nor for any while its process must ask first who has signed out."""

    def again(stream: RawStream) -> Frame | None:
        if heard := next((frame for frame in stream.frames if frame.type == event.type), None):
            return heard
        publish_passing(link, event)
        return None

    return [stream.until(again) for stream in streams]


def test_whose_removal_was_answered_does_not_see_the_others_typing(
    team: Team, connect: Connect, own_redis: Redis
) -> None:
    """Nobody has relayed it yet, so the hub still takes him for a member."""
    team.world.enter(team.workspace, cat := team.world.person("Cat"))
    team.world.add(team.ann, team.chat, cat)
    team.relay()
    removed, member = connect(team.bob), connect(cat)
    link = RedisLink(own_redis.url, timeout=30)
    with team.world.engine.connect() as connection:
        pass_on(link, typing(connection, team.ann.id, team.chat)._replace(type="level"), removed, member)
        team.world.remove(team.ann, team.chat, team.bob)
        [heard] = pass_on(link, typing(connection, team.ann.id, team.chat), member)
    assert heard.data["user_id"] == team.ann.id
    team.end()
    assert "member.removed" in told(removed, "member.removed")
    assert "typing" not in [frame.type for frame in removed.frames]


def test_typing_that_a_hub_is_not_ready_for_is_dropped(team: Team, connect: Connect, own_redis: Redis) -> None:
    """The removal is in a feed that the hub has not read as far."""
    stream, link = connect(team.bob), RedisLink(own_redis.url, timeout=30)
    with team.world.engine.connect() as connection:
        now = typing(connection, team.ann.id, team.chat)
    pass_on(link, now._replace(type="live"), stream)
    publish_passing(link, now._replace(head=now.head + 1000))
    pass_on(link, now._replace(type="level"), stream)
    assert "typing" not in [frame.type for frame in stream.frames]
