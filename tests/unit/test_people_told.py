"""People who are named again: what a webhook leaves out stays as it was told before."""

from typing import Any

import pytest

from chalicelib.domain.people import Channel, Customer, Promiser
from tests.http import Http
from tests.unit.test_webhooks_http import MADE
from tests.world import World

CARLA: dict[str, Any] = {
    "ref": "c-7",
    "name": "Carla",
    "email": "carla@example.com",
    "phone": "+5511900000000",
    "locale": "pt-BR",
    "time_zone": "America/Sao_Paulo",
    "channels": ["sms"],
}
RAFAEL: dict[str, Any] = {"ref": "agent-3", "name": "Rafael", "email": "rafael@shop.example", "team": "Suporte"}
AS_TOLD = Customer("c-7", "pt-BR", "America/Sao_Paulo", "Carla", "carla@example.com", "+5511900000000", (Channel.SMS,))


@pytest.fixture
def http() -> Http:
    known = Http(World())
    told(known, "promise.made", MADE | {"customer": CARLA, "promised_by": RAFAEL})
    return known


def told(http: Http, kind: str, data: dict[str, Any]) -> Any:
    response = http.post_event(kind, data)
    assert response.status_code == 202, response.body
    return response.json_body


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("promise.made", MADE | {"ref": "order-2"}),
        ("claim.raised", {"ref": "claim-1", "what": "O preço inclui o frete"}),
        ("customer.changed", {}),
    ],
)
def test_a_customer_who_is_only_named_again_stays_as_they_are(http: Http, kind: str, data: dict[str, Any]) -> None:
    told(http, kind, data | {"customer": {"ref": "c-7"}})
    assert http.world.store.profiles["c-7"] == AS_TOLD


def test_what_is_told_anew_takes_the_place_of_what_was_known(http: Http) -> None:
    told(http, "customer.changed", {"customer": {"ref": "c-7", "locale": "es", "channels": ["email"]}})
    profile = http.world.store.profiles["c-7"]
    assert (profile.locale, profile.channels) == ("es", (Channel.EMAIL,))
    assert (profile.time_zone, profile.phone) == ("America/Sao_Paulo", "+5511900000000")


def test_working_days_are_counted_where_the_customer_is_known_to_live(http: Http) -> None:
    """At nine in Lisbon it is six in São Paulo: the zone decides which hour of Thursday two working days end at."""
    made = {key: value for key, value in MADE.items() if key not in {"due_at", "updates"}}
    told(http, "promise.made", made | {"ref": "order-2", "due_in": "P2B", "customer": {"ref": "c-7"}})
    assert http.world.promise("order-2").time_zone == "America/Sao_Paulo"


@pytest.mark.parametrize("kind", ["promise.made", "claim.raised"])
def test_a_promiser_who_is_only_named_again_keeps_name_address_and_team(http: Http, kind: str) -> None:
    again = MADE | {"ref": "order-2"} if kind == "promise.made" else {"ref": "claim-1", "what": "x"}
    told(http, kind, again | {"customer": {"ref": "c-7"}, "promised_by": {"ref": "agent-3"}})
    known = http.world.store.promiser_profiles["agent-3"]
    assert known == Promiser("agent-3", "Rafael", "rafael@shop.example", "Suporte")


def test_a_promiser_whose_address_is_known_is_asked_ahead_of_time(http: Http) -> None:
    told(http, "promise.made", MADE | {"ref": "order-2", "promised_by": {"ref": "agent-3"}})
    assert http.world.promise("order-2").leads is not None


def test_a_person_named_for_the_first_time_is_as_the_brand_has_it() -> None:
    http = Http(World())
    told(http, "promise.made", MADE | {"customer": {"ref": "c-1", "email": "x@example.com"}})
    profile = http.world.store.profiles["c-1"]
    assert (profile.locale, profile.time_zone) == ("es", "Europe/Madrid")
    assert profile.channels == (Channel.EMAIL, Channel.SMS)
