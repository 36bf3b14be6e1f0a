"""The mutants: each takes one of the rules out on which delivery rests."""

from tests.faults.mutants.mutant import Edit, Mutant

MUTANTS = {
    mutant.name: mutant
    for mutant in (
        Mutant(
            "naive-id-cursor",
            "The relay goes on behind the highest id that it has seen; what commits later with a lower one is lost.",
            (
                Edit(
                    "fechatter/feed/relay.sql",
                    "ORDER BY o.id LIMIT p_most",
                    "AND o.id > (SELECT coalesce(max(e.outbox_id), 0) FROM events e"
                    " WHERE e.workspace_id = u.workspace_id) ORDER BY o.id LIMIT p_most",
                ),
            ),
        ),
        Mutant(
            "replay-before-registering",
            "A stream goes live where the hub stands by then, not where its replay ended.",
            (
                Edit(
                    "notify/joining.py",
                    "channel.behind(stream.places[workspace_id].position, RING)",
                    "channel.behind(channel.position, RING)",
                ),
            ),
        ),
        Mutant(
            "no-poll-no-sweep",
            "Only wake-ups relay, and only Redis tells notify of events.",
            (
                Edit(
                    "worker/lifecycle.py",
                    "    Sweep(engine(), publish()).start()\n",
                    "    Sweep(engine(), publish())\n",
                ),
                Edit(
                    "notify/watch.py",
                    "for look, every in ((self.look_at_feeds, FEEDS_EVERY), (self.read_changes, EVERY), ",
                    "for look, every in ((self.read_changes, EVERY), ",
                ),
            ),
            kinds=("redis_and_workers", "redis_away", "redis_empty"),
        ),
        Mutant(
            "publish-before-commit",
            "Events are published by a transaction that commits only afterwards, and may not.",
            (
                Edit(
                    "fechatter/feed/relay.py",
                    "relay_once(engine, [workspace_id], wait, most)).batches:\n        publish(batches)\n",
                    "relay_once(engine, [workspace_id], wait, most, publish)).batches:\n",
                ),
                Edit(
                    "fechatter/feed/relay.py",
                    "workspace_ids: Collection[int], wait: bool, most: int = MOST) -> Relayed:",
                    "workspace_ids: Collection[int], wait: bool, most: int = MOST, publish=None) -> Relayed:",
                ),
                Edit(
                    "fechatter/feed/relay.py",
                    "    return _relayed(fetch(engine, RELAY, (list(workspace_ids), wait, most)), most)\n",
                    "    import time\n"
                    "    with engine.begin() as connection:\n"
                    "        relayed = _relayed(fetch(connection, RELAY, (list(workspace_ids), wait, most)), most)\n"
                    "        if relayed.batches and publish:\n"
                    "            publish(relayed.batches)\n"
                    "            time.sleep(0.1)\n"
                    "    return relayed\n",
                ),
                Edit(
                    "worker/tasks/relay.py",
                    "feed.relay_once(engine(), workspace_ids, wait=False)",
                    "feed.relay_once(engine(), workspace_ids, wait=False, publish=publish())",
                ),
                Edit("worker/tasks/relay.py", "    publish()(relayed.batches)\n", ""),
            ),
            kinds=("notify_kill_9", "postgres_kill_9", "worker_kill_9"),
        ),
        Mutant(
            "no-density-check",
            "A hub takes whatever position comes next, holes or not.",
            (
                Edit(
                    "notify/hub.py",
                    "                if event.position == expected:\n"
                    "                    dense.append(event)\n"
                    "                    expected += 1\n",
                    "                if event.position >= expected:\n"
                    "                    dense.append(event)\n"
                    "                    expected = event.position + 1\n",
                ),
            ),
            kinds=("redis_pubsub_killed", "redis_kill_9", "redis_empty"),
        ),
        Mutant(
            "heartbeat-ahead",
            "A stream that is still being replayed gets a heartbeat with the cursor of those that are level.",
            (
                Edit(
                    "notify/watch.py",
                    "            return frames.COMMENT\n",
                    "            return frames.heartbeat("
                    "{w: self.hub.channels[w].place for w in stream.places if w in self.hub.channels})\n",
                ),
                Edit("notify/watch.py", "HEARTBEAT_EVERY = 10", "HEARTBEAT_EVERY = 1"),
            ),
            kinds=("burst", "notify_kill_9", "notify_stop"),
        ),
        Mutant(
            "membership-before-the-lock",
            "Whether the sender is a member is looked up before the chat's lock is there.",
            (
                Edit(
                    "fechatter/actions/post_message.sql",
                    "    -- After a wait for the lock PostgreSQL computes",
                    "    PERFORM pg_sleep(0.02);\n    -- After a wait for the lock PostgreSQL computes",
                ),
                Edit(
                    "fechatter/actions/post_message.sql",
                    " THEN 'outside'\n    END;\n    IF outcome IS NULL AND",
                    " AND false THEN 'outside'\n    END;\n    IF outcome IS NULL AND",
                ),
            ),
        ),
        Mutant(
            "members-cached-30-s",
            "A stream that opens believes what its person's memberships were up to half a minute ago.",
            (
                Edit(
                    "notify/joining.py",
                    "        standing = read_standing(self.hub.engine, stream.session_id, stream.user_id, named)\n",
                    "        import copy, time\n"
                    "        standing = read_standing(self.hub.engine, stream.session_id, stream.user_id, named)\n"
                    "        kept = self.__dict__.setdefault('kept', {})\n"
                    "        if stream.user_id in kept and time.monotonic() - kept[stream.user_id][0] < 30:\n"
                    "            standing.memberships = copy.deepcopy(kept[stream.user_id][1])\n"
                    "        else:\n"
                    "            kept[stream.user_id] = time.monotonic(), copy.deepcopy(standing.memberships)\n",
                ),
            ),
        ),
        Mutant(
            "resend-without-client-id",
            "A post that is tried again is a new one.",
            (Edit("app/posting.py", '        message.get("client_id"),\n', "        None,\n"),),
        ),
        Mutant(
            "drop-on-a-full-buffer",
            "A reader whose buffer is full misses events instead of being cut.",
            (
                Edit(
                    "notify/wire.py",
                    "        if self.buffered + len(data) > MOST_BUFFERED:\n"
                    '            self.close("slow")\n'
                    "            return\n",
                    "        if self.buffered + len(data) > MOST_BUFFERED:\n            return\n",
                ),
                Edit("notify/wire.py", "MOST_BUFFERED = 1024 * 1024", "MOST_BUFFERED = 16 * 1024"),
                # The kernel would keep megabytes, and so hide what is dropped behind them.
                Edit(
                    "notify/wire.py",
                    "        self.descriptor = sock.detach()\n",
                    "        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 * 1024)\n"
                    "        self.descriptor = sock.detach()\n",
                ),
            ),
            kinds=("burst",),
        ),
    )
}
