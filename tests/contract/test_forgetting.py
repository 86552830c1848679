"""What lists a customer's promises, what takes their personal data out again, and what lets a promise vanish."""

from dataclasses import replace

import boto3
import pytest

from chalicelib.adapters.tables import Place
from chalicelib.domain.claimed import Claim, ClaimStatus, Finding
from chalicelib.domain.facts import Fact
from chalicelib.domain.people import Customer
from chalicelib.usecases.store_port import Commit, Committed, ReplyRoute, Store
from tests.contract.builders import MINUTE, NOON, OFFER, answer, concession, notice, promise, redeemed
from tests.contract.conftest import REGION, Stored, dynamo, make_tables

P1, P2 = promise("p1", customer_ref="c-1"), promise("p2", customer_ref="c-1")
WHO = Customer("c-1", "es", "Europe/Madrid", "Gemma", "g@example.com", "+34600000000")


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def test_a_customers_promises_are_listed_from_their_making_on(store: Store) -> None:
    for each in (P1, promise("p2", customer_ref="c-1"), promise("p3", customer_ref="c-2")):
        assert store.commit(Commit(each, None)) is Committed.DONE
    assert store.commit(Commit(replace(P1, version=1), None)) is Committed.DONE
    assert sorted(store.promises_of("c-1")) == ["p1", "p2"]
    assert store.promises_of("nobody") == []


def test_a_customers_claims_are_listed_with_what_was_found_of_them(store: Store) -> None:
    raised = replace(P1, claim=Claim(ClaimStatus.RATIFIED, NOON))
    for each in (raised, promise("p2", customer_ref="c-1"), replace(raised, id="p3", customer_ref="c-2")):
        assert store.commit(Commit(each, None)) is Committed.DONE
    assert store.claims_of("c-1") == {"p1": None}
    found = replace(raised, version=1, claim=Claim(ClaimStatus.RATIFIED, NOON, Finding.NOT_PROMISED, NOON))
    assert store.commit(Commit(found, None)) is Committed.DONE
    assert store.claims_of("c-1") == {"p1": Finding.NOT_PROMISED}
    assert store.claims_of("nobody") == {}


def test_a_changed_profile_is_stored_with_its_answer_once(store: Store) -> None:
    assert store.save_customer(WHO, answer(), known=False) is Committed.DONE
    assert store.save_customer(replace(WHO, name="Carla"), answer(), known=True) is Committed.REPEATED
    assert store.customers(["c-1"]) == {"c-1": WHO}
    carla = replace(WHO, name="Carla")
    assert store.save_customer(carla, answer("msg_2"), known=True) is Committed.DONE
    assert store.customers(["c-1"]) == {"c-1": carla}


def test_what_was_made_of_a_profile_that_is_gone_does_not_bring_it_back(store: Store) -> None:
    assert store.save_customer(WHO, answer(), known=True) is Committed.STALE
    made = Commit(P1, None, answer=answer(), customer=WHO, customer_known=True)
    assert store.commit(made) is Committed.STALE
    assert store.customers(["c-1"]) == {}
    assert store.load(["p1"]) == {}
    assert store.answer("shop", "msg_1") is None
    assert store.commit(replace(made, customer_known=False)) is Committed.DONE
    again = replace(made, promise=promise("p2", customer_ref="c-1"), answer=answer("msg_2"))
    assert store.commit(again) is Committed.DONE
    assert store.customers(["c-1"]) == {"c-1": WHO}


def test_an_answer_by_itself_is_kept_once(store: Store) -> None:
    assert store.keep_answer(answer(body="first")) is Committed.DONE
    assert store.keep_answer(answer(body="second")) is Committed.REPEATED
    assert store.answer("shop", "msg_1") == answer(body="first")


def test_forgetting_blanks_the_words_of_facts_and_keeps_the_facts(store: Store) -> None:
    noted = Fact("p1", 1, "ProgressNoted", NOON, {"tell": "next"}, "palabras", NOON + MINUTE)
    facts = (noted, Fact("p1", 2, "PromiseKept", NOON))
    store.commit(Commit(P1, None, facts))
    for _ in range(2):
        store.forget("p1")
    assert sorted(store.facts([("p1", 1), ("p1", 2)]), key=lambda fact: fact.seq) == [
        replace(facts[0], text=None),
        facts[1],
    ]
    store.forget("none")


