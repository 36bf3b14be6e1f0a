"""What the fan-out writes to whom, and in which order, when many get the same and some do not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from fechatter.cursor import Place
from notify import fanout
from notify.channel import CROWD, leave
from tests.notify.hall import Seat, entered_chat, hall, left_chat, left_workspace, message

CHAT, OTHER, THIRD, AWAY = 7, 8, 9, 70

SIZES = pytest.mark.parametrize("many", [2, CROWD + 4])


@contextmanager
def taken_below(descriptor: int) -> Iterator[None]:
    """The system gives away the lowest that is free."""
    taken = []
    while (lowest := os.dup(0)) < descriptor:
        taken.append(lowest)
    os.close(lowest)
    yield
    for one in taken:
        os.close(one)


def places(seat: Seat) -> list[dict[int, int]]:
    """By workspace the position that each event's id names."""
    seat.read()
    return [{w: place.position for w, place in frame.places.items()} for frame in seat.client.lasting()]


@SIZES
def test_streams_of_other_workspaces_get_the_same_events_with_ids_of_their_own(many: int) -> None:
    with hall(1, 2, 3) as here:
        alone = [here.live(user, {1: {CHAT: 1}}) for user in range(1, many)]
        both = [here.live(user, {1: {}, 2: {CHAT: 1}, 3: {}}) for user in range(100, 100 + many)]
        both += [here.live(user, {1: {CHAT: 1}, 2: {}}) for user in range(200, 200 + many)]
        here.deliver(2, message(1, AWAY))
        here.deliver(1, message(1, CHAT), message(2, CHAT))
        here.deliver(2, message(2, CHAT))
        here.deliver(1, message(3, CHAT))
        for seat in alone:
            assert seat.contents() == ["1", "2", "3"]
            assert places(seat) == [{1: 1}, {1: 2}, {1: 3}]
        for seat in both[:many]:
            assert seat.contents() == ["2"]
            assert places(seat) == [{1: 2, 2: 2, 3: 0}]
        for seat in both[many:]:
            assert seat.contents() == ["1", "2", "3"]
            assert places(seat) == [{1: 1, 2: 1}, {1: 2, 2: 1}, {1: 3, 2: 2}]


@SIZES
def test_a_run_over_several_chats_gives_each_stream_its_own_in_order(many: int) -> None:
    with hall(1) as here:
        memberships = ({CHAT: 1}, {OTHER: 1}, {CHAT: 1, OTHER: 1}, {THIRD: 1}, {})
        seats = {
            number: [here.live(10 * user + number, {1: chats}) for user in range(1, many)]
            for number, chats in enumerate(memberships)
        }
        here.deliver(1, *(message(n, CHAT if n % 3 else OTHER) for n in range(1, 8)))
        wanted = (["1", "2", "4", "5", "7"], ["3", "6"], ["1", "2", "3", "4", "5", "6", "7"], [], [])
        for number, contents in enumerate(wanted):
            for seat in seats[number]:
                assert seat.contents() == contents
                assert [ids[1] for ids in places(seat)] == [int(content) for content in contents]


@SIZES
def test_who_comes_and_goes_between_runs_is_in_the_next_one_or_not(many: int) -> None:
    with hall(1, 2) as here:
        seats = [here.live(user, {1: {CHAT: 1}, 2: {}}) for user in range(1, many)]
        here.deliver(1, message(1, CHAT))
        late = here.live(500, {1: {CHAT: 1}, 2: {}})
        here.deliver(1, message(2, CHAT))
        leave(here.channels, seats[0].stream)
        here.deliver(1, message(3, CHAT), left_chat(4, CHAT, 500), message(5, CHAT))
        here.deliver(1, entered_chat(6, CHAT, 500), message(7, CHAT))
        assert seats[0].contents() == ["1", "2"]
        assert seats[0].stream.places == {1: Place(1, 2), 2: Place(1, 0)}
        assert late.contents() == ["2", "3", "7"]
        for seat in seats[1:]:
            assert seat.contents() == ["1", "2", "3", "5", "7"]


@SIZES
def test_who_leaves_a_workspace_is_no_longer_told_how_its_feed_goes_on(many: int) -> None:
    with hall(1, 2) as here:
        seats = [here.live(user, {1: {CHAT: 1}, 2: {AWAY: 1}}) for user in range(1, many + 1)]
        here.deliver(1, message(1, CHAT))
        here.deliver(2, message(1, AWAY), left_workspace(2, 1), message(3, AWAY))
        here.deliver(1, message(2, CHAT))
        gone, *others = seats
        assert places(gone) == [{1: 1, 2: 0}, {1: 1, 2: 1}, {1: 1}, {1: 2}]
        assert gone.stream.workspaces == (1,)
        for seat in others:
            assert places(seat) == [{1: 1, 2: 0}, {1: 1, 2: 1}, {1: 1, 2: 2}, {1: 1, 2: 3}, {1: 2, 2: 3}]


