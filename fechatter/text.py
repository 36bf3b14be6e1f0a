"""What text may be stored, and how names and addresses are folded so that they compare without regard to case."""

import unicodedata


def is_storable(value: str) -> bool:
    """Whether PostgreSQL takes it: JSON can carry NUL and lone surrogates, UTF-8 text columns cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def is_blank(value: str) -> bool:
    """Nothing in it but white space."""
    return not value.strip()


def fold(value: str) -> str:
    """The key by which names and e-mails are unique: same for what differs only in case, width or outer space."""
    # Unicode's compatibility caseless match (D146): one round leaves some letters with several accents apart.
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", value).casefold())
    return unicodedata.normalize("NFKC", once.casefold()).strip()


def printable(value: str, longest: int) -> str:
    """For text from headers: without control characters, at most `longest` characters."""
    return "".join(character for character in value if character.isprintable())[:longest].strip()