def test_a_forgotten_customer_has_no_profile_and_no_route(store: Store) -> None:
    store.commit(Commit(P1, None, customer=WHO))
    store.set_reply_route(ReplyRoute("key", "p1", NOON))
    for _ in range(2):
        store.forget_customer("c-1", ["key", "other"])
    assert store.customers(["c-1"]) == {}
    assert store.reply_route("key") is None


def test_forgetting_a_customer_takes_the_words_of_concessions_and_keeps_their_numbers(store: Store) -> None:
    granted = replace(redeemed(), void=True)
    theirs, somebody_elses = concession(), concession("OTHER-CODE", customer_ref="c-1")
    store.commit(Commit(promise(), None, concession=theirs))
    store.commit(Commit(P2, None, concession=somebody_elses))
    store.redeem(redeemed(), answer())
    store.commit(Commit(promise(version=1), None, concession=granted))
    for _ in range(2):
        store.forget_customer("c-99", [])
    assert list(store.concessions_of("c-99")) == [replace(granted, offer=replace(OFFER, text=""))]
    assert list(store.concessions_of("c-1")) == [somebody_elses]


def test_an_expiring_promise_can_be_read_until_it_is_gone(store: Store) -> None:
    store.commit(Commit(P1, None, (Fact("p1", 1, "PromiseKept", NOON),)))
    for _ in range(2):
        store.expire("p1", NOON)
    assert store.load(["p1"])["p1"].customer_ref == "c-1"
    assert store.promises_of("c-1") == ["p1"]
    store.expire("none", NOON)


def test_what_expires_is_not_reopened_until_its_expiry_is_taken_back(store: Store) -> None:
    store.commit(Commit(P1, None))
    reopened = Commit(replace(P1, version=1), None, reopened=True)
    store.expire("p1", NOON)
    assert store.commit(reopened) is Committed.STALE
    for _ in range(2):
        store.keep("p1")
    assert store.commit(reopened) is Committed.DONE
    store.keep("none")


def test_a_promise_that_is_kept_after_all_loses_the_expiry_of_all_that_belongs_to_it(aws: None) -> None:
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    make_tables(dynamodb)
    store = dynamo(Place(REGION)).store

    def expiring() -> list[str]:
        return sorted(each["sk"]["S"] for each in dynamodb.scan(TableName="promises")["Items"] if "expires_at" in each)

    mine = replace(P1, promiser_ref="seller-7", claim=Claim(ClaimStatus.RATIFIED, NOON))
    store.claim(notice())
    found = {"finding": Finding.PROMISED, "promiser": "seller-7", "subject": "s-1"}
    facts = (
        Fact("p1", 1, "PromiseMade", NOON),
        Fact("p1", 2, "ClaimSettled", NOON, found),
        Fact("p1", 3, "PromiseKept", NOON),
        Fact("p1", 4, "ExpectationHeard", NOON, {"language": "es"}, "una llamada"),
    )
    store.commit(Commit(mine, None, facts))
    store.expire("p1", NOON)
    assert len(expiring()) == 11
    store.keep("p1")
    assert expiring() == []


def test_what_a_crash_left_half_kept_is_found_again(aws: None) -> None:
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    make_tables(dynamodb)
    store = dynamo(Place(REGION)).store
    store.commit(Commit(P1, None, (Fact("p1", 1, "PromiseMade", NOON),)))
    store.expire("p1", NOON)
    # The last that loses its expiry is the first of the promise's own items.
    first = {"pk": {"S": "P#p1"}, "sk": {"S": "FACT#000001"}}
    listed = {"pk": {"S": "C#c-1"}, "sk": {"S": "PROMISE#2026-11-24T12:00:00.000000Z~p1"}}
    for key in (listed, {**first, "sk": {"S": "STATE"}}):
        dynamodb.update_item(TableName="promises", Key=key, UpdateExpression="REMOVE expires_at")
    store.keep("p1")
    assert "expires_at" not in dynamodb.get_item(TableName="promises", Key=first)["Item"]
