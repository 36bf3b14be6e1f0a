"""History comes in pages that ascend, whole, to members only."""

from itertools import product

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.messages import delete_message, edit_message
from fechatter.errors import Forbidden, NotFound, SessionEnded
from fechatter.queries.messages import LARGEST_PAGE, Bounds, history, message_of
from fechatter.shapes import Shape
from tests.factories import a_chat, a_message, a_session, a_user, a_workspace, join_workspace, leave_chat


def page(session: Session, chat: models.Chat, user: models.User, limit: int = 3, **bounds: int) -> Shape:
    """As a client reads it."""
    asking = a_session(session, user)
    answer = history(session.connection(), asking.id, user.id, chat.id, Bounds(**bounds), limit)
    return orjson.loads(orjson.dumps(answer))


def seqs(answer: Shape) -> list[int]:
    return [item["seq"] for item in answer["items"]]


@pytest.mark.parametrize(
    ("bounds", "expected", "before", "after"),
    [
        ({}, [8, 9, 10], True, False),
        ({"before": 8}, [5, 6, 7], True, True),
        ({"before": 4}, [1, 2, 3], False, True),
        ({"before": 3}, [1, 2], False, True),
        ({"before": 1}, [], False, True),
        ({"before": 0}, [], False, True),
        ({"before": 11}, [8, 9, 10], True, False),
        ({"before": 2**63 - 1}, [8, 9, 10], True, False),
        ({"after": 0}, [1, 2, 3], False, True),
        ({"after": 3}, [4, 5, 6], True, True),
        ({"after": 7}, [8, 9, 10], True, False),
        ({"after": 9}, [10], True, False),
        ({"after": 10}, [], True, False),
        ({"after": 2**63 - 1}, [], True, False),
        ({"around": 5}, [4, 5, 6], True, True),
        ({"around": 1}, [1, 2, 3], False, True),
        ({"around": 0}, [1, 2, 3], False, True),
        ({"around": 10}, [8, 9, 10], True, False),
        ({"around": 2**63 - 1}, [8, 9, 10], True, False),
    ],
)
def test_pages_of_ten_messages(
    session: Session,
    chat: models.Chat,
    ann: models.User,
    bounds: dict[str, int],
    expected: list[int],
    before: bool,
    after: bool,
) -> None:
    for _ in range(10):
        a_message(session, chat, ann)
    answer = page(session, chat, ann, **bounds)
    assert (seqs(answer), answer["has_more_before"], answer["has_more_after"]) == (expected, before, after)


@pytest.mark.parametrize("bounds", [{}, {"before": 5}, {"after": 0}, {"after": 7}, {"around": 3}])
def test_an_empty_chat_has_an_empty_page(
    session: Session, chat: models.Chat, ann: models.User, bounds: dict[str, int]
) -> None:
    assert page(session, chat, ann, **bounds) == {"items": [], "has_more_before": False, "has_more_after": False}


@pytest.mark.parametrize("last_seq", [1, 6, 7, 60])
def test_a_page_around_a_message_holds_it_and_is_as_full_as_can_be(
    session: Session, chat: models.Chat, ann: models.User, last_seq: int
) -> None:
    for _ in range(last_seq):
        a_message(session, chat, ann)
    for limit, around in product([1, 2, 7, 50], [1, 3, 31, 60]):
        found = seqs(page(session, chat, ann, limit, around=around))
        assert min(around, last_seq) in found
        assert len(found) == min(limit, last_seq)


@pytest.mark.parametrize("limit", [1, 3, 4, 100])
def test_walking_either_way_meets_every_message_once(
    session: Session, chat: models.Chat, ann: models.User, limit: int
) -> None:
    for _ in range(11):
        a_message(session, chat, ann)
    assert walked_back(session, chat, ann, limit) == walked_on(session, chat, ann, limit) == list(range(1, 12))


def walked_back(session: Session, chat: models.Chat, ann: models.User, limit: int) -> list[int]:
    answer = page(session, chat, ann, limit)
    back = seqs(answer)
    while answer["has_more_before"]:
        answer = page(session, chat, ann, limit, before=back[0])
        back = seqs(answer) + back
    return back


def walked_on(session: Session, chat: models.Chat, ann: models.User, limit: int) -> list[int]:
    on, answer = list[int](), {"has_more_after": True}
    while answer["has_more_after"]:
        answer = page(session, chat, ann, limit, after=on[-1] if on else 0)
        on += seqs(answer)
    return on


# As JSON: 60 KB, so that 2 MiB are 34 of them, 10 KB and 40 KB.
CONTROL, PLAIN, EMOJI = "\x01" * 10_000, "x" * 10_000, "🙂" * 10_000


def test_a_hundred_of_the_longest_messages_in_plain_letters_are_one_page(
    session: Session, chat: models.Chat, ann: models.User
) -> None:
    for _ in range(101):
        a_message(session, chat, ann, PLAIN)
    assert len(page(session, chat, ann, 100)["items"]) == 100


