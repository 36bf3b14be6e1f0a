"""4b: in the end each chain that lives has all of the chats that its person is in, and knows which these are."""

from math import inf

from tests.faults.checker.chain import BYE, CREATED, END, Chain
from tests.faults.checker.history import History
from tests.faults.checker.invariants.chain_order import TURNS, Told
from tests.faults.checker.verdict import Tally

SESSION_IS_OVER = frozenset({"signed_out", "revoked", "expired"})
SETTLED = 5.0
"""Seconds before the drain by which a removal must have been answered for every chain to have heard of it."""


def chain_ends(history: History) -> Tally:
    tally = Tally("4b chains are complete at the end")
    acknowledged = _last_acknowledged(history)
    for chain in history.chains.values():
        if chain.opened is None or is_over(history, chain):
            continue
        told = _told_at_end(chain)
        for chat, members in history.final.members.items():
            if chain.user in members:
                tally.checked += 1
                _check_last(history, tally, chain, chat, told.last(chat), acknowledged.get(chat, 0))
            elif told.last(chat) is not None and chat not in told.gone:
                tally.checked += 1
                _check_gone(history, tally, chain, chat)
    return tally


def is_over(history: History, chain: Chain) -> bool:
    """Whether its session has ended, as far as its client knows: it then goes on as another chain."""
    if chain.session in history.sessions.left:
        return True
    return any(chain.noted(row) in SESSION_IS_OVER for row in chain.of(END, BYE))


def _last_acknowledged(history: History) -> dict[int, int]:
    """By chat, what was answered before the streams were closed."""
    closed = history.drained.ended if history.drained else inf
    last: dict[int, int] = {}
    for call in history.of("send"):
        if call.is_done and call.message and call.ended <= closed:
            last[call.chat] = max(call.message.seq, last.get(call.chat, 0))
    return last


def _told_at_end(chain: Chain) -> Told:
    told = Told(chain)
    for _, kind, _, _, chat, subject, seq, _, extra in chain.rows():
        if kind == CREATED:
            told.next[chat] = max(seq + 1, told.next.get(chat, 0))
        elif kind in TURNS:
            told.turn(extra, kind, chat, subject, seq)
    return told


def _check_last(history: History, tally: Tally, chain: Chain, chat: int, last: int | None, wanted: int) -> None:
    if last is None or last < wanted:
        shown = "nothing" if last is None else f"seq {last}"
        text = "chain {} (person {}, {}) ends with {} of chat {}, where seq {} was acknowledged; its last row is of {}"
        style, seen = chain.style, history.when(chain.last)
        tally.broken(history.end, text, chain.number, chain.user, style, shown, chat, wanted, seen)


def _check_gone(history: History, tally: Tally, chain: Chain, chat: int) -> None:
    before = (history.drained.began if history.drained else history.end) - SETTLED
    absence = history.memberships.absence((chain.user, chat), before, history.end)
    if absence and absence.removed:
        text = "chain {} was never told that person {} is not in chat {} any more, removed by {}"
        tally.broken(history.end, text, chain.number, chain.user, chat, history.when(absence.begin))
