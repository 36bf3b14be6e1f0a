"""What a benchmark is told: how large, how often, and where it says what it must leave out."""

from dataclasses import dataclass, field


@dataclass
class Setting:
    """`tiny` is a size at which figures mean nothing; `extra` names heavy baselines that were asked for."""

    rounds: int = 3
    tiny: bool = False
    extra: frozenset[str] = frozenset()
    skipped: list[str] = field(default_factory=list)

    def skip(self, what: str, why: str) -> None:
        """A baseline that cannot be had here is named, never left out in silence."""
        self.skipped.append(f"{what}: {why}")
        print(f"  left out: {what}: {why}", flush=True)

    def say(self, words: str) -> None:
        print(f"  {words}", flush=True)

    def size(self, full: int, tiny: int) -> int:
        return tiny if self.tiny else full
