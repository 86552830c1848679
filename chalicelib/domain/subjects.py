"""Subjects: telling that the same thing was promised again, without keeping anybody's words."""

import hashlib
import re

_NO_WORD = re.compile(r"[\W\d_]+")


def subject(promiser_ref: str | None, what: str) -> str:
    """Return a name for what somebody is said to have promised, so that the same promise again is told: hashed words.

    Case, digits and punctuation do not matter: "Price includes VAT (21%)" and "price includes VAT" are one subject.
    """
    folded = _NO_WORD.sub(" ", what.casefold()).strip()
    return hashlib.sha256(f"{promiser_ref or ''}|{folded}".encode()).hexdigest()[:12]
