"""One client's stream: whose it is, how far it has come, and what its person may see."""

from collections.abc import Iterator, Mapping, Sequence
from time import monotonic

from fechatter.cursor import Place
from fechatter.feed.memberships import Membership
from fechatter.feed.placed import Placed
from notify import frames
from notify.wire import Poller, Wire

NOWHERE: Mapping[int, Membership] = {}


class Stream(Wire):
    """Held at first (`held_at`), when only its own greenlet writes to it; live, it stands where the hub stands.

    `places` is how far it has come while it is held, None while it is live; `memberships` is what its person may see,
    and while it is live the channels of its `workspaces`, which ascend, have it instead. `again` asks for another look
    at the memberships, since something has changed that no feed of this stream carries. `expires_at` is its session's
    end, in seconds since 1970.
    """

    __slots__ = ("again", "expires_at", "held_at", "memberships", "places", "session_id", "user_id", "workspaces")

    def __init__(self, poller: Poller, user_id: int, session_id: int) -> None:
        super().__init__(poller)
        self.user_id, self.session_id = user_id, session_id
        self.memberships = NOWHERE
        self.places: dict[int, Place] | None = {}
        self.held_at = monotonic()
        self.workspaces: tuple[int, ...] = ()
        self.expires_at: float | None = None
        self.again = False

    def take_each(self, workspace_id: int, events: Sequence[Placed]) -> Iterator[bytes]:
        """Moves a held stream behind these events, as far as that is asked for: what to write for each that may concern
        its person. With the end of its membership there are no more."""
        assert self.places is not None
        for event in self.memberships[workspace_id].concerned_by(events):
            yield self.take(workspace_id, event)
            if workspace_id not in self.places:
                return
        place = self.places[workspace_id]
        if events and events[-1].position > place.position:
            self.places[workspace_id] = place._replace(position=events[-1].position)

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