@pytest.mark.parametrize(
    ("bounds", "expected", "before", "after"),
    [
        ({}, range(17, 51), True, False),
        ({"before": 41}, range(7, 41), True, True),
        ({"after": 0}, range(1, 35), False, True),
        ({"after": 10}, range(11, 45), True, True),
        ({"after": 30}, range(31, 51), True, False),
        ({"before": 21}, range(1, 21), False, True),
        ({"around": 25}, range(8, 42), True, True),
        ({"around": 1}, range(1, 35), False, True),
        ({"around": 50}, range(17, 51), True, False),
    ],
)
def test_a_page_of_very_long_messages_ends_early_and_says_so(
    session: Session,
    chat: models.Chat,
    ann: models.User,
    bounds: dict[str, int],
    expected: range,
    before: bool,
    after: bool,
) -> None:
    for _ in range(50):
        a_message(session, chat, ann, CONTROL)
    answer = page(session, chat, ann, 100, **bounds)
    assert (seqs(answer), answer["has_more_before"], answer["has_more_after"]) == ([*expected], before, after)
    assert len(orjson.dumps(answer["items"])) <= LARGEST_PAGE


def test_walking_through_very_long_messages_meets_every_one_once(
    session: Session, chat: models.Chat, ann: models.User
) -> None:
    for number in range(90):
        a_message(session, chat, ann, (CONTROL, EMOJI, PLAIN, "x")[number % 4])
    assert walked_back(session, chat, ann, 100) == walked_on(session, chat, ann, 100) == list(range(1, 91))


def test_one_message_is_a_page_however_long_it_is(
    session: Session, chat: models.Chat, ann: models.User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fechatter.queries.messages.LARGEST_PAGE", 1000)
    for _ in range(3):
        a_message(session, chat, ann, CONTROL)
    assert seqs(page(session, chat, ann, around=2)) == [2]
    assert walked_back(session, chat, ann, 100) == walked_on(session, chat, ann, 100) == [1, 2, 3]


def test_history_and_single_messages_have_one_shape(session: Session, chat: models.Chat, ann: models.User) -> None:
    plain = a_message(session, chat, ann, client_id="c")
    reply = a_message(session, chat, ann, reply_to=plain["id"])
    edited = edit_message(session, ann.id, reply["id"], "edited")
    gone = a_message(session, chat, ann, "secret")
    delete_message(session, ann.id, gone["id"])
    tombstone = message_of(session, ann.id, gone["id"])
    assert tombstone["content"] is None
    assert tombstone["deleted_at"] is not None
    items = page(session, chat, ann)["items"]
    assert items == [plain, edited, tombstone]
    assert items == [message_of(session, ann.id, item["id"]) for item in items]


@pytest.mark.parametrize("moment", ["2026-01-02 03:04:05Z", "2026-01-02 03:04:05.6Z", "2026-12-31 23:59:59.999999Z"])
@pytest.mark.parametrize(
    "content", ['"quoted" \\ and /', "\x01\x1f\x7f\t\r\n\b\f", "🙂 ä \u2028 \u200e", "</script>", "%s %%"]
)
def test_whatever_was_written_is_read_as_it_is(
    session: Session, chat: models.Chat, ann: models.User, content: str, moment: str
) -> None:
    message = a_message(session, chat, ann, content, client_id=content[:64])
    change = text("UPDATE messages SET created_at = :moment, edited_at = :moment WHERE id = :id")
    session.execute(change, {"moment": moment, "id": message["id"]})
    assert page(session, chat, ann)["items"] == [message_of(session, ann.id, message["id"])]


def test_an_ended_session_is_told_before_anything_else(
    session: Session, chat: models.Chat, ann: models.User, ben: models.User
) -> None:
    hidden = a_chat(session, a_workspace(session), with_members=[a_user(session)])
    for asking in (a_session(session, ann, ended=True), a_session(session, ben)):
        for place in (chat, hidden):
            with pytest.raises(SessionEnded):
                history(session.connection(), asking.id, ann.id, place.id, Bounds(), 3)


def test_only_members_read_history_and_messages(
    session: Session, chat: models.Chat, channel: models.Chat, ann: models.User, ben: models.User
) -> None:
    hidden, shown = a_message(session, chat, ann), a_message(session, channel, ann)
    leave_chat(session, chat, ben)
    leave_chat(session, channel, ben)
    for read in (lambda: page(session, chat, ben), lambda: message_of(session, ben.id, hidden["id"])):
        with pytest.raises(NotFound):
            read()
    for read in (lambda: page(session, channel, ben), lambda: message_of(session, ben.id, shown["id"])):
        with pytest.raises(Forbidden):
            read()


def test_a_guest_or_an_outsider_sees_a_public_channel_as_missing(
    session: Session, channel: models.Chat, ann: models.User
) -> None:
    guest, outsider = a_user(session), a_user(session)
    workspace = session.get(models.Workspace, channel.workspace_id)
    assert workspace
    join_workspace(session, workspace, guest, "guest")
    a_workspace(session, outsider)
    message = a_message(session, channel, ann)
    for person in (guest, outsider):
        with pytest.raises(NotFound):
            page(session, channel, person)
        with pytest.raises(NotFound):
            message_of(session, person.id, message["id"])


def test_a_deleted_chat_has_no_history(session: Session, chat: models.Chat, ann: models.User) -> None:
    message = a_message(session, chat, ann)
    chat.deleted_at = chat.created_at
    session.flush()
    with pytest.raises(NotFound):
        page(session, chat, ann)
    with pytest.raises(NotFound):
        message_of(session, ann.id, message["id"])
