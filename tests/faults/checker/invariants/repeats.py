"""9: a `client_id` of one sender in one chat never makes two messages, and is always answered with the same one."""

from collections import defaultdict

from tests.faults.checker.history import History
from tests.faults.checker.messages import Sending
from tests.faults.checker.verdict import Tally


def repeats(history: History) -> Tally:
    """Counted are the messages that were sent more than once: by twins, or after an answer that did not come."""
    stored: dict[int, list[int]] = defaultdict(list)
    for row in history.final:
        if sending := history.messages.sending_of(row):
            stored[id(sending)].append(row.id)
    sendings = history.messages.sendings.values()
    tally = Tally("9 no client_id makes two messages")
    for sending in sendings:
        tally.checked += sending.sendings > 1
        _check(tally, sending, stored[id(sending)])
    return tally


def _check(tally: Tally, sending: Sending, rows: list[int]) -> None:
    first = sending.calls[0]
    named = (first.client_id, first.by, first.chat, sending.sendings)
    at = max(call.ended for call in sending.calls)
    if len(rows) > 1:
        text = "client_id {!r} of person {} in chat {}, sent {} times, is in history as messages {}"
        tally.broken(at, text, *named, rows)
    answers = {(call.message.id, call.message.seq, call.message.created_at) for call in sending.calls if call.message}
    if len(answers) > 1:
        text = "client_id {!r} of person {} in chat {}, sent {} times, was answered as {}"
        tally.broken(at, text, *named, sorted(answers))
