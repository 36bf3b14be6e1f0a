"""Tells the hubs of what was just relayed, over Redis, as fast as may be or not at all."""

import logging
from collections.abc import Sequence

from redis import Redis

from fechatter.feed.passing import Passing, passing_channel, write_passing
from fechatter.feed.placed import CHANNEL, Batch, write_batch
from fechatter.feed.relay import Publish
from fechatter.redis_link import RedisAway, RedisLink

log = logging.getLogger(__name__)


def publisher(link: RedisLink) -> Publish:
    """For `relay`: never raises and costs a quarter of a second at most, nothing while Redis is known to be away.

    What is lost here shows as a gap to each hub, which then reads the feed.
    """

    def publish(batches: Sequence[Batch]) -> None:
        try:
            link.call(lambda redis: _publish(redis, batches))
        except RedisAway:
            log.debug("batches not published: Redis is away")

    return publish


def _publish(redis: Redis, batches: Sequence[Batch]) -> None:
    """In one go."""
    pipeline = redis.pipeline(transaction=False)
    for batch in batches:
        pipeline.publish(CHANNEL % batch.workspace_id, write_batch(batch))
    pipeline.execute()


def publish_passing(link: RedisLink, event: Passing) -> None:
    """Never raises: without Redis the event has passed already."""
    try:
        link.call(lambda redis: redis.publish(passing_channel(event), write_passing(event)))
    except RedisAway:
        log.debug("passing event not published: Redis is away")
