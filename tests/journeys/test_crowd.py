"""Many at once: every stream gets every message of its chats once and in order."""

import random
import threading
from collections.abc import Callable

from tests.journeys.people import Person

PEOPLE, CHATS, MESSAGES, STREAMS = 20, 10, 2000, 2


def test_twenty_people_post_two_thousand_messages_with_forty_streams_open(sign_up: Callable[..., Person]) -> None:
    people = [sign_up("Ann", workspace="Crowd")]
    people += [sign_up(f"P{number}") for number in range(1, PEOPLE)]
    workspace = people[0].workspace()["id"]
    people[0].bring_in(workspace, *people[1:])
    chooser = random.Random(7)
    rooms = []
    for number in range(CHATS):
        members = chooser.sample(people[1:], chooser.randint(4, PEOPLE - 1))
        rooms.append((people[0].make_chat(workspace, "public_channel", f"room {number}", *members)["id"], members))
    streams = [(person, person.listen()) for person in people for _ in range(STREAMS)]
    said: dict[int, list[int]] = {chat: [] for chat, _ in rooms}
    lock = threading.Lock()

    def talk(person: Person, seed: int) -> None:
        mine = [chat for chat, members in rooms if person in members or person is people[0]]
        choose = random.Random(seed)
        for number in range(MESSAGES // PEOPLE):
            chat = choose.choice(mine or [rooms[0][0]])
            if mine:
                message = person.say(chat, f"{person.id} says {number}")
                with lock:
                    said[chat].append(message["seq"])

    threads = [threading.Thread(target=talk, args=(person, number)) for number, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(len(seqs) for seqs in said.values())
    assert total >= MESSAGES * 0.9
    for chat, seqs in said.items():
        assert sorted(seqs) == list(range(1, len(seqs) + 1)), f"seq of chat {chat} is not dense"
    for person, stream in streams:
        mine = [chat for chat, members in rooms if person in members or person is people[0]]
        wanted = sum(len(said[chat]) for chat in mine)
        stream.wait_for(lambda events, wanted=wanted: sum(e.type == "message.created" for e in events) >= wanted, 120)
        for chat in mine:
            assert [m["seq"] for m in stream.messages(chat)] == list(range(1, len(said[chat]) + 1))
        assert len(stream.messages()) == wanted
