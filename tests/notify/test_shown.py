"""What memberships that began, ended and began again let a stream see, live and replayed."""

import pytest

from fechatter.actions.chats import delete_chat
from fechatter.actions.workspace_members import remove_from_workspace
from fechatter.actions.workspaces import delete_workspace, rename_workspace
from tests.notify.floods import flood
from tests.notify.team import Connect, Team, told


def test_one_removed_and_added_again_sees_nothing_of_the_time_between(team: Team, connect: Connect) -> None:
    live = connect(team.bob, cursor=team.cursor)
    live.until_type("ready")
    team.world.post(team.ann, team.chat, "first")
    team.relay()
    live.until_content("first")
    team.be_removed_and_come_back()
    team.end()
    seen = told(live)
    assert [what for what in seen if what != "before"] == [
        "first",
        "member.removed",
        "chat.created",
        "member.added",
        "again",
    ]


def test_a_replay_shows_the_present_membership_and_the_ends_of_former_ones(team: Team, connect: Connect) -> None:
    team.be_removed_and_come_back()
    team.be_removed_and_come_back()
    team.end()
    for stream in team.replays(team.bob, team.cursor):
        assert told(stream) == ["member.removed", "member.removed", "chat.created", "member.added", "again"]


def test_a_replay_shows_nothing_of_a_membership_that_began_and_ended_while_away(team: Team) -> None:
    other = team.world.chat(team.ann, team.workspace, type="private_channel")
    team.world.add(team.ann, other, team.bob)
    team.world.post(team.ann, other, "over")
    team.world.remove(team.ann, other, team.bob)
    team.end()
    for stream in team.replays(team.bob, team.cursor):
        assert told(stream) == ["member.removed"]


def test_a_replay_shows_a_chat_from_the_event_on_that_let_one_in(team: Team) -> None:
    """More than fits one page: the chat is not among those that are asked for first."""
    other = team.world.chat(team.ann, team.workspace, type="private_channel")
    flood(team.world.engine, team.workspace, team.chat, last=600)
    team.world.post(team.ann, other, "before")
    team.world.add(team.ann, other, team.bob)
    team.world.post(team.ann, other, "inside")
    team.end()
    for stream in team.replays(team.bob, team.cursor):
        assert told(stream)[600:] == ["chat.created", "member.added", "inside"]


def test_a_replay_shows_of_a_workspace_left_and_entered_again_only_the_ends_and_the_present(
    team: Team, connect: Connect
) -> None:
    team.world.post(team.ann, team.room, "before")
    team.world.leave(team.workspace, team.bob)
    team.world.write(lambda s: rename_workspace(s, team.ann.id, team.workspace, "Between"))
    team.world.enter(team.workspace, team.bob)
    team.world.write(lambda s: rename_workspace(s, team.ann.id, team.workspace, "After"))
    team.world.add(team.ann, team.room, team.bob)
    team.end()
    for stream in team.replays(team.bob, team.cursor):
        assert told(stream) == [
            "member.removed",
            "member.removed",
            "workspace.member_removed",
            "workspace.member_added",
            "workspace.updated",
            "chat.created",
            "member.added",
        ]


@pytest.mark.parametrize("live", [True, False])
def test_the_end_of_a_chat_reaches_all_in_it_and_nothing_of_it_after(team: Team, connect: Connect, live: bool) -> None:
    open_stream = connect(team.bob, cursor=team.cursor)
    open_stream.until_type("ready")
    if live:
        team.world.post(team.ann, team.chat, "before")
        team.relay()
        open_stream.until_content("before")
    else:
        team.world.post(team.ann, team.chat, "not shown of a chat that is gone")
    team.world.write(lambda s: delete_chat(s, team.ann.id, team.chat))
    team.end()
    for stream in [open_stream] if live else team.replays(team.bob, team.cursor):
        assert told(stream) == (["before"] if live else []) + ["chat.deleted"]


@pytest.mark.parametrize("live", [True, False])
def test_the_end_of_a_workspace_reaches_all_in_it_and_takes_it_out_of_the_cursor(
    team: Team, connect: Connect, live: bool
) -> None:
    cat = team.world.person()
    other = team.world.workspace(team.ann, team.bob)
    team.relay()
    cursor = team.start_of(team.bob)
    open_stream = connect(team.bob, cursor=cursor)
    open_stream.until_type("ready")
    team.world.enter(other, cat)
    team.world.leave(other, cat)
    team.world.write(lambda s: delete_workspace(s, team.ann.id, other))
    team.world.relay(other, team.publish)
    streams = [open_stream] if live else team.replays(team.bob, cursor)
    for stream in streams:
        end = stream.until_type("workspace.deleted")
        assert end.data["workspace_id"] == other
        assert end.places.keys() == {team.workspace, team.home}
    team.end()
    for stream in streams:
        told(stream)
        assert stream.lasting()[-1].places.keys() == {team.workspace, team.home}


def test_who_had_left_before_hears_of_no_end(team: Team, connect: Connect) -> None:
    team.world.remove(team.ann, team.chat, team.bob)
    team.relay()
    cursor = team.start_of(team.bob)
    team.world.write(lambda s: delete_chat(s, team.ann.id, team.chat))
    team.end()
    for stream in team.replays(team.bob, cursor):
        assert told(stream) == []


@pytest.mark.parametrize("live", [True, False])
def test_one_removed_from_a_workspace_gets_its_ends_and_then_nothing_of_it(
    team: Team, connect: Connect, live: bool
) -> None:
    open_stream = connect(team.bob, cursor=team.cursor)
    open_stream.until_type("ready")
    team.world.write(lambda s: remove_from_workspace(s, team.ann.id, team.workspace, team.bob.id))
    team.world.post(team.ann, team.room, "gone")
    team.world.write(lambda s: rename_workspace(s, team.ann.id, team.workspace, "Without bob"))
    team.end()
    streams = [open_stream] if live else team.replays(team.bob, team.cursor)
    for stream in streams:
        stream.until_content("end at home")
        assert told(stream, "workspace.member_removed") == [
            "member.removed",
            "member.removed",
            "workspace.member_removed",
        ]
    end = streams[-1].until_type("workspace.member_removed")
    assert end.places.keys() == {team.home}
    later = team.replays(team.bob, end.id)
    for stream in later:
        stream.until_type("ready")
    team.world.post(team.bob, team.den, "later")
    team.relay()
    for stream in later:
        assert told(stream, "later") == ["later"]
        assert stream.lasting()[-1].places.keys() == {team.home}
