"""Event streams the usual way: a greenlet and a queue for each, and one subscription for all.

gunicorn --worker-class gevent bench.baselines.naive_streams:app
"""

import os
from collections import defaultdict
from collections.abc import Iterator

import gevent
from flask import Flask, Response
from gevent.queue import Queue
from redis import Redis

app = Flask(__name__)
queues: defaultdict[str, set[Queue[bytes]]] = defaultdict(set)


@app.get("/<chat>")
def stream_chat(chat: str) -> Response:
    return Response(events(chat), mimetype="text/event-stream")


def events(chat: str) -> Iterator[bytes]:
    queue: Queue[bytes] = Queue()
    queues[chat].add(queue)
    try:
        yield b":\n\n"
        while True:
            yield queue.get()
    finally:
        queues[chat].discard(queue)


def listen() -> None:
    pubsub = Redis.from_url(os.environ["REDIS_URL"]).pubsub()  # type: ignore[no-untyped-call]
    pubsub.psubscribe("*")
    for message in pubsub.listen():
        if message["type"] == "pmessage":
            event = b"event: message.created\ndata: %b\n\n" % message["data"]
            for queue in list(queues[message["channel"].decode()]):
                queue.put(event)


gevent.spawn(listen)
