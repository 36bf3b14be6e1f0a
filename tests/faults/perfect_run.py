"""The course of a perfect run: everybody talks, comes, goes, signs out and resumes, while all kinds of faults pass."""

from typing import Any

from tests.faults.perfect import CHATS, EPOCH, Message, Perfect, Stream, rfc

PROCESSES = ("web1", "web2", "notify1", "notify2", "worker1", "beat", "postgres", "redis")


def perfect_run(seed: int = 1) -> Perfect:
    """Two and a half minutes."""
    run = Perfect(seed)
    run.now += 1
    styles = ("steady", "steady", "dropper", "away")
    for user in range(1, 7):
        for n in range(2 if user in (1, 4) else 1):
            run.now += 0.01
            run.begin(user, user * 10 + n, styles[(user + n) % 4], f"notify{1 + n}")
    _Course(run).go()
    return run


class _Course:
    """`mine` are messages that may still be changed; `away` is a stream that comes back when a trim is over."""

    def __init__(self, run: Perfect) -> None:
        self.run, self.rng = run, run.rng
        self.mine: list[Message] = []
        self.start = run.now
        self.away: Stream | None = None

    def go(self) -> None:
        for step in range(1200):
            self.run.now += 0.1
            self.sample(step)
            if step in EVENTS:
                EVENTS[step](self)
            elif not 640 <= step < 680:  # PostgreSQL is stopped
                self.act(step)
        self.run.now += 1
        self.drain()

    def act(self, step: int) -> None:
        chat = self.rng.choice(list(CHATS))
        self.mine.append(self.run.send(chat, self.rng.choice(sorted(self.run.since[chat]))))
        self.run.now += 0.02
        if step % 7 == 0:
            self.change()
        if step % 11 == 0 and 60 <= step < 1050:
            self.come_or_go()
        if step % 5 == 0 and not 1060 <= step < 1150:
            self.resume(self.rng.choice([stream for stream in self.run.streams if stream.style != "steady"]))
        if step % 13 == 0:
            self.run.look(self.rng.randint(1, 6))
            self.run.page(chat)
        if step % 17 == 0 and not (200 <= step < 290 or 350 <= step < 440):
            # Twins, one that was refused first, one whose answer was lost, and one that was lost itself.
            self.run.send(10, 2, times=2)
            self.run.send(10, 3, before=2)
            self.run.send(10, 4, status=None)
            told: dict[str, Any] = {"chat": 10, "client_id": f"lost-{step}", "content": f"lost-{step}"}
            self.run.call("send", 5, None, **told, message=None)

    def change(self) -> None:
        message = self.mine.pop(self.rng.randrange(len(self.mine)))
        if message.sender in self.run.since[message.chat]:
            self.run.edit(message) if self.rng.random() < 0.7 else self.run.delete(message)

    def come_or_go(self) -> None:
        inside = sorted(set(self.run.since[11]) - {1})
        outside = sorted({2, 3, 4, 5, 6} - set(inside))
        if len(inside) > 2:
            self.run.remove(11, self.rng.choice(inside))
        else:
            self.run.add(11, self.rng.choice(outside))

    def resume(self, stream: Stream) -> None:
        if stream.is_open and stream is not self.away:
            self.run.cut(stream)
        elif not stream.is_open and stream is not self.away and stream.session not in self.signed_out:
            self.run.open(stream)

    @property
    def signed_out(self) -> set[int]:
        return {call["session"] for call in self.run.calls if call["op"] == "signout"}

    def sample(self, step: int) -> None:
        if step % 50 == 0:
            self.run.samples += [
                {
                    "t": self.run.now,
                    "process": name,
                    "pid": 100 + n,
                    "pss_kb": 50_000 + self.rng.randint(0, 500),
                    "fds": 30,
                }
                for n, name in enumerate(PROCESSES)
            ]

    def fault(self, kind: str, target: str, seconds: float, **more: Any) -> None:
        n = len(self.run.faults) + 1
        times = {"began": self.run.now, "healed": self.run.now + seconds}
        self.run.faults.append({"n": n, "kind": kind, "target": target, **times, "detail": {}, **more})

    def kill_web(self) -> None:
        self.fault("web_kill_9", "web1", 0.5)

    def stop_redis(self) -> None:
        self.fault("redis_stop", "redis", 8.0)

    def stop_workers(self) -> None:
        self.fault("redis_and_workers", "redis", 8.0)

    def reset_link(self) -> None:
        """Its streams come back so late that what was sent meanwhile is late too."""
        self.fault("link_reset", "client-notify1", 0.0)
        for stream in self.run.streams:
            if stream.is_open and stream.notify == "notify1":
                self.run.cut(stream, "reset_by_peer")

    def come_back(self) -> None:
        for stream in self.run.streams:
            if not stream.is_open and stream is not self.away and stream.session not in self.signed_out:
                self.run.open(stream)

    def stop_postgres(self) -> None:
        self.fault("postgres_stop", "postgres", 3.0)

    def sign_out(self) -> None:
        stream = next(stream for stream in self.run.streams if stream.user == 6)
        if not stream.is_open:
            self.run.open(stream)
        self.run.call("signout", stream.user, 204, session=stream.session)
        self.run.now += 0.5
        self.run.tell(stream, "bye", None, "signed_out")
        self.run.cut(stream, "signed_out")
        self.run.call("signin", 6, 200, session=None, new_session=69)
        self.run.begin(6, 69)

    def refresh(self) -> None:
        self.run.call("refresh", 1, 200)

    def leave(self) -> None:
        self.away = next(stream for stream in self.run.streams if stream.user == 5)
        if self.away.is_open:
            self.run.cut(self.away)

    def trim(self) -> None:
        self.run.tails[1] = len(self.run.feeds[1]) - 5
        self.fault("trim", "feed", 0.05, workspace_id=1, tail=self.run.tails[1])

    def return_(self) -> None:
        stream, self.away = self.away, None
        assert stream
        self.run.open(stream)

    def come_for_a_while(self) -> None:
        """Seen by one of its streams from first to last."""
        stream = next(stream for stream in self.run.streams if stream.user == 4)
        if not stream.is_open:
            self.run.open(stream)
        if 4 not in self.run.since[11]:
            self.run.add(11, 4)

    def go_again(self) -> None:
        self.run.remove(11, 4)

    def drain(self) -> None:
        run, began = self.run, self.run.now
        self.come_back()
        for chat in CHATS:
            run.now += 0.01
            run.send(chat, 1)
        run.now += 0.1
        for stream in run.streams:
            if stream.is_open:
                run.heartbeat(stream)
        run.calls.append({"op": "drained", "began": began, "ended": run.now, "late": []})
        run.now += 0.1
        for stream in run.streams:
            if stream.is_open:
                run.cut(stream)
        run.final = dump(run)


