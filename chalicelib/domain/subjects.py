"""Subjects: telling that the same thing was promised again, without keeping anybody's words."""

import hashlib
import re
import unicodedata

# Words, numbers, and whatever else may say what a number counts; punctuation is sorted out afterwards.
_PART = re.compile(r"\d+|[^\W\d_]+|\S")


def subject(what: str) -> str:
    """Return a name for what is said to have been promised, so that the same promise again is told: hashed words.

    Case, accents and punctuation do not matter, numbers and what they count do: "10 % off" and "10% OFF!" are one
    subject, "50 % off" is another, and so is "10 € off". An ñ is a letter of its own: "año" is not "ano".
    """
    words = " ".join(part for part in _PART.findall(_folded(what)) if _says_something(part))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _folded(what: str) -> str:
    spelt = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", what).casefold())
    plain = "".join(each for each in spelt.replace("n\u0303", "ñ") if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", plain)


def _says_something(part: str) -> bool:
    return part.isalnum() or part in "%‰" or unicodedata.category(part) == "Sc"