@SIZES
@pytest.mark.parametrize("chats", [(CHAT,), (CHAT, OTHER)])
def test_one_added_within_a_run_gets_what_is_behind_the_addition(many: int, chats: tuple[int, ...]) -> None:
    """Its stream has read that ahead of the hub."""
    with hall(1) as here:
        seats = [here.live(user, {1: {CHAT: 1, OTHER: 1}}) for user in range(1, many)]
        here.deliver(1, message(1, CHAT))
        ahead = here.live(500, {1: {CHAT: 45, OTHER: 1}})
        here.deliver(1, *(message(n, chats[n % len(chats)]) for n in range(2, 8)))
        here.deliver(1, message(8, CHAT))
        for seat in seats:
            assert seat.contents() == [str(n) for n in range(1, 9)]
        in_chat = [n for n in range(2, 8) if chats[n % len(chats)] == CHAT]
        assert ahead.contents() == [str(n) for n in range(2, 9) if n > 4 or n not in in_chat]


def test_an_addition_elsewhere_takes_nothing_from_anybody() -> None:
    with hall(1) as here:
        seat = here.live(1, {1: {CHAT: 1}})
        here.live(2, {1: {OTHER: 45}})
        here.deliver(1, message(1, CHAT), message(2, OTHER), message(3, CHAT))
        here.deliver(1, message(4, CHAT))
        assert seat.contents() == ["1", "3", "4"]


def test_others_run_between_so_many_sends_however_they_are_grouped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "SENDS_BEFORE_BREATH", 4)
    with hall(1, 2) as here:
        here.fanout.sends_left = 4
        for user in range(1, 8):
            here.live(user, {1: {CHAT: 1}, 2: {}} if user % 2 else {1: {CHAT: 1}})
        for position in range(1, 5):
            here.deliver(1, message(position, CHAT))
        assert here.breaths == 7
        assert here.fanout.delivered == 28


def test_a_stream_that_closes_in_the_middle_of_a_run_is_written_to_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is the next client, to which the system gives its descriptor."""
    monkeypatch.setattr(fanout, "SENDS_BEFORE_BREATH", 2)
    with hall(1) as here:
        here.fanout.sends_left = 2
        seats = [here.live(user, {1: {CHAT: 1}}) for user in range(1, 6)]
        leaving, came = seats[3], list[Seat]()

        def breathe() -> None:
            if not came:
                client, freed = here.client(), leaving.stream.descriptor
                leaving.stream.close("gone")
                with taken_below(freed):
                    came.append(here.accept(99, client))
                assert came[0].stream.descriptor == freed

        monkeypatch.setattr(here, "breathe", breathe)
        here.deliver(1, message(1, CHAT))
        assert [seat.contents() for seat in seats] == [["1"], ["1"], ["1"], [], ["1"]]
        assert came[0].contents() == []
        assert leaving.client.ended


def test_a_reader_that_falls_behind_in_a_run_gets_all_of_it_later_and_in_order() -> None:
    with hall(1) as here:
        slow, quick = here.live(1, {1: {CHAT: 1}}, receive_buffer=4096), here.live(2, {1: {CHAT: 1}})
        position = 0
        while not slow.stream.buffered:
            position += 1
            # Long enough for the system to take a part of one.
            here.deliver(1, message(position, CHAT, text=f"{position}".ljust(200_000)))
            while quick.stream.buffered:
                quick.read()
                here.poller.ready()
        behind = slow.stream.buffered
        # There is room again, of which nobody has been told yet.
        slow.read()
        here.deliver(1, message(position + 1, CHAT), message(position + 2, CHAT))
        assert slow.stream.buffered > behind
        wanted = [str(n) for n in range(1, position + 3)]
        while slow.stream.buffered:
            slow.read()
            here.poller.ready()
        here.deliver(1, message(position + 3, CHAT))
        wanted.append(str(position + 3))
        for seat in (slow, quick):
            until = monotonic() + 60
            while len(seat.contents()) < len(wanted) and monotonic() < until:
                sleep(0.001)  # the kernel has much on its way through a small window
            assert [content.strip() for content in seat.contents()] == wanted


def test_a_reader_that_is_too_far_behind_is_cut_and_the_others_are_not() -> None:
    with hall(1) as here:
        slow, quick = here.live(1, {1: {CHAT: 1}}, receive_buffer=4096), here.live(2, {1: {CHAT: 1}})
        for position in range(1, 200):
            here.deliver(1, message(position, CHAT, text=str(position).ljust(50_000)))
            quick.read()
        assert slow.stream.ended == "slow"
        assert len(quick.contents()) == 199
        got = [content.strip() for content in slow.contents()]
        assert slow.client.ended
        assert got == [str(n) for n in range(1, len(got) + 1)]


def test_last_words_come_behind_all_that_was_sent_before() -> None:
    with hall(1) as here:
        slow = here.live(1, {1: {CHAT: 1}}, receive_buffer=4096)
        position = 0
        while not slow.stream.buffered:
            position += 1
            here.deliver(1, message(position, CHAT, text=str(position).ljust(50_000)))
        slow.stream.bye("restart")
        here.deliver(1, message(position + 1, CHAT))
        while not slow.stream.ended:
            slow.read()
            here.poller.ready()
        assert len(slow.contents()) == position
        assert slow.client.frames[-1].data == {"reason": "restart"}
        assert slow.client.ended
