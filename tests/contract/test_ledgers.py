"""What all Ledgers do, the fake's as the real one's: rows are added to, marks are kept, old generations go."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

import pytest

from chalicelib.adapters.ledgers import DynamoLedgers
from chalicelib.adapters.tables import Place
from chalicelib.domain.ledgers import Book, Row
from chalicelib.usecases.ledger_port import Counted, Counting, Generations, Ledgers, Mark, Span
from chalicelib.usecases.store_port import Commit, Committed, Store, StoreUnavailable
from tests.contract.builders import fact, notice, promise
from tests.contract.conftest import REGION, Stored
from tests.contract.endpoint import closed_port
from tests.fakes import FakeLedgers, FakeStore

GEMMA = Row(Book.CUSTOMER, "", "c-99")
DAY = Row(Book.PROMISER, "2026-11-24", "seller-7")
MONTH = Row(Book.PROMISER, "2026-11", "seller-7")
DEED = Row(Book.DEED, "2026-11-24", "commitment|delivery@2")


@dataclass(frozen=True, slots=True)
class Kept:
    """Ledgers, and the store whose promises they count."""

    ledgers: Ledgers
    store: Store


@cache
def dynamo_ledgers(place: Place) -> DynamoLedgers:
    return DynamoLedgers("promises", place=place)


@pytest.fixture
def kept(place: Place | None, stored: Stored) -> Kept:
    if isinstance(stored.store, FakeStore):
        return Kept(FakeLedgers(stored.store), stored.store)
    return Kept(dynamo_ledgers(place), stored.store)


@pytest.fixture
def ledgers(kept: Kept) -> Ledgers:
    return kept.ledgers


@pytest.fixture(params=["fake", "dynamodb"])
def unreachable(request: pytest.FixtureRequest, credentials: None) -> Ledgers:
    """Ledgers where nobody answers."""
    if request.param == "dynamodb":
        return DynamoLedgers("promises", place=Place(REGION, closed_port(), retries=0))
    store = FakeStore()

    def down(call: str) -> None:
        raise StoreUnavailable(call)

    store.before = down
    return FakeLedgers(store)


def counting(seq: int, before: Mark | None = None, promise_id: str = "p1", **rows: dict[str, int]) -> Counting:
    """Something to add: to the customer's row, unless rows are named."""
    names = {"gemma": GEMMA, "day": DAY, "month": MONTH, "deed": DEED}
    added = {names[name]: numbers for name, numbers in rows.items()} or {GEMMA: {"given": 1}}
    return Counting(promise_id, before, Mark(1, seq), added)


def at(ledgers: Ledgers, row: Row, generation: int = 1) -> dict[str, int]:
    return dict(ledgers.at(generation, [row]).get(row, {}))


def test_rows_begin_empty_and_are_added_to(ledgers: Ledgers) -> None:
    assert ledgers.at(1, [GEMMA, DAY]) == {}
    assert ledgers.add([counting(1, gemma={"given": 1, "granted:EUR": 1250})])
    assert ledgers.add([counting(2, Mark(1, 1), gemma={"given": 2, "kept_on_time": 1}, day={"given": 1})])
    assert ledgers.at(1, [GEMMA, DAY, MONTH]) == {
        GEMMA: {"given": 3, "granted:EUR": 1250, "kept_on_time": 1},
        DAY: {"given": 1},
    }


def test_what_comes_back_to_nothing_is_not_said(ledgers: Ledgers) -> None:
    ledgers.add([counting(1, gemma={"renewed": 1, "stay": 1})])
    ledgers.add([counting(2, Mark(1, 1), gemma={"renewed": -1})])
    assert at(ledgers, GEMMA) == {"stay": 1}


def test_a_mark_that_has_moved_lets_nothing_be_added(ledgers: Ledgers) -> None:
    assert ledgers.add([counting(3)])
    assert not ledgers.add([counting(3)])
    assert not ledgers.add([counting(5, Mark(1, 2))])
    assert not ledgers.add([counting(5, Mark(2, 3))])
    assert at(ledgers, GEMMA) == {"given": 1}


def test_of_several_promises_all_are_counted_or_none(ledgers: Ledgers) -> None:
    ledgers.add([counting(1)])
    assert not ledgers.add([counting(1, promise_id="p2", day={"given": 1}), counting(2, None)])
    assert at(ledgers, DAY) == {}
    assert ledgers.counted("p2").mark is None
    assert ledgers.add([counting(1, promise_id="p2"), counting(2, Mark(1, 1))])
    assert at(ledgers, GEMMA) == {"given": 3}


def test_many_workers_at_once_count_a_promise_once(ledgers: Ledgers) -> None:
    with ThreadPoolExecutor(10) as pool:
        ended = list(pool.map(lambda seq: ledgers.add([counting(seq)]), range(1, 11)))
    assert sorted(ended) == [False] * 9 + [True]
    assert at(ledgers, GEMMA) == {"given": 1}


