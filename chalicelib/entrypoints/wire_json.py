"""JSON of providers: read as leniently as can be, as one odd value must not void what stands beside it."""

import json
import re
from collections.abc import Mapping
from typing import Any

# int() refuses some thousands of digits, and the whole text with them; no number that counts here has so many.
_MOST_DIGITS = 30
# Half of a surrogate pair is legal in JSON and in no store; the other stands for bytes that were no UTF-8.
_UNREADABLE = re.compile("[\ud800-\udfff\ufffd]")


def read_json(text: str) -> Any:
    """Return what a text says, NaN and infinities as such, or None when it is no JSON or nested hundreds deep."""
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_int=_whole)
    except (ValueError, RecursionError):
        return None


def text_of(told: Mapping[str, Any], name: str, longest: int) -> str:
    """Return a field that is a text of at most `longest` readable characters, else an empty one."""
    given = told.get(name)
    return given if isinstance(given, str) and len(given) <= longest and not _UNREADABLE.search(given) else ""


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None
