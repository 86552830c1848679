"""The places in the product from which a port is called, read from its source: each must have been hit by a fault."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import chalicelib
from tests.simulation.tap import METHODS

ROOT = Path(chalicelib.__file__).parent
_WHERE = ("usecases", "entrypoints")
# File, line and call, as a fault saw it.
Hit = tuple[str, int, str]


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A call of a port in the source, from its first line to its last."""

    file: str
    line: int
    last_line: int
    call: str
    function: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.call}"

    def was_hit_by(self, hit: Hit) -> bool:
        """Tell whether a fault struck here."""
        file, line, call = hit
        return call == self.call and self.line <= line <= self.last_line and file.endswith(self.file)


def sites() -> list[Site]:
    """Return every call of a port in the use cases and entry points."""
    files = sorted(file for folder in _WHERE for file in (ROOT / folder).glob("*.py"))
    return sorted(site for file in files for site in _calls(file))


def _calls(file: Path) -> Iterator[Site]:
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            yield from _calls_in(function, f"{file.parent.name}/{file.name}")


def _calls_in(function: ast.FunctionDef, file: str) -> Iterator[Site]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr=method, value=ast.Attribute(attr=port))) if method in METHODS.get(
                port, ()
            ):
                last = node.end_lineno or node.lineno
                yield Site(file, node.lineno, last, f"{port}.{method}", function.name)


def missed(hits: set[Hit]) -> list[Site]:
    """Return the places that no fault struck."""
    return [site for site in sites() if not any(site.was_hit_by(hit) for hit in hits)]


def unknown(hits: set[Hit]) -> list[Hit]:
    """Return the hits at places that the source does not show: a call through another name, say."""
    known = sites()
    return [hit for hit in sorted(hits) if not any(site.was_hit_by(hit) for site in known)]
