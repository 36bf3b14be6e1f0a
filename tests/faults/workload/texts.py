"""What people write: each text only once, some of it hard on whoever handles it."""

from random import Random

WORDS = (
    "tea", "rain", "kettle", "the", "of", "and", "deploy", "naïve", "Grüße", "привет", "日本語", "مرحبا",
    "👩‍👩‍👧‍👦", "e\u0301",
    "\u2028", "\u0085", "\n\n", "\r\n", "\ndata: no", "\nid: 1.1-1", "\\n", '"', "</script>", "\u200b",
    "\ufeff", "\t", "\U0010ffff",
)  # fmt: skip
PLAIN = 7
"""So many at the beginning are plain; four texts of five have only those."""


def text(rng: Random, mark: str) -> str:
    """Begins with the mark, and has up to 300 characters more, mostly few."""
    length = min(300, int(rng.expovariate(1 / 50)))
    words = WORDS[:PLAIN] if rng.random() < 0.8 else WORDS
    filler = ""
    while len(filler) < length:
        filler += " " + rng.choice(words)
    return mark + filler[:length]
