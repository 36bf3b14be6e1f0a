"""The ways in which people read their streams: steadily, slowly, with pauses, or going away again and again."""

from random import Random

MOST = 65536


class Pace:
    """Of one connection, steady if nothing else is said. Sizes are in bytes, times in seconds."""

    receive_buffer = 0  # the system's own size

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def pause(self, now: float) -> float:
        """How long not to read before the next read."""
        return 0

    def most(self) -> int:
        """How much to read at once."""
        return MOST

    def goes_on(self, now: float, count: int) -> bool:
        """Told of what was read; False: cut the connection now."""
        return True

    def absence(self) -> float:
        """How long to stay away after a cut, whoever made it."""
        return self.rng.uniform(0.1, 0.5)


class Dropper(Pace):
    """Cuts after a number of bytes, often in the middle of an event."""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.left = int(300 * 1000 ** rng.random())  # 300 bytes to 300 KB, each order of size as often

    def most(self) -> int:
        return min(MOST, self.left)

    def goes_on(self, now: float, count: int) -> bool:
        self.left -= count
        return self.left > 0


class Slow(Pace):
    """A few KB a second for a while, then as fast as it can for a while, or it would never see the end."""

    receive_buffer = 8192

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.is_slow, self.until, self.speed = False, 0.0, 0.0

    def pause(self, now: float) -> float:
        if now > self.until:
            self.is_slow = not self.is_slow
            self.until = now + self.rng.uniform(10, 40)
            self.speed = self.rng.uniform(2000, 6000)
        return self.most() / self.speed if self.is_slow else 0

    def most(self) -> int:
        return 1024 if self.is_slow else MOST


class Stopper(Pace):
    """Reads for a while, then does not for 5 to 40 s, with the connection open."""

    receive_buffer = 8192

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.stops_at: float | None = None

    def pause(self, now: float) -> float:
        if self.stops_at is None:
            self.stops_at = now + self.rng.uniform(5, 40)
        if now < self.stops_at:
            return 0
        self.stops_at = None
        return self.rng.uniform(5, 40)


class Away(Pace):
    """Reads for a while, then leaves for up to a minute."""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.leaves_at: float | None = None
        self.left = False

    def goes_on(self, now: float, count: int) -> bool:
        if self.leaves_at is None:
            self.leaves_at = now + self.rng.uniform(5, 60)
        self.left = now > self.leaves_at
        return not self.left

    def absence(self) -> float:
        return self.rng.uniform(5, 60) if self.left else super().absence()


STYLES: dict[str, type[Pace]] = {"steady": Pace, "dropper": Dropper, "slow": Slow, "stopper": Stopper, "away": Away}
SHARES = {"steady": 60, "dropper": 16, "slow": 8, "stopper": 8, "away": 8}
"""Of a hundred streams."""
