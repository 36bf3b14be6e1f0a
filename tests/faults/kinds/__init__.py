"""All kinds of faults, by name."""

from tests.faults.kinds.clients import CLIENTS
from tests.faults.kinds.clock import CLOCKS
from tests.faults.kinds.feed import FEEDS
from tests.faults.kinds.kind import Kind
from tests.faults.kinds.link import LINK_MODES
from tests.faults.kinds.postgres import POSTGRES
from tests.faults.kinds.process import PROCESSES
from tests.faults.kinds.redis import REDIS

ALL: tuple[Kind, ...] = (*PROCESSES, *REDIS, *POSTGRES, *LINK_MODES, *FEEDS, *CLIENTS, *CLOCKS)
KINDS = {kind.name: kind for kind in ALL}
GROUPS = tuple(dict.fromkeys(kind.group for kind in ALL))
