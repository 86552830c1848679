"""What lists a customer's promises, and what takes their personal data out again."""

from dataclasses import replace

import pytest

from chalicelib.domain.facts import Fact
from chalicelib.domain.people import Customer
from chalicelib.domain.promise import Claim, ClaimStatus, Finding
from chalicelib.usecases.ports import Commit, Committed, ReplyRoute, Store
from tests.contract.builders import NOON, answer, promise
from tests.contract.conftest import Stored

P1 = promise("p1", customer_ref="c-1")
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
    assert store.save_customer(WHO, answer()) is Committed.DONE
    assert store.save_customer(replace(WHO, name="Carla"), answer()) is Committed.REPEATED
    assert store.customers(["c-1"]) == {"c-1": WHO}


def test_forgetting_blanks_the_words_of_facts_and_keeps_the_facts(store: Store) -> None:
    facts = (Fact("p1", 1, "ProgressNoted", NOON, {"tell": "next"}, "palabras"), Fact("p1", 2, "PromiseKept", NOON))
    store.commit(Commit(P1, None, facts))
    for _ in range(2):
        store.forget("p1")
    assert sorted(store.facts([("p1", 1), ("p1", 2)]), key=lambda fact: fact.seq) == [
        replace(facts[0], text=None),
        facts[1],
    ]
    store.forget("none")


def test_a_forgotten_customer_has_no_profile_and_no_route(store: Store) -> None:
    route = ReplyRoute("key", "p1")
    store.commit(Commit(P1, None, customer=WHO, reply_route=route))
    for _ in range(2):
        store.forget_customer("c-1", ["key", "other"])
    assert store.customers(["c-1"]) == {}
    assert store.reply_route("key") is None


def test_an_expiring_promise_can_be_read_until_it_is_gone(store: Store) -> None:
    store.commit(Commit(P1, None, (Fact("p1", 1, "PromiseKept", NOON),)))
    for _ in range(2):
        store.expire("p1", NOON)
    assert store.load(["p1"])["p1"].customer_ref == "c-1"
    assert store.promises_of("c-1") == ["p1"]
    store.expire("none", NOON)
