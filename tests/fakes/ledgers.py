"""Ledgers in dictionaries, beside a FakeStore's facts and under its interruptions."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.domain.facts import Fact
from chalicelib.domain.ledgers import Row
from chalicelib.usecases.ledger_port import MOST_TOGETHER, Counted, Counting, Generations, Mark, Page, Span
from tests.fakes.store import FakeStore


class FakeLedgers:
    """Ledgers of a FakeStore's promises. `before` and `after` of the store are called with `ledgers.<method>`."""

    def __init__(self, store: FakeStore, page_items: int = 100) -> None:
        self.store = store
        self.page_items = page_items
        self.turned = Generations()
        self.marks: dict[str, Mark] = {}
        self.numbers: dict[tuple[int, Row], Counter[str]] = {}
        self.parts: defaultdict[tuple[int, str, str], set[Row]] = defaultdict(set)

    def generations(self) -> Generations:
        with self.store.calling("ledgers.generations"):
            return self.turned

    def turn(self, generations: Generations) -> None:
        with self.store.calling("ledgers.turn"):
            self.turned = generations

    def counted(self, promise_id: str) -> Counted:
        with self.store.calling("ledgers.counted"):
            return Counted(self._facts(promise_id), self.marks.get(promise_id))

    def add(self, counting: Sequence[Counting]) -> bool:
        rows = {(each.now.generation, row) for each in counting for row in each.increments}
        if len(rows) + len(counting) > MOST_TOGETHER:
            raise ValueError(f"{len(rows)} rows and {len(counting)} marks are too many for one transaction")
        with self.store.calling("ledgers.add"):
            if any(self.marks.get(each.promise_id) != each.before for each in counting):
                return False
            for each in counting:
                self.marks[each.promise_id] = each.now
                for row, numbers in each.increments.items():
                    self._add(each.now.generation, row, numbers)
            return True

    def at(self, generation: int, rows: Sequence[Row]) -> Mapping[Row, Mapping[str, int]]:
        with self.store.calling("ledgers.at"):
            return {row: self._said(generation, row) for row in rows if (generation, row) in self.numbers}

    def rows(self, generation: int, spans: Sequence[Span]) -> Iterator[tuple[str, Mapping[str, int]]]:
        for span in spans:
            with self.store.calling("ledgers.rows"):
                rows = self.parts[generation, span.book, span.within]
                found = [row for row in rows if span.first <= row.period[-2:] <= span.last]
            yield from ((row.group, self._said(generation, row)) for row in found)

    def pages(self, cursor: str | None, rows_before: int) -> Page:
        with self.store.calling("ledgers.pages"):
            for generation, row in [key for key in self.numbers if key[0] < rows_before]:
                del self.numbers[generation, row]
                self.parts[generation, row.book, row.period[:-3]].discard(row)
            left = sorted(each for each in self.store.promises if cursor is None or each > cursor)
            here = left[: self.page_items]
            return Page(here, here[-1] if len(left) > len(here) else None)

    def _facts(self, promise_id: str) -> list[Fact]:
        """Return the facts in order: their numbers have no gaps."""
        facts: list[Fact] = []
        while fact := self.store.noted.get((promise_id, len(facts) + 1)):
            facts.append(fact)
        return facts

    def _add(self, generation: int, row: Row, numbers: Mapping[str, int]) -> None:
        self.numbers.setdefault((generation, row), Counter()).update(numbers)
        self.parts[generation, row.book, row.period[:-3]].add(row)

    def _said(self, generation: int, row: Row) -> dict[str, int]:
        return {name: n for name, n in self.numbers[generation, row].items() if n}
