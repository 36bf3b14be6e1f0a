"""What text may be stored, what a name may hold, and the keys by which names and addresses compare."""

import re
import unicodedata

# What Unicode has everybody draw as nothing (Default_Ignorable_Code_Point), the braille blank, and white space.
INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Control characters, line ends, and what turns the direction of all that follows.
TRICKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


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


def is_visible(value: str) -> bool:
    """Whether anything of it can be seen."""
    return INVISIBLE.sub("", value) != ""


def plays_tricks(value: str) -> bool:
    """Whether it could break a line, command a terminal, or show what stands behind it the other way round."""
    return TRICKS.search(value) is not None


def fold(value: str) -> str:
    """The key by which names and e-mails are unique: same for what differs only in case, width or outer space."""
    # Unicode's compatibility caseless match (D146): one round leaves some letters with several accents apart.
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", value).casefold())
    return unicodedata.normalize("NFKC", once.casefold()).strip()


def name_key(value: str) -> str:
    """The key by which names are unique: like `fold`, and the same for what differs only in what cannot be seen."""
    return fold(INVISIBLE.sub(lambda found: found[0] if found[0].isspace() else "", value))


def printable(value: str, longest: int) -> str:
    """For text from headers: without control characters, at most `longest` characters."""
    return "".join(character for character in value if character.isprintable())[:longest].strip()
