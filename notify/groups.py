"""Streams that get the same bytes, found before anything is written, so that these are joined once for all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from notify.stream import Stream

Which = int
"""Events of a run: bit n stands for the one of index n."""

Audience = tuple[Iterable[Stream], Which]
"""Streams, and what all of them get."""

Groups = Mapping[tuple[tuple[int, ...], Which], Sequence[Stream]]
"""By the workspaces of the streams, which stand in the ids, and by the events that they get."""


def merged(audiences: Iterable[Audience]) -> dict[Stream, Which]:
    """What each stream gets of all."""
    got: dict[Stream, Which] = {}
    for streams, which in audiences:
        for stream in streams:
            got[stream] = got.get(stream, 0) | which
    return got


def grouped(audiences: Iterable[Audience]) -> Groups:
    groups: defaultdict[tuple[tuple[int, ...], Which], list[Stream]] = defaultdict(list)
    for stream, which in merged(audiences).items():
        groups[stream.workspaces, which].append(stream)
    return groups


def are_apart(some: Sequence[Collection[Stream]]) -> bool:
    """Whether no stream is in two of these."""
    return len(some) == 1 or sum(map(len, some)) == len(set[Stream]().union(*some))


@lru_cache(maxsize=256)
def bits(which: Which) -> tuple[int, ...]:
    """The indexes of the events, ascending."""
    return tuple(index for index in range(which.bit_length()) if which >> index & 1)
