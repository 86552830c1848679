"""Webhooks over HTTP: accepted, answered again, or refused with every bad field named, and never a 5xx."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.usecases.store_port import StoreUnavailable
from tests.http import Http, fields, problem
from tests.world import NINE, World

CUSTOMER = {
    "ref": "c-99",
    "name": "Gemma",
    "email": "g@example.com",
    "phone": "+34600000000",
    "locale": "es",
    "time_zone": "Europe/Madrid",
    "channels": ["email", "sms"],
}
MADE: dict[str, Any] = {
    "ref": "order-1234",
    "kind": "commitment",
    "what": "Tu pedido 1234 llega",
    "standard": "delivery",
    "due_at": "2026-12-05T18:00:00-03:00",
    "updates": {"every": "P2D", "at": ["2026-11-25T12:00:00Z"]},
    "promised_by": {"ref": "seller-7", "name": "Ana", "email": "ana@shop.example", "team": "sales"},
    "customer": CUSTOMER,
    "about": {"order": "1234", "amount": "120.00", "currency": "EUR"},
}


@pytest.fixture
def http() -> Http:
    return Http(World())


def test_a_promise_is_accepted_with_what_will_be_heard_next(http: Http) -> None:
    response = http.post_event("promise.made", MADE)
    assert response.status_code == 202
    promise = json.loads(response.body)["promise"]
    assert promise["status"] == "open"
    assert promise["due_at"] == "2026-12-05T21:00:00+00:00"
    assert promise["next_contact_at"] == "2026-11-25T12:00:00+00:00"
    assert http.world.promise().id == promise["id"]


def test_the_same_webhook_gets_the_same_answer(http: Http) -> None:
    first = http.post_event("promise.made", MADE, webhook_id="msg_1")
    http.world.system.time += timedelta(minutes=3)
    again = http.post_event("promise.made", MADE, webhook_id="msg_1")
    assert (again.status_code, again.body) == (first.status_code, first.body)


def test_a_promise_lives_through_its_events(http: Http) -> None:
    http.post_event("promise.made", MADE)
    http.post_event("promise.progressed", {"ref": "order-1234", "note": "ya salió", "tell": "now"})
    response = http.post_event("promise.kept", {"ref": "order-1234", "note": "entregado"})
    assert json.loads(response.body)["promise"]["status"] == "kept"
    assert problem(http.post_event("promise.withdrawn", {"ref": "order-1234", "reason": "tarde"}), 409)
    seen = http.read("/v1/promises?source=shop&ref=order-1234")
    assert [line["fact"] for line in seen["timeline"]] == ["PromiseMade", "ProgressNoted", "PromiseKept"]


def test_everything_that_is_wrong_is_named_at_once(http: Http) -> None:
    wrong = {
        "kind": "vow",
        "what": " ",
        "due_at": "tomorrow",
        "updates": {"every": "P1M", "at": ["2026-11-25T12:00:00Z", "2026-11-25T12:00:00"]},
        "promised_by": {"name": "Ana"},
        "customer": {
            "ref": "c",
            "email": "g@",
            "phone": "600",
            "locale": "fr",
            "time_zone": "Mars",
            "channels": ["fax"],
        },
        "about": {"amount": 12, "currency": "XX"},
    }
    assert fields(http.post_event("promise.made", wrong)) == {
        "data.ref",
        "data.kind",
        "data.what",
        "data.due_at",
        "data.updates.every",
        "data.updates.at[1]",
        "data.promised_by.ref",
        "data.customer.email",
        "data.customer.phone",
        "data.customer.locale",
        "data.customer.time_zone",
        "data.customer.channels[0]",
        "data.about.amount",
        "data.about.currency",
    }
    assert http.world.store.promises == {}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"due_at": None}, "data.due_at"),
        ({"due_in": "P2D"}, "data.due_in"),
        ({"due_at": "2026-11-01T00:00:00Z"}, "data.due_at"),
        ({"due_at": "2126-11-01T00:00:00Z"}, "data.due_at"),
        ({"due_at": "9999-12-31T23:59:59-23:59"}, "data.due_at"),
        ({"due_at": None, "due_in": "P9999W"}, "data.due_in"),
        ({"due_at": 1764000000}, "data.due_at"),
        ({"updates": {"every": "PT5S"}}, "data.updates.every"),
        ({"updates": {"at": ["2026-11-01T00:00:00Z"]}}, "data.updates.at[0]"),
        ({"update": {"every": "P2D"}, "updates": None}, "data.update"),
        ({"customer": CUSTOMER | {"emial": "x"}, "email": None}, "data.customer.emial"),
        ({"what": "a\nb"}, "data.what"),
        ({"what": "x" * 201}, "data.what"),
        ({"ref": "x" * 129}, "data.ref"),
    ],
)
def test_times_and_slips_are_named(http: Http, change: dict[str, Any], named: str) -> None:
    data = {name: value for name, value in (MADE | change).items() if value is not None}
    if named == "data.customer.emial":
        data["customer"] = {name: value for name, value in data["customer"].items() if name != "email"}
    assert named in fields(http.post_event("promise.made", data))


@pytest.mark.parametrize("due_in", ["P2D", "PT4H", "P1W", "P2B"])
def test_a_due_time_may_be_counted_from_now(http: Http, due_in: str) -> None:
    data = {name: value for name, value in MADE.items() if name not in {"due_at", "updates"}}
    assert http.post_event("promise.made", data | {"due_in": due_in}).status_code == 202
    assert http.world.promise().due_at > NINE


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"\xff\xfe", 400),
        (b'{"a":NaN}', 400),
        (b"[" * 100_000, 400),
        (b'{"type":"promise.made","data":{"ref":"\\ud800"}}', 400),
        (b'{"type":"promise.flown","data":{}}', 422),
        (b'{"type":["promise.made"],"data":{}}', 422),
        (b'{"type":"promise.made","data":[]}', 422),
        (b'{"type":"promise.made"}', 422),
        (b'{"type":"promise.made","timestamp":"soon","data":{}}', 422),
    ],
)
def test_a_signed_body_that_is_no_event_is_refused_politely(http: Http, body: bytes, status: int) -> None:
    problem(http.post_event(body=body), status)


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-id": None},
        {"webhook-timestamp": None},
        {"webhook-signature": None},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-timestamp": "soon"},
        {"webhook-id": "other"},
    ],
)
def test_every_bad_signature_gets_the_same_401(http: Http, headers: dict[str, str]) -> None:
    refused = http.post_event("promise.made", MADE, headers=headers)
    stranger = http.post_event("promise.made", MADE, source="stranger")
    assert problem(refused, 401) == problem(stranger, 401)
    assert http.world.store.promises == {}


def test_a_body_of_256_kb_is_read_and_one_byte_more_is_not(http: Http) -> None:
    start = b'{"type":"promise.flown","data":{},"x":"'
    body = start + b"x" * (256 * 1024 - len(start) - 2) + b'"}'
    problem(http.post_event(body=body), 422)
    problem(http.post_event(body=body + b" "), 413)


def test_news_of_an_unknown_promise_names_its_reference(http: Http) -> None:
    response = http.post_event("promise.kept", {"ref": "order-9"})
    assert [each["field"] for each in problem(response, 404)["errors"]] == ["data.ref"]


def test_a_reference_used_for_another_promise_is_refused(http: Http) -> None:
    http.post_event("promise.made", MADE)
    response = http.post_event("promise.made", MADE | {"what": "Otra cosa"})
    assert [each["field"] for each in problem(response, 409)["errors"]] == ["data.ref"]


def test_with_the_store_down_the_sender_is_asked_to_repeat(http: Http) -> None:
    def down(call: str) -> None:
        raise StoreUnavailable

    http.world.store.before = down
    response = http.post_event("promise.made", MADE)
    problem(response, 503)
    assert response.headers["Retry-After"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from([*MADE, "due_in"]), value=_JSON)
def test_no_value_of_any_field_brings_it_down(http: Http, field: str, value: Any) -> None:
    assert http.post_event("promise.made", MADE | {field: value}).status_code in {202, 400, 409, 422}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from(["customer", "promised_by", "updates", "about"]), name=st.data(), value=_JSON)
def test_no_value_of_any_inner_field_brings_it_down(http: Http, part: str, name: Any, value: Any) -> None:
    inner = name.draw(st.sampled_from(sorted(MADE[part])))
    data = MADE | {part: MADE[part] | {inner: value}}
    assert http.post_event("promise.made", data).status_code in {202, 400, 409, 422}


def test_reads_need_a_key(http: Http) -> None:
    http.post_event("promise.made", MADE)
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "read-key"}, {"Authorization": "Bearer é"}):
        response = http.get("/v1/promises?source=shop&ref=order-1234", headers)
        assert problem(response, 401)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_reads_name_what_is_missing_and_know_what_is_not_there(http: Http) -> None:
    key = {"Authorization": "Bearer read-key"}
    assert fields(http.get("/v1/promises", key)) == {"source", "ref"}
    problem(http.get("/v1/promises?source=shop&ref=none", key), 404)
    problem(http.get("/v1/promises/none", key), 404)


def test_a_read_shows_each_notice_with_its_channel_outcome_and_times(http: Http) -> None:
    http.post_event("promise.made", MADE)
    http.world.drain()
    seen = http.read(f"/v1/promises/{http.world.promise().id}")
    (notice,) = seen["notices"]
    assert notice["obligation"] == "confirmation"
    assert notice["channel"] == "email"
    assert notice["outcome"] == "accepted"
    assert notice["sent_at"] == "2026-11-24T09:00:00+00:00"
    assert "g@example.com" not in json.dumps(seen)
