"""How every Store lists the promises of a customer and of a promiser, however many there are."""

from dataclasses import replace
from datetime import datetime

import boto3
import pytest

from chalicelib.adapters.tables import Place
from chalicelib.domain.claimed import Claim, ClaimStatus
from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing, Party, listing_of
from chalicelib.domain.people import Promiser
from chalicelib.domain.promise import Promise
from chalicelib.usecases.store_port import Commit, Committed, Store
from tests.contract.builders import MINUTE, NOON, promise
from tests.contract.conftest import REGION, Stored, dynamo, make_tables

BOTH = [(Party.CUSTOMER, "c-1"), (Party.PROMISER, "seller-7")]


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def made(n: int, at: datetime = NOON, **known: object) -> Promise:
    return promise(f"p{n}", made_at=at, customer_ref="c-1", **{"promiser_ref": "seller-7", **known})


def filled(store: Store, *promises: Promise) -> list[Listing]:
    """Store promises and return their places, the newest first."""
    for each in promises:
        assert store.commit(Commit(each, None)) is Committed.DONE
    return sorted((Listing(each.made_at, each.id) for each in promises), reverse=True)


@pytest.mark.parametrize(("party", "ref"), BOTH)
def test_promises_are_listed_newest_first_to_the_microsecond(store: Store, party: Party, ref: str) -> None:
    moments = [NOON, NOON + MINUTE / 60_000_000, NOON + MINUTE, NOON - MINUTE]
    newest_first = filled(store, *(made(n, at) for n, at in enumerate(moments)))
    assert list(store.newest(party, ref, 10)) == newest_first
    assert [each.promise_id for each in newest_first] == ["p2", "p1", "p0", "p3"]
    assert store.newest(party, "nobody", 10) == []


@pytest.mark.parametrize(("party", "ref"), BOTH)
def test_page_after_page_tells_each_promise_once_though_more_are_made_meanwhile(
    store: Store, party: Party, ref: str
) -> None:
    newest_first = filled(store, *(made(n) for n in range(3)), *(made(n, NOON + MINUTE) for n in range(3, 7)))
    told: list[Listing] = []
    while page := store.newest(party, ref, 2, told[-1] if told else None):
        told += page
        store.commit(Commit(made(100 + len(told), NOON + 2 * MINUTE), None))
    assert told == newest_first


@pytest.mark.parametrize(("party", "ref"), BOTH)
def test_reading_goes_on_after_a_place_that_nothing_is_at(store: Store, party: Party, ref: str) -> None:
    newest_first = filled(store, made(1), made(2, NOON + 2 * MINUTE))
    assert list(store.newest(party, ref, 9, Listing(NOON + MINUTE, "p9"))) == newest_first[1:]


def test_a_change_lists_nothing_anew_and_a_promise_without_a_promiser_stands_with_its_customer(store: Store) -> None:
    claim = Claim(ClaimStatus.RATIFIED, NOON)
    first, second = made(1, claim=claim), made(2, promiser_ref=None)
    filled(store, first, second)
    store.commit(Commit(replace(first, version=1, recoveries=1), None))
    assert [each.promise_id for each in store.newest(Party.PROMISER, "seller-7", 9)] == ["p1"]
    assert [each.promise_id for each in store.newest(Party.CUSTOMER, "c-1", 9)] == ["p2", "p1"]
    assert store.claims_of("c-1") == {"p1": None}


def settled(n: int, promiser: str) -> Fact:
    return Fact("p1", n, "ClaimSettled", NOON, {"finding": "promised", "promiser": promiser})


def test_a_claim_is_listed_with_everybody_on_whom_a_finding_counted(store: Store) -> None:
    claim = made(1, promiser_ref=None, claim=Claim(ClaimStatus.RATIFIED, NOON))
    filled(store, claim)
    for n, ref in enumerate(("seller-8", "seller-9"), 1):
        assert store.commit(Commit(replace(claim, version=n), None, (settled(n, ref),))) is Committed.DONE
    assert [store.newest(Party.PROMISER, f"seller-{n}", 9) for n in (7, 8, 9)] == [[], *[[listing_of(claim)]] * 2]
    assert store.newest(Party.CUSTOMER, "c-1", 9) == [listing_of(claim)]


def test_what_lists_an_expiring_promise_expires_with_it_and_names_nobody(aws: None) -> None:
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    make_tables(dynamodb)
    store = dynamo(Place(REGION)).store
    filled(store, made(1, claim=Claim(ClaimStatus.RATIFIED, NOON), what="Gemma's order"), made(2))
    store.commit(Commit(made(1, claim=Claim(ClaimStatus.RATIFIED, NOON), version=1), None, (settled(1, "seller-8"),)))
    store.expire("p1", NOON)
    found = dynamodb.scan(TableName="promises")["Items"]
    listed = [each for each in found if each["pk"]["S"][:2] in {"C#", "B#"}]
    expiring = sorted((each["pk"]["S"], each["sk"]["S"]) for each in listed if "expires_at" in each)
    place = "PROMISE#2026-11-24T12:00:00.000000Z~p1"
    assert expiring == [("B#seller-7", place), ("B#seller-8", place), ("C#c-1", "CLAIM#p1"), ("C#c-1", place)]
    assert len(listed) == 6
    assert "Gemma" not in repr(listed)


def test_who_was_ever_in_a_team_stays_listed_with_it(store: Store) -> None:
    for n, (ref, team) in enumerate((("seller-7", "sales"), ("seller-8", "sales"), ("seller-7", "a/b #1"))):
        commit = Commit(made(n, promiser_ref=ref), None, promiser=Promiser(ref, team=team), joins=team)
        assert store.commit(commit) is Committed.DONE
    store.commit(Commit(made(9, promiser_ref="seller-9"), None, promiser=Promiser("seller-9", team="sales")))
    assert sorted(store.ever_in("sales")) == ["seller-7", "seller-8"]
    assert (store.ever_in("a/b #1"), store.ever_in("nobody")) == (["seller-7"], [])
