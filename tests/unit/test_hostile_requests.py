"""What hostile requests have brought down once: each is refused, or served, like any other now."""

from typing import Any

import pytest

from chalicelib.entrypoints.check_in_form import read_check_in
from chalicelib.usecases.store_port import StoreUnavailable
from tests.http import Http, fields
from tests.simulation.fuzzing.estate import READ_KEY
from tests.simulation.fuzzing.examples import TROUBLE
from tests.simulation.fuzzing.gateway import FORM, Answer, Request, ask
from tests.simulation.fuzzing.signing import EVENTS, RECEIPTS
from tests.unit.test_page_check_in import LATE
from tests.unit.test_webhooks_http import MADE
from tests.world import SOURCE, World

KEY = {"authorization": f"Bearer {READ_KEY}"}
HALF = "\ud800"


def asked(method: str, route: str, **more: Any) -> Answer:
    return ask(Request(method, route, **more), World())


@pytest.mark.parametrize(
    ("body", "encoded"), [("é", True), ("A", True), (HALF, False), (HALF, True)], ids=["text", "cut", "half", "both"]
)
@pytest.mark.parametrize("route", [EVENTS, RECEIPTS])
def test_a_body_that_is_neither_text_nor_base64_is_a_bad_request(route: str, body: str, encoded: bool) -> None:
    answer = asked("POST", route, path={"source": SOURCE}, body=body, encoded=encoded)
    assert answer.status == 400
    assert "not-readable" in answer.body


@pytest.mark.parametrize("page", ["/p", "/c", "/k"])
def test_a_form_that_is_neither_text_nor_base64_is_a_form_without_fields(page: str) -> None:
    assert asked("POST", page, headers={"content-type": FORM}, body="A", encoded=True).status == 404


@pytest.mark.parametrize(
    "route",
    ["/v1/promises/{id_}", "/v1/claims/{id_}", "/v1/customers/{ref}", "/v1/promisers/{ref}", "/v1/teams/{team}"],
)
@pytest.mark.parametrize("name", [HALF, "%ED%A0%80", "x" * 129, "%C3%A9" * 129, "%", ""])
def test_a_name_that_nobody_can_have_given_is_not_found_and_not_looked_for(route: str, name: str) -> None:
    world = World()
    if len(name) > 128:
        world.store.before = _fail
    answer = ask(Request("GET", route, KEY, path={"id_": name, "ref": name, "team": name}), world)
    assert answer.status == 404


def test_half_a_character_in_a_query_is_none() -> None:
    assert asked("GET", "/v1/promises", headers=KEY, query=(("source", SOURCE), ("ref", HALF))).status == 404
    shown = asked(
        "POST", "/v1/report", headers={"content-type": FORM}, body=f"key={READ_KEY}".encode(), query=(("by", HALF),)
    )
    assert shown.status == 303


def test_half_a_character_is_no_read_key() -> None:
    assert asked("GET", "/v1/promises", headers={"authorization": f"Bearer {HALF}"}).status == 401


@pytest.mark.parametrize("weight", ["²", "٣", ".", "1e9", "nan", "-1", "1" * 5000, ""])
def test_a_weight_that_is_no_number_makes_no_page(weight: str) -> None:
    answer = asked("GET", "/v1/report", headers={**KEY, "accept": f"text/html;q={weight}"})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("until", ["9999-12-31T23:59:59Z", "2036-11-26T00:00:00Z"])
def test_an_offer_for_ever_is_refused_before_a_date_is_said_that_no_calendar_has(until: str) -> None:
    http = Http(World())
    http.post_event("promise.made", MADE)
    offer = TROUBLE["offer"] | {"valid_until": until}
    refused = http.post_event("promise.at_risk", TROUBLE | {"ref": MADE["ref"], "offer": offer})
    assert fields(refused) == {"data.offer.valid_until"}


@pytest.mark.parametrize("date", ["9999-12-31T23:59", "2036-11-26T00:00"])
def test_a_promiser_cannot_put_off_for_ever(date: str) -> None:
    world = World()
    form = LATE | {"solution": "Soon", "new_due_at": date}
    assert read_check_in(form, world.rules, world.system.now()) == {"new_due_at": "too_far"}


def _fail(call: str) -> None:
    raise StoreUnavailable(call)
