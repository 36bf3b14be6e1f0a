"""Two people meet, talk in every kind of chat, lose the line and come back; one is removed, one signs out."""

from collections.abc import Callable
from time import monotonic

from tests.by_the_clock import in_time
from tests.journeys.people import Guest, Person

SignUp = Callable[..., Person]


def test_from_sign_up_to_sign_out(sign_up: SignUp) -> None:
    ann, bob = sign_up("Ann", workspace="Acme"), sign_up("Bob")
    workspace = ann.workspace()
    assert (workspace["name"], workspace["role"], workspace["member_count"]) == ("Acme", "owner", 1)
    bobs, anns = bob.listen(), ann.listen()
    ann.bring_in(workspace["id"], bob)
    bobs.expect("workspace.member_added", user_id=bob.id)
    anns.expect("workspace.member_added", user_id=bob.id)

    chats = [
        ann.make_chat(workspace["id"], "single", None, bob),
        ann.make_chat(workspace["id"], "group", "lunch", bob),
        ann.make_chat(workspace["id"], "private_channel", "board", bob),
        ann.make_chat(workspace["id"], "public_channel", "general", bob),
    ]
    for chat in chats:
        said = ann.say(chat["id"], f"hello {chat['type']}")
        assert said["seq"] == 1
        for stream in (bobs, anns):
            assert stream.expect_message(f"hello {chat['type']}").data["message"] == said
        answer = bob.say(chat["id"], f"hi {chat['type']}", reply_to=said["id"])
        anns.expect_message(f"hi {chat['type']}")
        assert ann.history(chat["id"]) == [said, answer]
    listed = bob.get("/chats")
    assert [chat["id"] for chat in listed["items"]] == [chat["id"] for chat in reversed(chats)]
    assert [chat["unread_count"] for chat in listed["items"]] == [0, 0, 0, 0]

    bobs.expect_message("hi public_channel")
    cursor = bobs.last_id
    bobs.close()
    missed = [ann.say(chats[3]["id"], f"while away {number}") for number in range(3)]
    bobs = bob.listen(cursor)
    bobs.expect_message("while away 2")
    assert bobs.messages() == missed

    board = chats[2]["id"]
    ann.delete(f"/chats/{board}/members/{bob.id}", status=204)
    bobs.expect("member.removed", user_id=bob.id, chat_id=board)
    ann.say(board, "only for us")
    ann.say(chats[3]["id"], "for everyone")
    bobs.expect_message("for everyone")
    assert bobs.messages(board) == []
    bob.get(f"/chats/{board}/messages", status=404)

    bob.post("/auth/signout", status=204)
    began = monotonic()
    assert bobs.expect("bye").data == {"reason": "signed_out"}
    in_time(began, 2.5)
    assert bobs.ended.wait(30)
    bob.get("/chats", status=401)


def test_the_list_plus_the_events_behind_its_cursor_is_the_present(sign_up: SignUp) -> None:
    ann, bob = sign_up("Ann", workspace="List"), sign_up("Bob")
    workspace = ann.workspace()["id"]
    ann.bring_in(workspace, bob)
    chat = ann.make_chat(workspace, "public_channel", "news", bob)["id"]
    bob.get("/chats")  # now cached
    ann.say(chat, "one")
    cached = bob.get("/chats")
    ann.say(chat, "two")
    stream = bob.listen(cached["cursor"])
    stream.expect_message("two")
    seen = {cached["items"][0]["last_seq"], *(m["seq"] for m in stream.messages(chat))}
    assert max(seen) == 2
    fresh = bob.http.get("/api/chats", headers={"Cache-Control": "no-cache"}).json()["items"][0]
    assert (fresh["last_seq"], fresh["unread_count"]) == (2, 2)
    assert bob.post(f"/chats/{chat}/read", {"seq": 2}) == {"last_read_seq": 2, "unread_count": 0}
    assert stream.expect("read.updated", chat_id=chat).data["last_read_seq"] == 2
    assert bob.get("/chats")["items"][0]["unread_count"] == 0


def test_edits_and_deletions_reach_the_stream_and_leave_no_text_behind(sign_up: SignUp) -> None:
    ann, bob = sign_up("Ann", workspace="Edits"), sign_up("Bob")
    workspace = ann.workspace()["id"]
    ann.bring_in(workspace, bob)
    chat = ann.make_chat(workspace, "group", None, bob)["id"]
    stream = bob.listen()
    start = stream.last_id
    message = ann.say(chat, "a secrt")
    assert bob.get("/chats")["items"][0]["last_message"]["content"] == "a secrt"
    ann.patch(f"/messages/{message['id']}", {"content": "a secret"})
    assert stream.expect("message.updated").data["message"]["content"] == "a secret"
    ann.delete(f"/messages/{message['id']}", status=204)
    gone = stream.expect("message.deleted").data["message"]
    assert (gone["content"], gone["seq"]) == (None, 1)
    assert gone["deleted_at"]
    replay = bob.listen(start)
    replay.expect("message.deleted")
    assert "secr" not in str(replay.events)
    assert bob.get("/chats")["items"][0]["last_message"]["content"] is None, "no kept list has it either"
    assert [m["content"] for m in bob.history(chat)] == [None]


def test_typing_is_seen_by_the_others_and_leaves_no_trace(sign_up: SignUp) -> None:
    ann, bob = sign_up("Ann", workspace="Typing"), sign_up("Bob")
    workspace = ann.workspace()["id"]
    ann.bring_in(workspace, bob)
    chat = ann.make_chat(workspace, "group", None, bob)["id"]
    bobs, anns = bob.listen(), ann.listen()
    ann.post(f"/chats/{chat}/typing", status=204)
    typing = bobs.expect("typing", chat_id=chat)
    assert (typing.id, typing.data["user_id"]) == (None, ann.id)
    assert "typing" not in anns.types()


def test_the_web_door_sends_streams_to_notify_with_a_ticket(sign_up: SignUp, guest: Guest) -> None:
    ann = sign_up("Ann", workspace="Ticket")
    answer = ann.http.get("/api/notifications/events?cursor=1", follow_redirects=False)
    assert answer.status_code == 307
    target = answer.headers["Location"]
    assert target.startswith(f"{guest.notify_url}/api/notifications/events?")
    assert "cursor=1" in target
    with guest.http.stream("GET", target) as stream:
        assert stream.status_code == 200
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert stream.headers["Cache-Control"] == "no-store"
        assert "event: ready" in next(text for text in stream.iter_text() if "event:" in text)
    assert guest.http.get(target).status_code == 401, "a ticket opens one stream"
