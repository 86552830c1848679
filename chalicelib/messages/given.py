"""Words that others gave us: names, titles and notes, made safe to stand inside our sentences."""

import re
import unicodedata

# Control characters, line separators, direction overrides and lone surrogates: they could break a header or a line,
# or turn the sentence around them. Joiners (Cf apart from the overrides) stay: names and emoji are written with them.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")

_ENDINGS = (".", "!", "?", "…", ".”", ".»", '."', ":")
_QUOTED = {("“", "”"), ("«", "»"), ('"', '"')}


def clean(text: str | None) -> str:
    """Return the text as one line without control characters, or an empty text for None."""
    return " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", text or "")).split())


def title(what: str) -> str:
    """Return a promise's title ready to be quoted inside a sentence: one line, no quotes or full stop of its own."""
    text = clean(what).rstrip(" .;,:")
    while len(text) > 1 and (text[0], text[-1]) in _QUOTED and text[0] not in text[1:-1]:
        text = text[1:-1].strip(" .;,:")
    return text


def sentence(note: str | None) -> str:
    """Return a note as one or more full sentences on one line: each of its lines begun large and ended with a stop."""
    lines = (clean(line) for line in (note or "").splitlines())
    return " ".join(_stopped(begun(line)) for line in lines if line)


def typed(text: str | None) -> str:
    """Return what somebody typed, line by line as it was, without what could turn or break the page."""
    return "\n".join(_UNSAFE.sub(" ", line).rstrip() for line in (text or "").splitlines()).strip()


def ended(text: str | None) -> str:
    """Return words that follow a colon: on one line, as they were begun, ended with a stop."""
    said = clean(text)
    return _stopped(said) if said else ""


def begun(text: str) -> str:
    """Return the text with a capital first letter, unless it begins with a name such as iPhone."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def shorten(text: str, limit: int, mark: str = "…") -> str:
    """Return at most `limit` characters of a text, cut between words where it can be and marked where it was cut."""
    if len(text) <= limit:
        return text
    room = max(limit - len(mark), 0)
    kept = text[:room]
    if not text[room].isspace() and " " in kept.strip():
        kept = kept.rpartition(" ")[0]
    return (kept.rstrip(" .,;:–-") + mark)[:limit]


def _stopped(text: str) -> str:
    return text if text.endswith(_ENDINGS) else f"{text}."
