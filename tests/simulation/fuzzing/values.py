"""Hostile values: those that are known to have broken somebody's parser, and those that Hypothesis comes upon.

Hypothesis draws what nobody thinks of, but takes milliseconds for each and keeps no pace with hundreds of thousands of
requests. So it draws a stock of values, by a seed; requests are composed of them by a generator of our own, by the same
seed, so that the number of a request is enough to make it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

_Value = TypeVar("_Value")

# Any character at all: half of a surrogate pair is one in JSON, and in what a gateway hands on.
_ANY = st.characters(exclude_categories=())
_TEXTS = st.text(_ANY, max_size=30) | st.text(max_size=200)
_NUMBERS = st.integers() | st.integers(-(10**40), 10**40) | st.floats(allow_nan=True, allow_infinity=True)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(_ANY, max_size=10), inner, max_size=4),
    max_leaves=8,
)

TEXTS = (
    *("", " ", ".", "..", "-", "%", "%00", "%ff", "%ED%A0%80", "%2e%2e%2f", "\x00", "\n", "\r\nSet-Cookie: a=b", "\t"),
    *("é", "😀", "٣", "²", "१७", "ﬀ", "\u202e", "\u2028", "\ufeff", "\ud800", "\udfff a", "İ", "ß", "e\u0301" * 50),
    *("null", "true", "NaN", "Infinity", "-0", "1e999", "0x10", "1_000", "9" * 400, "1" * 5000, "-1", "0", "0.00"),
    *("{{7*7}}", "${7*7}", "%s%n", "<script>alert(1)</script>", "' OR 1=1 --", "`id`", "../../etc/passwd", "a" * 5000),
    *("__proto__", "constructor", "self", "cls", "model_config", "P#x", "C#c-99", "STATE", "c-99", "open", "shop"),
    *("v1,", "v1", "v1,AAAA", "v1a,AAAA", "v1,é", ",", "Bearer", "Bearer ", "bearer read_key", "Basic cmVhZC1rZXk6"),
    *("kept_report=", "kept_report=x", "kept_report=1.x; kept_report=2.y", 'a="', "=", ";" * 20, "\x7f=\x00"),
    *("text/html;q=²", "text/html;q=1e9, */*", "text/html;q=.", "es;q=x, pt_BR", "*", "gzip", "chunked"),
)
MOMENTS = (
    *("0001-01-01T00:00:00Z", "0001-01-02T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"),
    *("2026-11-24T09:00:00Z", "2026-11-24T09:00:01Z", "2026-02-30T00:00:00Z", "2026-11-24T24:00:00Z", "2036-11-20T00Z"),
    *(
        "2026-11-25T00:00:00+23:59",
        "2026-11-25T00:00:00.9999999Z",
        "2026-12-31T23:59:60Z",
        "2026-11-25",
        "20261125T00Z",
    ),
    *("2036-11-20T00:00:00Z", "2026-10-25T02:30:00", "2027-03-28T02:30", "9999-12-31T23:59", "2026-11-24T10:00"),
)
LENGTHS = (
    *("P0D", "PT0S", "P1D", "PT60S", "PT59S", "P9999W", "P9999D", "P9999B", "P3652B", "P2600B", "P3652D", "P1Y", "P1M"),
    *("PT9999999S", "PT99999H", "P1DT", "P", "PT", "P-1D", "P1.5D", "p1d", "P٣D", "P1W1D", "P0B", "P1B"),
)
NAMES = (
    *("America", "posixrules", "localtime", "Factory", "zone.tab", "Pacific/Kiritimati", "Etc/GMT+12", "Etc/GMT-14"),
    *("Europe/Madrid\x00", "/etc/localtime", "Europe/../UTC", "Pacific/Apia", "Africa/Monrovia", "en", "pt", "pt-BR"),
    *("es-419", "en-us", "xx", "EUR", "JPY", "KWD", "CLF", "XXX", "+1", "+34600000000", "+999999999999999", "email"),
    *(
        "delivery",
        "delivery@1",
        "delivery@9",
        "callback",
        "@",
        "attempt",
        "stay",
        "cancel",
        "late",
        "percent",
        "discount",
    ),
    *("a@b.co", "a@b", '"a b"@c.de', "a@[127.0.0.1]", "a@b.co\nBcc: c@d.ee", "é@b.co", "a" * 64 + "@b.co", "a@b..co"),
)
_KNOWN = TEXTS + MOMENTS + LENGTHS + NAMES
# Texts that may well be taken, by how the name of a field ends that is meant to hold one like them.
_FITTING = {
    **dict.fromkeys(("at", "by", "until", "timestamp"), MOMENTS),
    **dict.fromkeys(("every", "in", "before"), LENGTHS),
    **dict.fromkeys(("zone", "locale", "currency", "email", "phone", "standard", "kind", "channels"), NAMES),
    **dict.fromkeys(("value", "amount"), ("0.01", "1", "100", "99999999999.99", "0.5", "1e3", "5.00", "12.3456")),
}


@dataclass(frozen=True, slots=True)
class Stock:
    """Hostile values, and the chance by which they are picked."""

    texts: Sequence[str]
    values: Sequence[Any]
    raw: Sequence[bytes]

    def text(self, chance: Random, name: str = "") -> str:
        """Pick a text, for a field of this name half of the time such as it is meant to hold."""
        fitting = _FITTING.get(name.rpartition("_")[2])
        if fitting and chance.random() < 0.5:
            return chance.choice(fitting)
        return chance.choice(_KNOWN if chance.random() < 0.6 else self.texts)

    def value(self, chance: Random, name: str = "") -> Any:
        """Pick a value for a field of JSON: most of them texts, as most fields are."""
        kind = chance.random()
        if kind < 0.65:
            return self.text(chance, name)
        if kind < 0.75:
            return [self.text(chance) for _ in range(chance.randrange(4))]
        return chance.choice(self.values)

    def bytes(self, chance: Random) -> bytes:
        """Pick a body that nobody wrote."""
        return chance.choice(self.raw)


def drawn(number: int, size: int) -> Stock:
    """Have Hypothesis draw a stock, by a seed."""
    texts = _collected(_TEXTS, number, size)
    return Stock(texts, _collected(_VALUES, number, size), _collected(st.binary(max_size=80), number, size))


def _collected(strategy: st.SearchStrategy[_Value], number: int, size: int) -> list[_Value]:
    found: list[_Value] = []
    _drawing(strategy, found.append, number, size)
    return found


def _drawing(strategy: st.SearchStrategy[_Value], keep: Callable[[_Value], None], number: int, size: int) -> None:
    # Nothing can fail here, so there is nothing to shrink, to remember, or to be in a hurry about.
    @seed(number)
    @settings(
        max_examples=size,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: _Value) -> None:
        keep(value)

    draw()
