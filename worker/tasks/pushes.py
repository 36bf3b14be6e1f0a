"""The task that pushes: called by `PushWatch` for what its process has relayed and what has become due, and by beat."""

from fechatter.broker import SEND_PUSHES
from worker.application import celery_app
from worker.pushing import push


@celery_app.task(name=SEND_PUSHES)
def send_pushes(workspace_ids: list[int] | None = None) -> None:
    """None: look at all of them."""
    push(workspace_ids)
