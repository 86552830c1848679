"""Forgetting a customer: nothing personal is left anywhere, what was pending is unsaid, and the numbers stay."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.take_reply import take_reply
from tests.http import Http, fields
from tests.receipts import report
from tests.unit.test_claims import CLAIM
from tests.unit.test_recovery_http import TROUBLE
from tests.unit.test_webhooks_http import CUSTOMER, MADE
from tests.world import World

SECRET = "canary"
PERSONAL = CUSTOMER | {"name": SECRET, "email": f"{SECRET}@example.com", "phone": "+34611222333"}
ERASED = {"customer": {"ref": "c-99"}}


def everything_stored(world: World) -> str:
    """Return all that the fakes hold, as text, but for what was sent to providers."""
    store = world.store
    kept = [store.promises, store.clocks, store.noted, store.notices, store.profiles, store.answers, store.routes]
    return repr([*kept, store.concessions_of("c-99"), world.bus.events, world.rings.queued, world.operators.told])


@pytest.fixture
def http() -> Http:
    http = Http(World())
    texts = {"what": f"{SECRET} what", "about": {"order": f"{SECRET}-1"}}
    http.post_event("promise.made", MADE | texts | {"customer": PERSONAL | {"channels": ["sms"]}})
    http.world.drain()
    http.post_event("promise.progressed", {"ref": "order-1234", "note": f"{SECRET} note"})
    http.post_event("promise.at_risk", TROUBLE | {"reason": f"{SECRET} reason"})
    http.world.drain()
    http.post_event("claim.raised", CLAIM | {"customer": PERSONAL, "what": f"{SECRET} x", "evidence": f"{SECRET} y"})
    http.world.drain()
    return http


def test_before_erasure_addresses_and_the_name_stand_in_the_profile_alone(http: Http) -> None:
    http.world.store.profiles.clear()
    stored = everything_stored(http.world)
    for personal in (f"{SECRET}@example.com", "+34611222333", "611222333"):
        assert personal not in stored


def test_after_erasure_nothing_personal_is_left(http: Http) -> None:
    assert SECRET in everything_stored(http.world)
    response = http.post_event("customer.erased", ERASED)
    assert response.status_code == 202
    assert json.loads(response.body) == {"customer": {"ref": "c-99"}}
    assert SECRET not in everything_stored(http.world)
    assert not take_reply("+34611222333", "1", "reply-1", http.world)


def test_what_was_pending_is_unsaid(http: Http) -> None:
    heard = http.world.heard()
    http.post_event("customer.erased", ERASED)
    http.world.pass_time(timedelta(days=30))
    assert http.world.heard() == heard
    assert http.world.store.clocks == {}


def test_the_numbers_stay(http: Http) -> None:
    before = Counter(http.world.facts())
    http.post_event("customer.erased", ERASED)
    assert before <= Counter(http.world.facts())
    assert http.world.facts().count("CustomerErased") == 2


def test_links_of_an_erased_customer_open_nothing(http: Http) -> None:
    path = "/p?t=" + http.world.sms.delivered[0].text.rpartition("?t=")[2]
    assert http.get(path).status_code == 200
    http.post_event("customer.erased", ERASED)
    assert http.get(path).status_code == 404


def test_an_erasure_that_is_interrupted_goes_on_when_it_is_repeated(http: Http) -> None:
    def down(call: str) -> None:
        if call == "forget_customer":
            http.world.store.before = lambda _: None
            raise StoreUnavailable

    http.world.store.before = down
    assert http.post_event("customer.erased", ERASED, webhook_id="msg_e").status_code == 503
    assert http.post_event("customer.erased", ERASED, webhook_id="msg_e").status_code == 202
    assert SECRET not in everything_stored(http.world)


def test_erasing_nobody_and_erasing_twice_are_harmless(http: Http) -> None:
    assert http.post_event("customer.erased", {"customer": {"ref": "nobody"}}).status_code == 202
    for _ in range(2):
        assert http.post_event("customer.erased", ERASED).status_code == 202
    assert http.world.facts().count("CustomerErased") == 2
    assert fields(http.post_event("customer.erased", {})) == {"data.customer"}


def test_an_erasure_that_is_repeated_after_the_customer_came_back_changes_nothing(http: Http) -> None:
    first = http.post_event("customer.erased", ERASED, webhook_id="msg_e")
    http.post_event("promise.made", MADE | {"ref": "order-2", "customer": PERSONAL})
    again = http.post_event("customer.erased", ERASED, webhook_id="msg_e")
    assert (again.status_code, again.body) == (202, first.body)
    assert not http.world.promise("order-2").is_erased
    assert http.world.store.profiles["c-99"].name == SECRET
    assert http.world.promise("order-1234").is_erased
    http.post_event("customer.erased", ERASED, webhook_id="msg_f")
    assert SECRET not in everything_stored(http.world)


def test_a_changed_customer_is_spoken_to_as_they_are_now(http: Http) -> None:
    changed = {"customer": {"ref": "c-99", "email": "new@example.com", "locale": "pt-PT", "channels": ["email"]}}
    first = http.post_event("customer.changed", changed, webhook_id="msg_c")
    assert first.status_code == 202
    assert http.post_event("customer.changed", changed, webhook_id="msg_c").body == first.body
    profile = http.world.store.profiles["c-99"]
    assert (profile.email, profile.name, profile.locale) == ("new@example.com", SECRET, "pt-PT")
    http.post_event("promise.kept", {"ref": "order-1234"})
    http.world.drain()
    assert http.world.email.delivered[-1].to == "new@example.com"


def test_a_closing_that_bounces_after_the_erasure_wakes_nobody() -> None:
    world = World()
    promise = world.make()
    world.drain()
    world.keep("Entregado")
    world.drain()
    Http(world).post_event("customer.erased", ERASED)
    report(world, f"{promise.id}:closing:1", "bounce")
    world.drain()
    assert world.facts()[-2:] == ["CustomerErased", "NoticeBounced"]


def test_a_choice_by_silence_that_turns_out_unheard_calls_nobody_who_was_erased() -> None:
    http = Http(World())
    http.post_event("promise.made", MADE)
    http.world.drain()
    http.post_event("promise.at_risk", TROUBLE)
    http.world.pass_time(timedelta(days=4))
    http.post_event("customer.erased", ERASED)
    calls = http.world.facts().count("CallRequired")
    report(http.world, f"{http.world.promise().id}:recovery:1", "bounce")
    http.world.drain()
    assert http.world.facts()[-2:] == ["CustomerErased", "NoticeBounced"]
    assert http.world.facts().count("CallRequired") == calls