def test_a_promise_is_read_with_all_its_facts_in_order_and_its_mark(kept: Kept) -> None:
    told = tuple(fact(n) for n in range(1, 13))
    assert kept.store.commit(Commit(promise(seq=12), None, facts=told)) is Committed.DONE
    kept.store.claim(notice())
    assert kept.ledgers.counted("p1") == Counted(list(told), None)
    kept.ledgers.add([counting(12)])
    assert kept.ledgers.counted("p1") == Counted(list(told), Mark(1, 12))
    assert kept.ledgers.counted("nobody") == Counted([], None)


def test_a_span_holds_the_rows_of_its_days_and_of_no_other_book(ledgers: Ledgers) -> None:
    days = [replace(DAY, period=f"2026-11-{day:02d}", group=group) for day in (1, 9, 10, 30) for group in ("", "s#7|é")]
    rows = {row: {"given": int(row.period[-2:])} for row in [*days, DEED, MONTH, replace(DAY, period="2026-12-09")]}
    ledgers.add([Counting("p1", None, Mark(1, 1), rows)])
    found = sorted(
        (group, numbers["given"]) for group, numbers in ledgers.rows(1, [Span(Book.PROMISER, "2026-11", "02", "10")])
    )
    assert found == [("", 9), ("", 10), ("s#7|é", 9), ("s#7|é", 10)]
    whole = list(ledgers.rows(1, [Span(Book.PROMISER, "2026-11", "01", "30"), Span(Book.PROMISER, "2026", "11", "11")]))
    assert len(whole) == 9
    assert list(ledgers.rows(1, [Span(Book.DEED, "2026-11", "24", "24")])) == [("commitment|delivery@2", {"given": 24})]
    assert list(ledgers.rows(2, [Span(Book.PROMISER, "2026-11", "01", "30")])) == []


def test_more_rows_than_one_answer_holds_are_all_read(ledgers: Ledgers) -> None:
    long_name = "granted:" + "X" * 40_000
    for n in range(40):
        ledgers.add([Counting(f"p{n}", None, Mark(1, 1), {replace(DAY, group=f"seller-{n}"): {long_name: n + 1}})])
    found = {
        group: numbers[long_name] for group, numbers in ledgers.rows(1, [Span(Book.PROMISER, "2026-11", "24", "24")])
    }
    assert found == {f"seller-{n}": n + 1 for n in range(40)}


def test_as_many_rows_and_marks_as_one_transaction_takes_are_added_at_once(ledgers: Ledgers) -> None:
    rows = {replace(DAY, group=f"seller-{n}"): {"given": n} for n in range(1, 100)}
    assert ledgers.add([Counting("p1", None, Mark(1, 1), rows)])
    assert ledgers.at(1, list(rows)) == rows


def test_the_generations_are_the_first_until_they_are_turned(ledgers: Ledgers) -> None:
    assert ledgers.generations() == Generations(1, 1)
    ledgers.turn(Generations(1, 2))
    assert ledgers.generations() == Generations(1, 2)


def walk(ledgers: Ledgers, rows_before: int) -> list[str]:
    """Return the promises of all pages."""
    found: list[str] = []
    cursor = None
    while True:
        page = ledgers.pages(cursor, rows_before)
        found += page.promise_ids
        cursor = page.cursor
        if cursor is None:
            return found


def test_every_promise_is_on_some_page_once(kept: Kept) -> None:
    names = [f"p{n:03d}" for n in range(120)]
    for each in names:
        kept.store.commit(Commit(promise(each, seq=1, what="x" * 20_000), None, facts=(fact(1, each),)))
    assert sorted(walk(kept.ledgers, 1)) == names


def test_going_through_the_pages_deletes_rows_of_older_generations_and_nothing_else(kept: Kept) -> None:
    kept.store.commit(Commit(promise(seq=1), None, facts=(fact(1),)))
    rows = {row: {"given": 1} for row in (GEMMA, DAY, MONTH, DEED)}
    for generation, promise_id in ((1, "p1"), (2, "p2"), (3, "p3")):
        kept.ledgers.add([Counting(promise_id, None, Mark(generation, 1), rows)])
    kept.ledgers.turn(Generations(2, 3))
    assert walk(kept.ledgers, 2) == ["p1"]
    assert [len(kept.ledgers.at(generation, list(rows))) for generation in (1, 2, 3)] == [0, 4, 4]
    assert kept.ledgers.generations() == Generations(2, 3)
    assert kept.ledgers.counted("p1") == Counted([fact(1)], Mark(1, 1))
    assert len(list(kept.ledgers.rows(1, [Span(Book.DEED, "2026-11", "01", "30")]))) == 0


def test_unreachable_ledgers_say_so_whatever_they_are_asked(unreachable: Ledgers) -> None:
    calls: list[Callable[[], object]] = [
        unreachable.generations,
        lambda: unreachable.turn(Generations(1, 2)),
        lambda: unreachable.counted("p1"),
        lambda: unreachable.add([counting(1)]),
        lambda: unreachable.at(1, [GEMMA]),
        lambda: list(unreachable.rows(1, [Span(Book.DEED, "2026-11", "01", "30")])),
        lambda: unreachable.pages(None, 1),
    ]
    for call in calls:
        with pytest.raises(StoreUnavailable):
            call()
