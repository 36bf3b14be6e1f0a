"""Typing and presence: many are written at once, and each person gets just those that are for it."""

from collections.abc import Callable

import pytest

from notify import fanout
from notify.channel import leave
from tests.notify.hall import Hall, Seat, hall, message, online, typing

CHAT, OTHER = 7, 8


def heard(seat: Seat) -> list[tuple[str | None, int]]:
    """The types of what passed, and whom it was about."""
    seat.read()
    assert [frame.id for frame in seat.client.frames if not frame.is_lasting] == [None] * len(seat.client.frames)
    return [(frame.type, frame.data["user_id"]) for frame in seat.client.frames]


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The descriptors that were written to."""
    written: list[int] = []
    real: Callable[[int, bytes], int] = fanout.write

    def note(descriptor: int, data: bytes) -> int:
        written.append(descriptor)
        return real(descriptor, data)

    monkeypatch.setattr(fanout, "write", note)
    return written


def people(here: Hall, number: int) -> list[Seat]:
    return [here.live(user, {1: {CHAT: 1}}) for user in range(1, number + 1)]


def test_all_who_come_at_once_are_told_of_in_one_write_to_each(writes: list[int]) -> None:
    with hall(1) as here:
        seats = people(here, 6)
        here.pass_on(1, *(online(1, user) for user in (1, 2, 3, 9)))
        assert sorted(writes) == sorted(seat.stream.descriptor for seat in seats)
        for user, seat in enumerate(seats, 1):
            assert heard(seat) == [("presence", other) for other in (1, 2, 3, 9) if other != user]


def test_typing_goes_to_the_chat_and_presence_to_the_workspace_in_their_order() -> None:
    with hall(1) as here:
        ann, bob, cat = (here.live(user, {1: {CHAT: 1} if user < 3 else {OTHER: 1}}) for user in (1, 2, 3))
        here.pass_on(1, typing(1, CHAT, 1), online(1, 3), typing(1, CHAT, 9, 2), typing(1, OTHER, 2), online(1, 9))
        assert heard(ann) == [("presence", 3), ("typing", 9), ("presence", 9)]
        assert heard(bob) == [("typing", 1), ("presence", 3), ("presence", 9)]
        assert heard(cat) == [("typing", 2), ("presence", 9)]


def test_what_passes_is_withheld_while_the_feed_is_not_as_far() -> None:
    with hall(1) as here:
        [seat] = people(here, 1)
        here.pass_on(1, online(1, 8, head=1), online(1, 9))
        here.deliver(1, message(1, OTHER))
        here.pass_on(1, online(1, 7, head=1))
        assert heard(seat) == [("presence", 9), ("presence", 7)]


def test_who_is_a_member_no_more_hears_nothing_of_the_others() -> None:
    with hall(1) as here:
        former, member = people(here, 2)
        here.channels[1].streams[former.stream].since = None
        here.pass_on(1, online(1, 8), online(1, 9))
        assert heard(former) == []
        assert heard(member) == [("presence", 8), ("presence", 9)]


def test_thousands_come_in_several_writes_that_a_reader_can_follow(writes: list[int]) -> None:
    with hall(1) as here:
        [seat] = people(here, 1)
        here.pass_on(1, *(online(1, user) for user in range(2, 1002)))
        assert len(writes) == 5
        assert heard(seat) == [("presence", user) for user in range(2, 1002)]


def test_who_becomes_live_hears_of_who_came_while_it_was_held() -> None:
    with hall(1) as here:
        [ann] = people(here, 1)
        here.pass_on(1, online(1, 7))
        joining = here.accept(2, here.client())
        here.pass_on(1, online(1, 8), online(1, 2), typing(1, CHAT, 1), online(1, 9))
        here.enter(joining, {1: {CHAT: 1}})
        here.pass_on(1, online(1, 6))
        assert heard(joining) == [("presence", 8), ("presence", 9), ("presence", 6)]
        assert ("presence", 7) in heard(ann)
        leave(here.channels, joining.stream)
        here.pass_on(1, online(1, 5))
        here.enter(joining, {1: {CHAT: 1}})
        assert heard(joining)[3:] == [("presence", 5)]


def test_who_becomes_live_as_a_former_member_hears_nothing_of_the_others() -> None:
    with hall(1) as here:
        former = here.accept(2, here.client())
        here.pass_on(1, online(1, 8))
        here.enter(former, {1: {}}, since=None)
        assert heard(former) == []


def test_who_becomes_live_is_told_of_the_last_of_a_crowd() -> None:
    with hall(1) as here:
        joining = here.accept(2, here.client())
        here.pass_on(1, *(online(1, user) for user in range(10, 1010)))
        here.enter(joining, {1: {}})
        assert heard(joining) == [("presence", user) for user in range(910, 1010)]
