"""Recoveries over HTTP: which parts a webhook must bring, what is refused, and what redeems what was granted."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http import Http, fields, problem
from tests.unit.test_webhooks_http import MADE
from tests.world import World

OFFER = {"kind": "amount_off", "value": "5.00", "currency": "EUR", "text": "5 € menos en tu próximo pedido"}
TROUBLE: dict[str, Any] = {
    "ref": "order-1234",
    "case": "delay",
    "reason": "el camión se averió",
    "done_so_far": "hemos cambiado de transportista",
    "solution": "llega el día 8",
    "new_due_at": "2026-12-08T18:00:00Z",
    "offer": OFFER,
    "decide_by": "2026-11-27T18:00:00Z",
}


@pytest.fixture
def http() -> Http:
    http = Http(World())
    http.post_event("promise.made", MADE)
    http.world.drain()
    return http


def chosen(http: Http, choice: str = "stay") -> str:
    """Have a recovery, and the customer's choice by phone; return the code of what was granted."""
    http.post_event("promise.at_risk", TROUBLE)
    http.world.drain()
    http.post_event("call.made", {"ref": "order-1234", "outcome": "reached", "choice": choice})
    concessions = http.world.store.concessions_of("c-99")
    return concessions[0].code if concessions else ""


@pytest.mark.parametrize(("kind", "status"), [("promise.at_risk", "at_risk"), ("promise.broken", "broken")])
def test_a_recovery_with_all_its_parts_is_accepted(http: Http, kind: str, status: str) -> None:
    response = http.post_event(kind, TROUBLE)
    assert response.status_code == 202
    assert json.loads(response.body)["promise"]["status"] == status
    http.world.drain()
    assert http.world.heard() == ["confirmation", "recovery_delay"]


@pytest.mark.parametrize("part", ["case", "reason", "done_so_far", "solution", "offer"])
def test_a_recovery_with_a_part_missing_names_it_and_nothing_is_sent(http: Http, part: str) -> None:
    trouble = {name: value for name, value in TROUBLE.items() if name != part}
    assert fields(http.post_event("promise.at_risk", trouble)) == {f"data.{part}"}
    assert fields(http.post_event("promise.broken", trouble | {part: ""})) == {f"data.{part}"}
    http.world.drain()
    assert http.world.heard() == ["confirmation"]


def test_every_missing_part_is_named_at_once(http: Http) -> None:
    named = fields(http.post_event("promise.broken", {"ref": "order-1234"}))
    assert named == {"data.case", "data.reason", "data.done_so_far", "data.solution", "data.offer"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"case": "weather"}, "data.case"),
        ({"new_due_at": "2026-11-01T00:00:00Z"}, "data.new_due_at"),
        ({"decide_by": "2026-11-01T00:00:00Z"}, "data.decide_by"),
        ({"offer": {"kind": "kiss", "text": "x"}}, "data.offer.kind"),
        ({"offer": {"kind": "gift"}}, "data.offer.text"),
        ({"offer": {"kind": "amount_off", "text": "x"}}, "data.offer"),
        ({"offer": {"kind": "discount", "text": "x", "value": "120"}}, "data.offer"),
        ({"offer": OFFER | {"currency": "EURO"}}, "data.offer.currency"),
        ({"offer": OFFER | {"value": "many"}}, "data.offer.value"),
        ({"offer": OFFER | {"valid_until": "2026-11-01T00:00:00Z"}}, "data.offer.valid_until"),
        ({"ofer": OFFER, "offer": None}, "data.ofer"),
    ],
)
def test_what_is_wrong_with_a_recovery_is_named(http: Http, change: dict[str, Any], named: str) -> None:
    trouble = {name: value for name, value in (TROUBLE | change).items() if value is not None}
    assert named in fields(http.post_event("promise.at_risk", trouble))


@pytest.mark.parametrize(
    ("offer", "seen"),
    [
        (OFFER, {"kind": "amount_off", "minor_units": 500, "currency": "EUR", "percent": None}),
        (OFFER | {"currency": "JPY", "value": 500}, {"minor_units": 500, "currency": "JPY"}),
        (
            {"kind": "discount", "value": 12.5, "text": "x"},
            {"kind": "discount", "percent": "12.5", "minor_units": None},
        ),
        ({"kind": "free shipping", "text": "x"}, {"kind": "free_shipping", "percent": None, "minor_units": None}),
        ({"kind": "special treatment", "text": "x"}, {"kind": "special"}),
    ],
)
def test_an_offer_keeps_its_value(http: Http, offer: dict[str, Any], seen: dict[str, Any]) -> None:
    http.post_event("promise.at_risk", TROUBLE | {"offer": offer})
    http.world.drain()
    http.post_event("call.made", {"ref": "order-1234", "outcome": "reached", "choice": "stay"})
    (open_one,) = http.read("/v1/customers/c-99")["open_concessions"]
    assert seen.items() <= open_one.items()


