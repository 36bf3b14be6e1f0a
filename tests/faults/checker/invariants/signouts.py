"""7b: nothing that is sent more than 2 s after a sign-out was answered reaches that session, and it opens no stream."""

from math import inf

from tests.faults.checker.chain import CREATED, DELETED, HEAD, KINDS, OPEN, Chain
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally

WITHIN = 2.0
LONG = 60.0
"""Seconds of a run in which somebody should have signed out."""


def signouts(history: History) -> Tally:
    """Counted are the chains whose session was signed out while they lived."""
    ended = history.sessions.ended
    chains = [chain for chain in history.chains.values() if chain.session in ended and len(chain)]
    expected = bool(ended) or history.end - history.start > LONG
    tally = Tally("7b nothing more than 2 s after a sign-out", expected)
    for chain in chains:
        tally.checked += 1
        _check(history, tally, chain, ended[chain.session or 0])
    return tally


def _check(history: History, tally: Tally, chain: Chain, ended: float) -> None:
    opened = inf
    signed_out = history.when(ended)
    for time, kind, _, _, chat, subject, seq, content, _ in chain.rows():
        if kind == OPEN:
            opened = time
        elif kind == HEAD and seq == 200 and opened > ended:
            text = "chain {} opened a stream {}, though session {} was signed out {}"
            tally.broken(time, text, chain.number, history.when(opened), chain.session, signed_out)
        elif CREATED <= kind <= DELETED:
            window = history.messages.window(kind, subject, content)
            if window and window.began > ended + WITHIN:
                text = "chain {} got {} of {} in chat {}, begun {}, though session {} was signed out {}"
                began = history.when(window.began)
                tally.broken(time, text, chain.number, KINDS[kind], subject, chat, began, chain.session, signed_out)
