"""Standards over HTTP: what they give a promise, what wins over them, and the version that a promise keeps."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.promise import Kind, Leads, Promise
from chalicelib.domain.recovery import Ladder, Silence
from chalicelib.domain.standards import Standards
from chalicelib.standards.published import published
from chalicelib.standards.reading import read_standards
from tests.http import Http, fields, problem
from tests.unit.test_recovery_http import TROUBLE
from tests.unit.test_standards_file import file, version
from tests.unit.test_webhooks_http import CUSTOMER
from tests.world import NINE, World

PROMISER = {"ref": "seller-7", "name": "Ana", "email": "ana@shop.example"}
BARE: dict[str, Any] = {"ref": "order-1234", "standard": "delivery", "promised_by": PROMISER, "customer": CUSTOMER}
LATE = {name: value for name, value in TROUBLE.items() if name not in {"new_due_at", "decide_by"}}
FIRST = version(offers={"kinds": ["gift", "discount"], "most_percent": 20, "most_amount": {"EUR": 2500}})
SECOND = version(due="P3B", every="P2D", silence={"first": "call", "later": "call"}, ladder=None, offers=None)


def world(standards: Standards) -> World:
    world = World()
    world.rules = replace(world.rules, standards=lambda: standards)
    return world


@pytest.fixture
def http() -> Http:
    return Http(world(read_standards(file(FIRST, SECOND))))


def made(http: Http, **changes: Any) -> Promise:
    data = {name: value for name, value in (BARE | changes).items() if value is not None}
    response = http.post_event("promise.made", data)
    assert response.status_code == 202, response.body
    return http.world.promise(data["ref"])


# What a standard gives


def test_a_standard_gives_all_that_the_webhook_leaves_out(http: Http) -> None:
    promise = made(http)
    assert (promise.kind, promise.what, promise.standard) == (Kind.COMMITMENT, "Entrega", "delivery@2")
    assert promise.due_at == NINE + timedelta(days=3)
    assert str(promise.rhythm.every) == "P2D"
    assert promise.leads == Leads(timedelta(hours=8), timedelta(hours=4))


def test_working_days_are_counted_in_the_customers_zone(http: Http) -> None:
    # Already Saturday in Madrid, still Friday evening in Bogotá.
    http.world.system.time = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
    madrid = made(http)
    bogota = made(http, ref="order-2", customer=CUSTOMER | {"ref": "c-2", "time_zone": "America/Bogota"})
    assert madrid.due_at == datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
    assert bogota.due_at == datetime(2026, 12, 3, 1, 0, tzinfo=UTC)


def test_the_title_is_in_the_customers_language() -> None:
    http = Http(world(published()))
    for locale, title in [
        ("pt_br", "Entrega do pedido"),
        ("es-MX", "Entrega del pedido"),
        (None, "Entrega del pedido"),
    ]:
        customer = CUSTOMER | {"locale": locale}
        assert made(http, ref=f"order-{locale}", customer=customer).what == title


def test_the_title_is_in_the_language_that_is_known_of_the_customer_where_none_is_sent() -> None:
    http = Http(world(published()))
    made(http, customer=CUSTOMER | {"locale": "pt-BR"})
    assert made(http, ref="order-2", customer={"ref": CUSTOMER["ref"]}).what == "Entrega do pedido"


def test_a_standard_without_texts_leaves_the_title_to_the_webhook() -> None:
    http = Http(world(read_standards(file(version(texts=None)))))
    assert fields(http.post_event("promise.made", BARE)) == {"data.what"}


# What wins over it


def test_what_the_webhook_says_wins_over_the_standard(http: Http) -> None:
    said = {
        "kind": "personal",
        "what": "Te llamo",
        "due_in": "PT4H",
        "updates": {"at": ["2026-11-24T10:00:00Z"]},
        "check_in_before": "PT30M",
        "warn_before": "PT10M",
    }
    promise = made(http, **said)
    assert (promise.kind, promise.what, promise.standard) == (Kind.PERSONAL, "Te llamo", "delivery@2")
    assert promise.due_at == NINE + timedelta(hours=4)
    assert promise.rhythm.every is None
    assert promise.leads == Leads(timedelta(minutes=30), timedelta(minutes=10))


@pytest.mark.parametrize("kind", ["personal", "expectation", "attempt"])
def test_a_due_time_that_comes_from_a_standard_comes_with_its_kind(http: Http, kind: str) -> None:
    response = http.post_event("promise.made", BARE | {"kind": kind})
    errors = {each["field"]: each["detail"] for each in problem(response, 422)["errors"]}
    assert "contradicts delivery@2, which is of kind commitment" in errors["data.kind"]


def test_a_due_time_of_its_own_needs_no_other(http: Http) -> None:
    assert made(http, due_at="2026-12-05T18:00:00Z").due_at == datetime(2026, 12, 5, 18, tzinfo=UTC)


def test_leads_that_do_not_fit_a_shorter_promise_are_drawn_in(http: Http) -> None:
    assert made(http, due_in="PT4H").leads == Leads(timedelta(hours=2), timedelta(hours=1))


def test_the_house_decides_what_the_standard_leaves_open() -> None:
    bare = version(check_in_before=None, warn_before=None, ladder=None, silence=None, offers=None, after_no=None)
    http = Http(world(read_standards(file(bare))))
    promise = made(http)
    assert promise.leads == Leads(timedelta(hours=24), timedelta(hours=12))
    assert http.world.rules.policy_of(promise) == http.world.rules.policy


def test_a_slip_is_still_named_where_the_standard_would_fill_in(http: Http) -> None:
    assert fields(http.post_event("promise.made", BARE | {"due_inn": "P2D"})) == {"data.due_inn"}


# Versions


def test_a_promise_keeps_the_version_it_was_made_under() -> None:
    http = Http(world(read_standards(file(FIRST))))
    assert made(http).standard == "delivery@1"
    http.world.rules = world(read_standards(file(FIRST, SECOND))).rules
    assert made(http).standard == "delivery@1"
    assert made(http, ref="order-2").standard == "delivery@2"
    seen = http.read("/v1/promises?source=shop&ref=order-1234")
    assert seen["promise"]["standard"] == "delivery@1"


def test_a_version_can_be_named(http: Http) -> None:
    promise = made(http, standard="delivery@1")
    assert (promise.standard, promise.due_at) == ("delivery@1", NINE + timedelta(days=2))


def test_a_recovery_follows_the_version_that_its_promise_was_made_under(http: Http) -> None:
    for ref, standard in (("order-1", "delivery@1"), ("order-2", "delivery@2")):
        made(http, ref=ref, standard=standard)
        new_due_at = {"new_due_at": "2026-12-08T18:00:00Z"}
        offer = {"offer": {"kind": "gift", "text": "una galleta"}}
        assert http.post_event("promise.at_risk", LATE | new_due_at | offer | {"ref": ref}).status_code == 202
    older, newer = (http.world.promise(ref).recovery for ref in ("order-1", "order-2"))
    assert older is not None
    assert newer is not None
    assert (older.silence, newer.silence) == (Silence.STAY, Silence.CALL)
    hours = [timedelta(hours=each) for each in (4, 8, 12, 2)]
    assert (older.ladder, newer.ladder) == (Ladder(*hours), Ladder())


def test_a_promise_made_under_a_label_is_not_caught_by_a_later_standard_of_that_name(http: Http) -> None:
    bare = Http(World())
    made(bare, kind="commitment", what="Llega", due_in="P2D")
    bare.world.rules = http.world.rules
    assert bare.world.promise().standard == "delivery"
    assert bare.world.rules.policy_of(bare.world.promise()) == bare.world.rules.policy


# Unknown ones


def test_an_unknown_standard_is_refused_when_the_due_time_must_come_from_it(http: Http) -> None:
    response = http.post_event("promise.made", BARE | {"standard": "shipping", "kind": "commitment", "what": "Llega"})
    errors = {each["field"]: each["detail"] for each in problem(response, 422)["errors"]}
    assert "known: delivery" in errors["data.standard"]
    assert "data.due_at" in errors
    assert http.world.store.promises == {}


def test_an_unknown_standard_is_a_label_when_the_webhook_says_when(http: Http) -> None:
    promise = made(http, standard="shipping", kind="commitment", what="Llega", due_in="P2D")
    assert (promise.standard, promise.rhythm.every) == ("shipping", None)


def test_an_unknown_version_of_a_known_standard_is_refused_with_those_there_are(http: Http) -> None:
    response = http.post_event("promise.made", BARE | {"standard": "delivery@3", "due_in": "P2D"})
    errors = {each["field"]: each["detail"] for each in problem(response, 422)["errors"]}
    assert errors == {"data.standard": "has no such version; there are: delivery@1, delivery@2"}


# Offers


@pytest.mark.parametrize(
    ("offer", "named"),
    [
        ({"kind": "upgrade", "text": "x"}, "data.offer.kind"),
        ({"kind": "discount", "text": "x", "value": 21}, "data.offer.value"),
        ({"kind": "discount", "text": "x", "value": "25.01", "currency": "EUR"}, "data.offer.value"),
        ({"kind": "discount", "text": "x", "value": 1, "currency": "USD"}, "data.offer.currency"),
    ],
)
def test_an_offer_that_the_standard_does_not_allow_is_named(http: Http, offer: dict[str, Any], named: str) -> None:
    made(http, standard="delivery@1")
    assert fields(http.post_event("promise.broken", LATE | {"offer": offer})) == {named}
    assert http.world.facts() == ["PromiseMade"]
    made(http, ref="order-2")
    assert http.post_event("promise.broken", LATE | {"offer": offer, "ref": "order-2"}).status_code == 202


@pytest.mark.parametrize(
    "offer",
    [
        {"kind": "gift", "text": "x"},
        {"kind": "discount", "text": "x", "value": 20},
        {"kind": "discount", "text": "x", "value": "25.00", "currency": "EUR"},
    ],
)
def test_an_offer_within_its_limits_is_made(http: Http, offer: dict[str, Any]) -> None:
    made(http, standard="delivery@1")
    assert http.post_event("promise.broken", LATE | {"offer": offer}).status_code == 202


def test_the_promisers_form_offers_what_the_standard_allows_and_takes_nothing_else(http: Http) -> None:
    shown: list[tuple[str, ...]] = []
    http.world.texts.check_in_page = lambda view: shown.append(view.offers) or view.form_nonce  # type: ignore[method-assign,assignment,func-returns-value]
    made(http, standard="delivery@1")
    http.world.pass_time(timedelta(days=1, hours=17))
    asked = http.world.email.delivered[-1].text
    path = "/c" + asked[asked.index("?t=") :].split()[0]
    nonce = http.get(path).body.decode()
    answer = {"answer": "late", "reason": "a", "done_so_far": "b", "solution": "c", "offer_text": "d"}
    answer |= {"nonce": nonce, "case": "delay", "new_due_at": "2026-11-30T10:00"}
    assert http.press(path, **answer, offer_kind="upgrade").status_code == 422
    assert "PromiseAtRisk" not in http.world.facts()
    assert http.press(path, **answer, offer_kind="gift").status_code == 200
    assert http.world.facts()[-2:] == ["CheckInAnswered", "PromiseAtRisk"]
    assert set(shown) == {("discount", "gift")}


# What is published with this release


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(published().versions)),
    locale=st.sampled_from(["en", "en-GB", "es", "es-CO", "pt-BR", "pt-PT"]),
    zone=st.sampled_from(["Europe/Lisbon", "America/Sao_Paulo", "Pacific/Auckland", "UTC"]),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_every_published_standard_makes_an_acceptable_promise_of_its_kind(
    name: str, locale: str, zone: str, at: datetime
) -> None:
    http = Http(world(published()))
    http.world.system.time = at
    promise = made(http, standard=name, customer=CUSTOMER | {"locale": locale, "time_zone": zone})
    (standard,) = published().versions[name]
    assert (promise.kind, promise.standard) == (standard.kind, f"{name}@1")
    assert promise.due_at > at
    assert promise.rhythm.every == standard.every
    assert promise.leads == standard.leads
    answer = json.loads(http.post_event("promise.made", BARE | {"standard": name, "ref": "order-2"}).body)["promise"]
    assert at.isoformat() < answer["next_contact_at"] <= answer["due_at"]
