"""Tells everyone who listens, in a task for each message."""

import json
import os
from typing import Any

from celery import Celery
from redis import Redis

CHANNEL = "chat:%d"

celery = Celery("naive", broker=os.environ.get("REDIS_URL"))
celery.conf.task_ignore_result = True
redis = Redis.from_url(os.environ.get("REDIS_URL", "redis://"))


@celery.task
def publish_message(message: dict[str, Any]) -> None:
    redis.publish(CHANNEL % message["chat_id"], json.dumps(message))
