"""What a webhook may say of a claim, and what those who correct it are told."""

import json
from typing import Any

import pytest

from chalicelib.usecases.publish import event_of
from tests.events import faults
from tests.http import Http, fields
from tests.unit.test_claims import CLAIM, raised
from tests.unit.test_webhooks_http import MADE
from tests.world import World


@pytest.fixture
def http() -> Http:
    return Http(World())


def ratified(http: Http) -> dict[str, Any]:
    """Return what is published of a claim that was believed, once it is seen to fit its schema."""
    fact = next(each for each in http.world.store.noted.values() if each.name == "ClaimRatified")
    event = event_of(fact, http.world.store.promises[fact.promise_id])
    detail = {**event.detail, "id": event.id, "at": event.at.isoformat()}
    assert faults(event.type, detail) == []
    return detail


@pytest.mark.parametrize(
    ("given", "published"),
    [
        ({"what": "price", "amount": "19.90", "currency": "EUR"}, {"amount_minor": 1990, "currency": "EUR"}),
        ({"what": "amount", "amount": "500", "currency": "JPY"}, {"amount_minor": 500, "currency": "JPY"}),
        ({"what": "discount", "percent": "12.5"}, {"percent": "12.5"}),
        ({"what": "discount", "percent": 10}, {"percent": "10"}),
        ({"what": "term", "term": "2026-12-24"}, {}),
        ({"what": "other"}, {}),
    ],
)
def test_those_who_correct_are_told_what_in_names_and_numbers(
    http: Http, given: dict[str, Any], published: dict[str, Any]
) -> None:
    claim_id = raised(http, corrects=given)["claim"]["id"]
    detail = ratified(http)
    assert ({"corrects": given["what"], "order": "1234"} | published).items() <= detail.items()
    assert ("amount_minor" in detail) == ("amount" in given)
    told = http.read(f"/v1/claims/{claim_id}")["claim"]["corrects"]
    assert told["what"] == given["what"]
    assert told.get("term") == given.get("term")


def test_a_term_in_words_is_read_and_never_published(http: Http) -> None:
    claim_id = raised(http, corrects={"what": "term", "term": "entrega antes de Navidad"})["claim"]["id"]
    assert "Navidad" not in json.dumps(ratified(http))
    assert http.read(f"/v1/claims/{claim_id}")["claim"]["corrects"]["term"] == "entrega antes de Navidad"
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    assert "Navidad" not in repr(http.world.store.promises)


@pytest.mark.parametrize(
    ("corrects", "field"),
    [
        ({}, "what"),
        ({"what": "colour"}, "what"),
        ({"what": "amount"}, "amount"),
        ({"what": "amount", "amount": "0", "currency": "EUR"}, "amount"),
        ({"what": "price", "amount": "19.90"}, "currency"),
        ({"what": "price", "currency": "EUR"}, "currency"),
        ({"what": "price", "amount": "19.901", "currency": "EUR"}, "amount"),
        ({"what": "price", "amount": "19,90", "currency": "EUR"}, "amount"),
        ({"what": "discount"}, "percent"),
        ({"what": "discount", "percent": 0}, "percent"),
        ({"what": "discount", "percent": 101}, "percent"),
        ({"what": "discount", "percent": "1.234"}, "percent"),
        ({"what": "term"}, "term"),
        ({"what": "other", "percnt": 10}, "percnt"),
    ],
)
def test_what_must_be_corrected_is_checked_and_the_field_at_fault_named(
    http: Http, corrects: dict[str, Any], field: str
) -> None:
    assert fields(http.post_event("claim.raised", CLAIM | {"corrects": corrects})) == {f"data.corrects.{field}"}
    assert not http.world.store.promises


@pytest.mark.parametrize("kind", ["claim.raised", "promise.made"])
@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"amount": "25.20"}, "currency"),
        ({"currency": "EUR"}, "currency"),
        ({"amount": "25.201", "currency": "EUR"}, "amount"),
        ({"amount": "2520.5", "currency": "JPY"}, "amount"),
    ],
)
def test_an_amount_has_its_currency_and_no_more_decimals_than_that(
    http: Http, kind: str, about: dict[str, str], field: str
) -> None:
    data = (CLAIM if kind == "claim.raised" else MADE) | {"about": about}
    assert fields(http.post_event(kind, data)) == {f"data.about.{field}"}


def test_evidence_may_be_long_and_by_whom_and_when_are_words(http: Http) -> None:
    words = {"by_whom": "un señor de la tienda", "when": "a principios de mes", "evidence": "x" * 4000}
    claim_id = raised(http, **words)["claim"]["id"]
    assert words.items() <= http.read(f"/v1/claims/{claim_id}")["claim"].items()
    assert fields(http.post_event("claim.raised", CLAIM | {"ref": "c-2", "evidence": "x" * 4001})) == {"data.evidence"}
