"""The alphabet of text messages (GSM 7-bit, 3GPP TS 23.038 section 6.2.1): what fits it, and what it costs."""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # each is sent as an escape and a second septet

# What the alphabet lacks and our languages use, replaced by what a reader takes for the same. Accented letters that
# are not named here lose their accent; what has no likeness at all (emoji, other scripts) is left out.
_REPLACEMENTS = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "´": "'", "`": "'",
    "…": "...", "–": "-", "—": "-", "−": "-", "·": "-", "•": "-", "º": "o", "ª": "a", "°": "o",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "œ": "oe", "Œ": "OE",
})  # fmt: skip

_ONE_PART, _PART = 160, 153
_ONE_PART_WIDE, _PART_WIDE = 70, 67


def to_gsm(text: str) -> str:
    """Return the text in the GSM alphabet, with deliberate replacements and never a question mark in their place."""
    composed = unicodedata.normalize("NFC", text).translate(_REPLACEMENTS)
    return "".join(each if is_gsm(each) else _bare(each) for each in composed)


def sayable(text: str) -> str:
    """Return somebody's words in the GSM alphabet and on one line, or an empty text where they would not say the same.

    Decorations may go; a letter or digit that has no likeness, as in most other scripts, may not.
    """
    letters = [each for each in unicodedata.normalize("NFC", text) if each.isalnum()]
    if not letters or not all(to_gsm(each) for each in letters):
        return ""
    return " ".join(to_gsm(text).split())


def is_gsm(text: str) -> bool:
    """Tell whether a text is written in the GSM alphabet alone."""
    return all(each in _BASIC or each in _EXTENDED for each in text)


def cost(text: str) -> int:
    """Return how many septets a text in the GSM alphabet takes."""
    return sum(2 if each in _EXTENDED else 1 for each in text)


def segments(text: str) -> int:
    """Return how many parts a text is sent in: 160 septets in one or 153 in each of several; 70 and 67 if not GSM."""
    if is_gsm(text):
        return _parts([2 if each in _EXTENDED else 1 for each in text], _ONE_PART, _PART)
    return _parts([2 if ord(each) > 0xFFFF else 1 for each in text], _ONE_PART_WIDE, _PART_WIDE)  # noqa: PLR2004 - UTF-16


def _bare(letter: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", letter) if is_gsm(each))


def _parts(costs: list[int], alone: int, each_part: int) -> int:
    if sum(costs) <= alone:
        return 1
    parts, used = 1, 0
    for each in costs:  # a character of two units is never cut in half by the end of a part
        if used + each > each_part:
            parts, used = parts + 1, 0
        used += each
    return parts