EVENTS = {
    100: _Course.kill_web,
    150: _Course.refresh,
    200: _Course.stop_redis,
    350: _Course.stop_workers,
    500: _Course.reset_link,
    515: _Course.come_back,
    600: _Course.sign_out,
    640: _Course.stop_postgres,
    750: _Course.leave,
    850: _Course.trim,
    860: _Course.return_,
    1070: _Course.come_for_a_while,
    1100: _Course.go_again,
}
"""By step, of which there are ten a second."""


def dump(run: Perfect) -> dict[str, Any]:
    """What REST and SQL would tell in the end."""
    return {
        "t": run.now + 1,
        "messages": {
            str(chat): [
                [m.id, m.seq, m.sender, m.client_id, None if m.deleted else m.content, rfc(m.time),
                 rfc(m.edited) if m.edited else None, rfc(m.deleted) if m.deleted else None]
                for m in messages
            ]
            for chat, messages in run.messages.items()
        },
        "sql": {"messages": {str(chat): len(messages) for chat, messages in run.messages.items()}},
        "feeds": {str(w): [EPOCH, len(feed), run.tails[w]] for w, feed in run.feeds.items()},
        "members": {str(chat): sorted(since) for chat, since in run.since.items()},
        "lists": {
            str(user): {str(chat): len(run.messages[chat]) for chat, since in run.since.items() if user in since}
            for user in range(1, 7)
        },
    }  # fmt: skip
