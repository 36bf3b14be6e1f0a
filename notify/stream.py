"""One client's stream: whose it is, how far it has come, and what its person may see."""

from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from fechatter.cursor import Place
from fechatter.feed.memberships import Membership
from fechatter.feed.placed import Placed
from notify import frames
from notify.wire import Wire

if TYPE_CHECKING:
    from notify.hub import Hub


class Stream(Wire):
    """Held at first, when only its own greenlet writes to it; live, it stands where the hub stands.

    `places` is how far it has come while it is held, None while it is live. `again` asks for another look at the
    memberships, since something has changed that no feed of this stream carries. `workspaces` ascend.
    """

    __slots__ = (
        "again",
        "expires_at",
        "hub",
        "memberships",
        "places",
        "session_id",
        "started",
        "user_id",
        "workspaces",
    )

    def __init__(self, hub: "Hub", user_id: int, session_id: int) -> None:
        super().__init__()
        self.hub, self.user_id, self.session_id = hub, user_id, session_id
        self.memberships: dict[int, Membership] = {}
        self.places: dict[int, Place] | None = {}
        self.workspaces: tuple[int, ...] = ()
        self.expires_at: datetime | None = None
        self.again = False
        self.started = monotonic()

    def closed(self) -> None:
        self.hub.lost(self)

    def take(self, workspace_id: int, event: Placed) -> bytes:
        """Moves a held stream behind this event; what to write for it, empty if its person does not get it.

        With the event that ends one's own membership of the workspace, the workspace leaves the cursor.
        """
        assert self.places is not None
        place = self.places[workspace_id]
        if event.position <= place.position:
            return b""
        self.places[workspace_id] = Place(place.epoch, event.position)
        membership = self.memberships[workspace_id]
        if not membership.receives(event):
            return b""
        if membership.since is None and ends_workspace(event, self.user_id):
            del self.places[workspace_id]
        return frames.event_frame(event) + frames.id_line(self.places)

    def bye(self, reason: str) -> None:
        self.finish(frames.bye(reason), reason)


def ends_workspace(event: Placed, user_id: int) -> bool:
    """Whether this event is the end of the person's membership of the workspace."""
    own_removal = event.type == "workspace.member_removed" and event.to_user == user_id
    return own_removal or event.type == "workspace.deleted"
