"""10: no 5xx but 503, nothing that the workload did not expect, and no stream refused or ended without a reason."""

from tests.faults.checker.chain import BYE, HEAD, NONE, Chain
from tests.faults.checker.history import History
from tests.faults.checker.verdict import Tally

HEADS = frozenset({NONE, 200, 429, 503})


def statuses(history: History) -> Tally:
    """Counted are the tries of all calls, and the heads of streams."""
    tally = Tally("10 no 5xx but 503, nothing unexpected")
    for call in history.calls:
        for one in call.tries:
            tally.checked += 1
            if one.status is not None and one.status >= 500 and one.status != 503:
                tally.broken(one.ended, "{} {} of person {} was answered {}", one.web, call.op, call.by, one.status)
        if found := call.more.get("unexpected"):
            tally.broken(call.ended, "{} of person {} in chat {} met with {}", call.op, call.by, call.chat, found)
    for chain in history.chains.values():
        _check(history, tally, chain)
    return tally


def _check(history: History, tally: Tally, chain: Chain) -> None:
    for row in chain.of(HEAD, BYE):
        if row.kind == BYE:
            reason = chain.noted(row)
            if reason != "restart" and not history.sessions.may_have_ended(chain.session, row.time):
                text = "chain {}: bye {}, though nobody ended session {}"
                tally.broken(row.time, text, chain.number, reason, chain.session)
            continue
        tally.checked += 1
        refused = row.seq == 401 and not history.sessions.may_be_refused(chain.session, row.time)
        if row.seq not in HEADS and (row.seq != 401 or refused):
            text = "chain {} (person {}, session {}) was answered {} on connection {}"
            tally.broken(row.time, text, chain.number, chain.user, chain.session, row.seq, row.n)