def test_what_was_granted_is_redeemed_exactly_once(http: Http) -> None:
    code = chosen(http)
    first = http.post_event("concession.redeemed", {"code": code.lower(), "order": "order-77"})
    assert first.status_code == 202
    assert json.loads(first.body)["concession"]["order"] == "order-77"
    assert http.post_event("concession.redeemed", {"code": code, "order": "order-77"}).status_code == 202
    refused = http.post_event("concession.redeemed", {"code": code, "order": "order-78"})
    assert "order-77" in problem(refused, 409)["detail"]
    assert http.read("/v1/customers/c-99")["open_concessions"] == []


def test_the_same_redemption_webhook_gets_the_same_answer(http: Http) -> None:
    code = chosen(http)
    answers = [
        http.post_event("concession.redeemed", {"code": code, "order": "o"}, webhook_id="msg_r") for _ in range(2)
    ]
    assert answers[0].body == answers[1].body


def test_an_unknown_a_void_and_an_expired_concession_are_told_apart(http: Http) -> None:
    problem(http.post_event("concession.redeemed", {"code": "NONE-NONE-NONE", "order": "o"}), 404)
    offer = OFFER | {"valid_until": "2026-11-26T00:00:00Z"}
    http.post_event("promise.at_risk", TROUBLE | {"offer": offer})
    http.world.drain()
    http.post_event("call.made", {"ref": "order-1234", "outcome": "reached", "choice": "stay"})
    code = http.world.store.concessions_of("c-99")[0].code
    http.world.system.time = http.world.system.time.replace(day=26)
    assert "expired" in problem(http.post_event("concession.redeemed", {"code": code, "order": "o"}), 409)["detail"]
    http.post_event("call.made", {"ref": "order-1234", "outcome": "reached", "choice": "cancel"})
    http.world.system.time = http.world.system.time.replace(day=25)
    assert "withdrawn" in problem(http.post_event("concession.redeemed", {"code": code, "order": "o"}), 409)["detail"]


def test_a_choice_is_final_only_once_there_is_one(http: Http) -> None:
    problem(http.post_event("choice.final", {"ref": "order-1234"}), 409)
    chosen(http)
    assert http.post_event("choice.final", {"ref": "order-1234"}).status_code == 202
    assert http.post_event("choice.final", {"ref": "order-1234"}).status_code == 202
    late = {"ref": "order-1234", "outcome": "reached", "choice": "cancel"}
    problem(http.post_event("call.made", late), 409)


def test_a_call_that_reached_nobody_cannot_bring_a_choice(http: Http) -> None:
    call = {"ref": "order-1234", "outcome": "no_answer", "choice": "stay"}
    assert fields(http.post_event("call.made", call)) == {"data"}


def test_an_attempt_is_not_broken_but_refused_with_what_to_do(http: Http) -> None:
    http.post_event("promise.made", MADE | {"ref": "try-1", "kind": "attempt"})
    refused = problem(http.post_event("promise.broken", TROUBLE | {"ref": "try-1"}), 409)
    assert "promise.progressed" in refused["detail"]


def test_the_promiser_is_asked_when_the_webhook_says(http: Http) -> None:
    leads = {"check_in_before": "PT20M", "warn_before": "PT10M"}
    made = {name: value for name, value in MADE.items() if name not in {"due_at", "updates"}} | leads
    http.post_event("promise.made", made | {"ref": "soon-1", "due_in": "PT30M"})
    bad = {"check_in_before": "PT40M", "warn_before": "PT45M"}
    named = fields(http.post_event("promise.made", made | {"ref": "soon-2", "due_in": "PT30M"} | bad))
    assert named == {"data.check_in_before", "data.warn_before"}


def test_an_unknown_customer_is_not_found(http: Http) -> None:
    problem(http.get("/v1/customers/nobody", {"Authorization": "Bearer read-key"}), 404)
    problem(http.get("/v1/customers/c-99"), 401)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(list(TROUBLE)), inner=st.none() | st.sampled_from([*OFFER, "valid_until"]), value=_JSON)
def test_no_value_of_any_field_brings_it_down(http: Http, field: str, inner: str | None, value: Any) -> None:
    data = TROUBLE | ({"offer": OFFER | {inner: value}} if inner else {field: value})
    assert http.post_event("promise.at_risk", data).status_code in {202, 400, 404, 409, 422}
