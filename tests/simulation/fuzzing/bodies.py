"""Bodies that are not what they should be: broken bytes, broken JSON, and JSON that breaks who reads it."""

import gzip
import json
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

from tests.simulation.fuzzing.values import Stock

_Spoil = Callable[[Random, Stock, bytes], bytes]
_NUMBERS = (
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e999",
    b"-1e-999",
    b"1" * 4000,
    b"1" * 5000,
    b"-0",
    b"01",
    b"1.",
    b".5",
)
_LONE = (b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\uD83D"', b'"\xed\xa0\x80"', b'"\\u0000"', b'"\\x41"', b'"\x01"')


def spoilt(chance: Random, stock: Stock, body: bytes) -> bytes:
    """Return a body with something wrong, by chance of every kind that is known here."""
    return chance.choice(_SPOILS)(chance, stock, body)


def _nobodys(chance: Random, stock: Stock, body: bytes) -> bytes:
    return stock.bytes(chance)


def _other_json(chance: Random, stock: Stock, body: bytes) -> bytes:
    return json.dumps(chance.choice(stock.values)).encode()


def _cut(chance: Random, stock: Stock, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _scratched(chance: Random, stock: Stock, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _otherwise_written(chance: Random, stock: Stock, body: bytes) -> bytes:
    text = body.decode(errors="replace")
    mark = "\ufeff" * chance.randrange(2)
    return (mark + text).encode(chance.choice(["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7", "utf-8"]), "replace")


def _packed(chance: Random, stock: Stock, body: bytes) -> bytes:
    return chance.choice([gzip.compress, zlib.compress])(body)


def _nested(chance: Random, stock: Stock, body: bytes) -> bytes:
    depth = chance.choice([50, 150, 250, 1000, 20_000])
    opening, closing = chance.choice([(b"[", b"]"), (b'{"data":', b"}"), (b'{"a":[', b"]}")])
    deep = opening * depth + b"1" + closing * chance.choice([depth, 0])
    return _put_in(chance, body, deep) if chance.random() < 0.6 else deep


def _numbered(chance: Random, stock: Stock, body: bytes) -> bytes:
    return _put_in(chance, body, chance.choice(_NUMBERS))


def _half_a_character(chance: Random, stock: Stock, body: bytes) -> bytes:
    return _put_in(chance, body, chance.choice(_LONE))


def _twice(chance: Random, stock: Stock, body: bytes) -> bytes:
    """Say a field twice: which of them counts must not matter to anybody's safety."""
    inside = body.strip()[1:-1]
    return b"{" + inside + b"," + inside + b"}" if chance.random() < 0.5 else body + body


def _trailed(chance: Random, stock: Stock, body: bytes) -> bytes:
    more = chance.choice([b"x", b"\x00", b" // comment", b"}", b",", b"\n{}", b"\xff"])
    return body + more if chance.random() < 0.5 else more + body


def _empty(chance: Random, stock: Stock, body: bytes) -> bytes:
    return chance.choice([b"", b" ", b"null", b"[]", b"{}", b'""', b"0", b"[[]]", b"[{}]", b'{"type":{}}', b"'a'"])


def _put_in(chance: Random, body: bytes, piece: bytes) -> bytes:
    """Put a piece of JSON in the place of some value, or beside all of them under a name of its own."""
    places = [at for at, byte in enumerate(body) if byte == ord(":")]
    if not places or chance.random() < 0.3:
        return b'{"x":' + piece + b"," + body.strip()[1:]
    at = chance.choice(places) + 1
    end = min((found for mark in (b",", b"}") if (found := body.find(mark, at)) > 0), default=len(body))
    return body[:at] + piece + body[end:]


_SPOILS: tuple[_Spoil, ...] = (
    *(_nobodys, _other_json, _cut, _scratched, _otherwise_written, _packed, _nested, _numbered, _half_a_character),
    *(_twice, _trailed, _empty),
)


def replaced(chance: Random, stock: Stock, data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return data with one field replaced by a hostile value, taken away, or said under a name that is nearly right."""
    name, *rest = path
    inner = data.get(name)
    if rest:
        return data | {name: replaced(chance, stock, inner if isinstance(inner, dict) else {}, tuple(rest))}
    how = chance.random()
    if how < 0.06:
        return {key: value for key, value in data.items() if key != name}
    if how < 0.1:
        return data | {name[:-1] or "x": stock.value(chance)}
    if how < 0.2 and isinstance(inner, list):
        return data | {name: [*inner, stock.value(chance, name)] * chance.choice([1, 2, 120])}
    return data | {name: stock.value(chance, name)}
