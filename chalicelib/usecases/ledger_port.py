"""The port of the ledgers: rows of numbers, and up to which fact each promise is counted in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.facts import Fact
from chalicelib.domain.ledgers import Book, Increments, Row

# Marks and rows that one `add` can take: DynamoDB's limit on a transaction.
MOST_TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Generations:
    """Which generation of the rows is read and which is written: two while the ledgers are being rebuilt."""

    reading: int = 1
    writing: int = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to which fact a promise is counted, and in which generation of the rows."""

    generation: int
    seq: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A promise's facts in order, and its mark, if it was ever counted."""

    facts: Sequence[Fact]
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Counting:
    """What is to be added to the rows of generation `now.generation` for a promise, which then bears the mark `now`.

    `is_all` is False when there is more to add after it than fits into one transaction.
    """

    promise_id: str
    before: Mark | None
    now: Mark
    increments: Increments
    is_all: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of one book next to each other: from one day to another of a month, or one month to another of a year.

    `within` is the month (2026-11) or the year (2026), `first` and `last` are the two digits of day or month.
    """

    book: Book
    within: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Page:
    """A part of all promises, and where the next part begins: None after the last."""

    promise_ids: Sequence[str]
    cursor: str | None


class Ledgers(Protocol):
    """The rows, added to and read. Every method raises StoreUnavailable when the store cannot be reached."""

    def generations(self) -> Generations:
        """Return which generation is read and which is written."""

    def turn(self, generations: Generations) -> None:
        """Store which generation is read and which is written."""

    def counted(self, promise_id: str) -> Counted:
        """Return a promise's facts and its mark, strongly consistent."""

    def add(self, counting: Sequence[Counting]) -> bool:
        """Add to the rows and move the marks, all together: MOST_TOGETHER rows and marks at most.

        False when one of the marks is not the stored one any more: nothing was written then. That is not an error:
        somebody else has counted.
        """

    def at(self, generation: int, rows: Sequence[Row]) -> Mapping[Row, Mapping[str, int]]:
        """Return the numbers of those of the rows that exist."""

    def rows(self, generation: int, spans: Sequence[Span]) -> Iterable[tuple[str, Mapping[str, int]]]:
        """Return the numbers of the rows in these spans, each with its group, in no particular order."""

    def pages(self, cursor: str | None, rows_before: int) -> Page:
        """Return the promises of the next part of the table; delete what lies there of generations before this one."""
