"""What a live stream that is told nothing keeps in memory, what an event does, and that it is all that is needed."""

import gc
import random
import tracemalloc

import pytest
from flask import Flask

from fechatter.config import read_config
from fechatter.cursor import Place
from fechatter.feed.memberships import Membership, PackedIds
from fechatter.feed.placed import Batch, read_batch, write_batch
from fechatter.tokens import Claims
from frame.bearer import init_bearer, verified_claims
from notify.channel import RING, Channel, enter
from notify.stream import Stream
from notify.wire import Poller
from tests.notify.hall import entered_chat, left_chat, left_workspace, message
from tests.world import access_token

STREAMS = 5000
MOST = 850
"""Bytes of a stream of a person with no other, in one workspace and two chats."""


def test_a_live_stream_takes_less_than_a_kilobyte() -> None:
    poller, channel = Poller(lambda wire: None), Channel(1, Place(1, 0))
    users: dict[int, tuple[Stream, ...]] = {}
    present: dict[int, tuple[int, ...]] = {}
    gc.collect()
    tracemalloc.start()
    for number in range(1000, 1000 + STREAMS):
        stream = Stream(poller, number, number + 100_000)
        stream.descriptor = stream.direct = number + 200_000
        poller.wires[stream.descriptor] = stream
        stream.expires_at = number + 0.5
        chats = {300_000: 400_000 + number, 310_000 + number // 10: 500_000 + number}
        stream.memberships = {1: Membership(number, 600_000 + number, 600_000 + number, chats=chats)}
        stream.places = {1: channel.place}
        users[number] = (stream,)
        enter({1: channel}, stream)
        present[number] = stream.workspaces
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / STREAMS < MOST


def test_an_event_that_is_kept_for_those_who_come_takes_less_than_a_kilobyte() -> None:
    """As Redis brings it, its JSON as long as that of a message of a line."""
    heard = [write_batch(Batch(1, 1, [message(n, 300_000 + n % 50, text="x" * 330)])) for n in range(1000, 1000 + RING)]
    channel = Channel(1, Place(1, 999))
    gc.collect()
    tracemalloc.start()
    for data in heard:
        channel.advance(read_batch(data).events)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(channel.ring) == RING
    assert taken / RING < 1000


def test_packed_ids_are_a_dict_of_ids() -> None:
    chance = random.Random(1)
    ids: dict[int, int] = {}
    packed = PackedIds(ids)
    for _ in range(2000):
        key, value = chance.randrange(40), chance.randrange(2**62)
        if chance.random() < 0.5:
            ids[key] = packed[key] = value
        else:
            assert ids.pop(key, None) == packed.pop(key, None)
        assert dict(packed) == ids == dict(PackedIds(ids))
        assert list(packed) == sorted(ids)
        assert (key in packed, packed.get(key), len(packed)) == (key in ids, ids.get(key), len(ids))
    packed.clear()
    assert not packed


def test_a_packed_membership_decides_as_before() -> None:
    events = [
        *(message(1, 7), message(2, 8), left_chat(3, 7, 1), message(4, 7), entered_chat(5, 7, 1), message(6, 7)),
        *(entered_chat(7, 9, 1), message(8, 9), left_workspace(9, 1), message(10, 8)),
    ]
    for chats, left in (({7: 1, 8: 25}, {}), ({}, {7: 55}), ({7: 55, 9: 75}, {8: 5})):
        plain, packed = (Membership(1, 1, 1, chats=dict(chats), left=dict(left)) for _ in range(2))
        packed.packed()
        for event in events:
            assert packed.receives(event) == plain.receives(event)
            assert (dict(packed.chats), dict(packed.left)) == (dict(plain.chats), dict(plain.left))
            assert packed.public_since == plain.public_since


@pytest.mark.parametrize("remember", [True, False])
def test_a_token_is_good_whether_or_not_it_is_remembered(remember: bool) -> None:
    app, token = Flask("test"), access_token(1, 2)
    init_bearer(app, read_config("notify"), remember)
    for _ in range(2):
        with app.test_request_context(headers={"Authorization": f"Bearer {token}"}):
            assert verified_claims() == Claims(1, 2)
    assert (app.extensions["verified_tokens"] is not None) is remember
