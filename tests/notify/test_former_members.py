"""Who has left a workspace is told of that end once, and from then on nothing, whatever its cursor says."""

from sqlalchemy import Engine

from fechatter.cursor import Place, write_cursor
from fechatter.feed.pages import read_feeds
from tests.notify.floods import grow_old
from tests.notify.raw_stream import RawStream
from tests.notify.team import Team, told


def cursor_at(engine: Engine, workspace_id: int, behind: int) -> str:
    """So many events behind the end of that workspace's feed (or, below 0, ahead of it)."""
    feed = read_feeds(engine, [workspace_id])[workspace_id]
    return write_cursor({workspace_id: Place(feed.epoch, feed.head - behind)})


def names(stream: RawStream, workspace_id: int) -> bool:
    """Whether the last id that came still has a place in that workspace."""
    return any(workspace_id in frame.places for frame in stream.frames[-1:])


def test_a_cursor_from_before_the_end_is_told_of_it_and_then_names_the_workspace_no_more(
    team: Team, engine: Engine
) -> None:
    cursor = cursor_at(engine, team.workspace, 0)
    team.world.leave(team.workspace, team.bob)
    team.end_without(team.bob)
    for stream in team.replays(team.bob, cursor):
        told(stream, "workspace.member_removed")
        # Its own workspace follows behind that, maybe in the same reading.
        here = [frame.type for frame in stream.lasting() if frame.data["workspace_id"] == team.workspace]
        assert here[-1] == "workspace.member_removed"
        assert not names(stream, team.workspace)


def test_a_cursor_from_behind_the_end_is_not_told_how_the_feed_goes_on(team: Team, engine: Engine) -> None:
    team.world.leave(team.workspace, team.bob)
    team.end_without(team.bob)
    for behind in (0, 1, -1, -1000):
        stream = team.connect(team.bob, cursor=cursor_at(engine, team.workspace, behind))
        stream.until_type("ready")
        team.world.post(team.bob, team.den, "at home")
        team.relay()
        stream.until_content("at home")
        assert "reset" not in [frame.type for frame in stream.frames], "that would tell where the feed ends"
        assert not names(stream, team.workspace)


def test_it_is_not_shown_as_online_to_those_who_stay(team: Team, engine: Engine) -> None:
    """Not even while nobody has relayed its end yet."""
    former = team.world.person("Eve")
    team.world.enter(team.workspace, former)
    team.relay()
    cursor = cursor_at(engine, team.workspace, 0)
    seen = len(team.watching.frames)
    team.world.leave(team.workspace, former)
    stream = team.connect(former, cursor=cursor)
    stream.until_type("workspace.member_removed")
    team.watching.read_for(2)
    shown = [f.data for f in team.watching.frames[seen:] if f.type == "presence" and f.data["user_id"] == former.id]
    assert "online" not in [data["state"] for data in shown], shown


def test_an_end_that_is_no_longer_kept_is_answered_with_reset(team: Team, engine: Engine) -> None:
    cursor = cursor_at(engine, team.workspace, 1)
    team.world.leave(team.workspace, team.bob)
    team.end_without(team.bob)
    grow_old(engine, team.workspace)
    assert team.connect(team.bob, cursor=cursor).until_type("reset").data["cursor"]
