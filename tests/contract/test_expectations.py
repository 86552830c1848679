"""How every Store finds what customers had expected by when they said it, and what becomes of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import boto3
import pytest

from chalicelib.adapters.tables import Place
from chalicelib.domain.expectations import Expectation
from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing
from chalicelib.domain.promise import Kind, Promise
from chalicelib.usecases.store_port import Commit, Committed, Store, StoreUnavailable
from tests.contract.builders import MINUTE, NOON, promise
from tests.contract.conftest import REGION, Stored, dynamo, make_tables

DAY = timedelta(days=1)
WORDS = "a call before noon"


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def said(
    store: Store, about: Promise, at: datetime, before: datetime | None = None, seq: int = 1
) -> tuple[Promise, Expectation]:
    """Store what a customer said, in place of what they had said before; return the promise as it is then."""
    data: dict[str, str | int] = {"language": "es"}
    data |= {"before": before.isoformat()} if before else {}
    fact = Fact(about.id, seq, "ExpectationHeard", at, data, WORDS)
    assert store.commit(Commit(about, None, (fact,))) is Committed.DONE
    return replace(about, version=about.version + 1), Expectation(
        Listing(at, about.id), seq, about.kind, about.standard
    )


def at(*moments: datetime) -> list[tuple[Promise, datetime]]:
    return [(promise(f"p{n}"), moment) for n, moment in enumerate(moments)]


def test_expectations_are_found_newest_first_across_months_with_their_kind_and_standard(store: Store) -> None:
    known = promise("p8", kind=Kind.PERSONAL, standard="delivery@2")
    moments = (NOON, NOON + MINUTE / 60_000_000, NOON - 40 * DAY, NOON + 40 * DAY)
    told = [said(store, each, moment)[1] for each, moment in at(*moments)] + [said(store, known, NOON - DAY)[1]]
    newest_first = sorted(told, key=lambda each: each.place, reverse=True)
    assert list(store.expectations(NOON - 100 * DAY, NOON + 100 * DAY, 10)) == newest_first
    assert newest_first[3] == Expectation(Listing(NOON - DAY, "p8"), 1, Kind.PERSONAL, "delivery@2")
    for most in range(1, 5):
        assert list(store.expectations(NOON - 100 * DAY, NOON + 100 * DAY, most)) == newest_first[:most]


def test_a_range_holds_its_first_moment_and_not_its_last(store: Store) -> None:
    for each, moment in at(NOON - MINUTE, NOON, NOON + DAY):
        said(store, each, moment)
    assert [each.place.promise_id for each in store.expectations(NOON, NOON + DAY, 10)] == ["p1"]
    assert store.expectations(NOON + 2 * DAY, NOON + 90 * DAY, 10) == []


def test_page_after_page_tells_each_once(store: Store) -> None:
    places = [said(store, each, moment)[1].place for each, moment in at(*(NOON - n * 12 * DAY for n in range(7)))]
    since, until = NOON - 100 * DAY, NOON + DAY
    told: list[Listing] = []
    while page := store.expectations(since, until, 2, told[-1] if told else None):
        told += [each.place for each in page]
    assert told == places
    for elsewhere in (NOON + 90 * DAY, NOON - 200 * DAY):
        after = Listing(elsewhere, "p0")
        found = store.expectations(since, until, 9, after)
        assert [each.place for each in found] == (places if elsewhere > until else [])


def test_what_is_said_in_other_words_stands_once_at_its_new_moment(store: Store) -> None:
    first, _ = said(store, promise(), NOON)
    second, heard = said(store, first, NOON + DAY, before=NOON, seq=2)
    assert list(store.expectations(NOON - DAY, NOON + 2 * DAY, 9)) == [heard]
    _, again = said(store, second, NOON + DAY, before=NOON + DAY, seq=3)
    assert list(store.expectations(NOON - DAY, NOON + 2 * DAY, 9)) == [again]


def test_what_a_forgotten_promise_was_expected_to_be_is_found_no_more(store: Store) -> None:
    said(store, promise(), NOON)
    _, other = said(store, promise("p2"), NOON)
    for _ in range(2):
        store.forget("p1")
    assert list(store.expectations(NOON - DAY, NOON + DAY, 9)) == [other]


def test_what_finds_an_expectation_expires_with_its_promise_and_holds_nobody_s_words(aws: None) -> None:
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    make_tables(dynamodb)
    store = dynamo(Place(REGION)).store
    for each in ("p1", "p2"):
        said(store, promise(each), NOON)
    store.expire("p1", NOON)
    found = [each for each in dynamodb.scan(TableName="promises")["Items"] if each["pk"]["S"] == "E#2026-11"]
    expiring = {each["sk"]["S"].partition("~")[2]: "expires_at" in each for each in found}
    assert expiring == {"p1": True, "p2": False}
    assert WORDS not in repr(found)


def test_a_store_that_cannot_be_reached_says_so(unreachable: Stored) -> None:
    with pytest.raises(StoreUnavailable):
        unreachable.store.expectations(NOON, NOON + DAY, 9)
    with pytest.raises(StoreUnavailable):
        unreachable.store.confirmed("seller-7", ["abc"])
