"""How every Store tells what a promiser was last confirmed to have promised, subject by subject."""

from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from chalicelib.adapters.tables import Place
from chalicelib.domain.claimed import Claim, ClaimStatus
from chalicelib.domain.facts import Fact
from chalicelib.domain.promise import Promise
from chalicelib.usecases.store_port import Commit, Committed, Store
from tests.contract.builders import NOON, promise
from tests.contract.conftest import REGION, Stored, dynamo, make_tables

CLAIM = Claim(ClaimStatus.RATIFIED, NOON)


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def claimed(n: int) -> Promise:
    return promise(f"p{n}", customer_ref="c-1", promiser_ref="seller-7", claim=CLAIM)


def settled(store: Store, about: Promise, finding: str = "promised", subject: str = "abc", **said: str) -> None:
    """Store a claim with what was found of it."""
    fact = Fact(about.id, 1, "ClaimSettled", NOON, {"finding": finding, "subject": subject, **said})
    assert store.commit(Commit(about, None, (fact,))) is Committed.DONE


def test_the_claim_that_was_confirmed_last_is_named_for_each_subject(store: Store) -> None:
    for n, subject in enumerate(("abc", "abc", "def")):
        settled(store, claimed(n), subject=subject, promiser="seller-7")
    settled(store, claimed(9), "unclear", promiser="seller-7")
    assert store.confirmed("seller-7", ["abc", "def", "ghi"]) == {"abc": "p1", "def": "p2"}
    assert store.confirmed("seller-8", ["abc"]) == {}
    assert store.confirmed("seller-7", []) == {}


def test_a_claim_on_nobody_is_on_nobody_s_record(store: Store) -> None:
    settled(store, replace(claimed(1), promiser_ref=None))
    assert store.confirmed("", ["abc"]) == {}


def test_what_names_a_claim_expires_with_it_unless_a_later_one_took_its_place(aws: None) -> None:
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    make_tables(dynamodb)
    store = dynamo(Place(REGION)).store
    for n, subject in enumerate(("abc", "def")):
        settled(store, claimed(n), subject=subject, promiser="seller-7")
    settled(store, claimed(2), promiser="seller-7")
    for n in range(2):
        store.expire(f"p{n}", NOON + timedelta(days=n))
    found = [each for each in dynamodb.scan(TableName="promises")["Items"] if each["sk"]["S"].startswith("SUBJECT#")]
    assert {each["body"]["S"]: "expires_at" in each for each in found} == {"p1": True, "p2": False}
