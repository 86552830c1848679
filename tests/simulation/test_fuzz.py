"""A share of the hostile requests: none is let in, none brings the application down, and without a guard some would."""

import base64
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.entrypoints import reads, receipts, report, wire_recovery
from chalicelib.security import links, receipt_signatures, webhook_signatures
from chalicelib.usecases import press
from tests.simulation import fuzz
from tests.simulation.fuzzing import values
from tests.simulation.fuzzing.estate import PAGES, Estate
from tests.simulation.fuzzing.examples import EXAMPLES, TYPES, written
from tests.simulation.fuzzing.gateway import ask
from tests.simulation.fuzzing.signing import EVENTS, RECEIPTS, signed_event
from tests.simulation.fuzzing.values import Stock
from tests.simulation.guards import instead
from tests.world import NINE

Without = Callable[[], AbstractContextManager[None]]

SHARE = 6_000
FOR_EVER = timedelta(days=9_999)
UP_TO_THE_LAST_DAY = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - NINE
PRESS, REPORT = [("POST", "/p")], [("GET", "/v1/report")]


@pytest.fixture(scope="module")
def stock() -> Stock:
    return values.drawn(0, 50)


@pytest.fixture(scope="module")
def estate() -> Estate:
    estate = Estate()
    assert estate.holdings
    return estate


def test_no_hostile_request_is_let_in_and_none_brings_the_application_down() -> None:
    fuzzed = fuzz.fuzz((0, SHARE))
    assert fuzzed.accepted == []
    assert fuzzed.unhandled == []
    assert fuzzed.tried == SHARE
    assert fuzzed.routes.keys() == {f"{method} {route}" for method, route in fuzz.routes()}
    assert fuzzed.rightly > SHARE / 50


def test_every_route_of_the_application_is_attacked_by_who_knows_it() -> None:
    assert fuzz.unknown() == []


def test_a_route_that_nobody_knows_yet_is_named_and_attacked_blindly(stock: Stock, estate: Estate) -> None:
    fewer = {place: maker for place, maker in fuzz.MAKERS.items() if place != ("POST", EVENTS)}
    with instead(fuzz, "MAKERS", fewer):
        assert fuzz.unknown() == [f"POST {EVENTS}"]
        fuzzed = fuzz.attack(0, 50, [("POST", EVENTS)], stock, estate)
    assert fuzzed.whats == {"anything at all": 50}
    assert fuzzed.accepted == fuzzed.unhandled == []


def test_a_seed_and_a_number_make_the_same_request_again(stock: Stock, estate: Estate) -> None:
    once, again = (fuzz.attack(7, 150, fuzz.routes(), stock, estate) for _ in range(2))
    assert (once.whats, once.statuses) == (again.whats, again.statuses)


@pytest.mark.parametrize("kind", TYPES)
def test_the_example_of_every_event_is_taken_as_it_stands(kind: str, estate: Estate) -> None:
    data = EXAMPLES[kind] | ({"code": estate.code} if kind == "concession.redeemed" else {})
    answer = ask(signed_event("msg_1", written(kind, data), estate.now), estate.world)
    estate.footprint.put_back()
    assert answer.status == 202, answer.body


def let_in_anybody(*args: object, **kwargs: object) -> None:
    """Verify nothing."""


def any_purpose(keys: list[str], purpose: links.Purpose) -> object:
    return SIGNER(keys, links.Purpose.PAGE)


def form_of_anybody(nonce: str, now: object, services: object) -> links.Subject:
    return links.Subject("", "")


SIGNER = links._signer
LET_IN: dict[str, tuple[list[tuple[str, str]], Without]] = {
    "the age of webhooks": ([("POST", EVENTS)], lambda: instead(webhook_signatures, "TOLERANCE", FOR_EVER)),
    "the dot in ids": ([("POST", EVENTS)], lambda: instead(webhook_signatures, "_ID", re.compile(".+"))),
    "the age of receipts": ([("POST", RECEIPTS)], lambda: instead(receipt_signatures, "TOLERANCE", FOR_EVER)),
    "the spelling of base64": ([("POST", RECEIPTS)], lambda: instead(receipt_signatures, "_signature", lenient)),
    "the purpose of links": ([("GET", page) for page in PAGES], lambda: instead(links, "_signer", any_purpose)),
    "the form's own promise": (PRESS, lambda: instead(press, "same", lambda one, other: True)),
    "the read key": ([("GET", "/v1/promises")], lambda: instead(reads, "verify", let_in_anybody)),
    "the session": (REPORT, lambda: instead(report, "opened_by_read_key", lambda session, services: True)),
}


def lenient(given: str) -> bytes:
    return base64.b64decode(given.encode(errors="ignore") + b"====")


@pytest.mark.parametrize("guard", LET_IN)
def test_without_a_guard_something_is_let_in(guard: str, stock: Stock, estate: Estate) -> None:
    places, without = LET_IN[guard]
    with without():
        assert fuzz.attack(1, 250, places, stock, estate).accepted
    assert fuzz.attack(1, 250, places, stock, estate).accepted == []


BROUGHT_DOWN: dict[str, tuple[list[tuple[str, str]], Without]] = {
    "what a weight may be": (REPORT, lambda: instead(report, "_WEIGHT", re.compile(".*"))),
    "how far an offer may reach": ([("POST", EVENTS)], lambda: instead(wire_recovery, "FARTHEST", UP_TO_THE_LAST_DAY)),
    "what a body may be": (
        [("POST", RECEIPTS)],
        lambda: instead(receipts, "raw_bytes", lambda request: request.raw_body),
    ),
}


@pytest.mark.parametrize("guard", BROUGHT_DOWN)
def test_without_a_guard_something_comes_down(guard: str, stock: Stock, estate: Estate) -> None:
    places, without = BROUGHT_DOWN[guard]
    with without():
        assert fuzz.attack(2, 1_500, places, stock, estate).unhandled
