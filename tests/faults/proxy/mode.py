"""What a link does with what it is given."""

from dataclasses import dataclass
from typing import Literal, get_args

Name = Literal["pass", "refuse", "reset", "swallow", "stall", "delay", "throttle", "cut"]
NAMES: tuple[Name, ...] = get_args(Name)


@dataclass(frozen=True)
class Mode:
    """`delay` in seconds each way; `rate` in bytes a second of each connection and way; `least` and `most` are the
    bytes after which a connection is cut, at random by `seed`."""

    name: Name = "pass"
    delay: float = 0.0
    rate: float = 0.0
    least: int = 0
    most: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"{self.name} is no mode of a link")

    @property
    def is_open(self) -> bool:
        """Whether new connections are led on."""
        return self.name not in ("refuse", "swallow", "stall")


PASS = Mode()
