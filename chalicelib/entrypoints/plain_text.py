"""Plain text: what people write into forms, without what no text of theirs holds on purpose."""

import re

# Control characters, and those that turn the direction of what follows them (Unicode Standard Annex #9).
CONTROL_BUT_NEWLINE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NEWLINE = re.compile(r"\r\n?")


def plain_text(given: str) -> str:
    """Return somebody's words without control characters and outer blanks; words that a tab kept apart stay apart."""
    return CONTROL_BUT_NEWLINE.sub("", _NEWLINE.sub("\n", given).replace("\t", " ")).strip()
