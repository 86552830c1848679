"""Subjects: telling that the same thing was promised again, without keeping anybody's words."""

import hashlib
import re
import unicodedata

# Words, numbers, and whatever else may say what a number counts; punctuation is sorted out afterwards.
_PART = re.compile(r"\d+|[^\W\d_]+|\S")


def subject(promiser_ref: str | None, what: str) -> str:
    """Return a name for what somebody is said to have promised, so that the same promise again is told: hashed words.

    Case and punctuation do not matter, numbers and what they count do: "10 % off" and "10% OFF!" are one subject,
    "50 % off" is another, and so is "10 € off".
    """
    folded = unicodedata.normalize("NFKC", what).casefold()
    words = " ".join(part for part in _PART.findall(folded) if _says_something(part))
    return hashlib.sha256(f"{promiser_ref or ''}|{words}".encode()).hexdigest()[:12]


def _says_something(part: str) -> bool:
    return part.isalnum() or part in "%‰" or unicodedata.category(part) == "Sc"
