"""Whoever asks about a person or a promise sees which addresses nothing is sent to, and never the addresses."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Leads
from chalicelib.domain.receipts import Reason
from chalicelib.entrypoints.wire_receipts import read_sendgrid
from chalicelib.usecases.list_promises import NEWEST
from chalicelib.usecases.read_customer import read_customer
from chalicelib.usecases.read_promise import read_promise
from chalicelib.usecases.read_promiser import read_promiser
from chalicelib.usecases.take_receipts import take_receipts
from tests.receipts import event, report
from tests.world import ANA, GEMMA, World

DAY = timedelta(days=1)


def blocked() -> World:
    """Let a customer's mail be blocked."""
    world = World()
    promise = world.make()
    world.drain()
    report(world, f"{promise.id}:confirmation:1", "bounce", type="blocked")
    return world


def bounced_check_in() -> World:
    """Let the question to a promiser bounce."""
    world = World()
    promise = world.make(leads=Leads(DAY, DAY / 2))
    world.drain()
    world.pass_time(DAY)
    report(world, f"{promise.id}:check_in:1", "bounce")
    return world


def resting(world: World) -> dict[str, Any]:
    now = world.system.now()
    return {"reason": "blocked", "since": now.isoformat(), "until": (now + DAY).isoformat()}


def for_good(world: World) -> dict[str, Any]:
    return {"reason": "hard_bounce", "since": world.system.now().isoformat(), "until": None}


@pytest.mark.parametrize(("unsubscribed", "again"), [(0, 60), (60, 0)])
def test_who_subscribes_again_is_written_to_again_and_the_later_word_counts(unsubscribed: int, again: int) -> None:
    for arriving in (("group_unsubscribe", "group_resubscribe"), ("group_resubscribe", "group_unsubscribe")):
        world = World()
        promise = world.make()
        world.drain()
        start = world.system.now().timestamp()
        world.system.time += timedelta(minutes=5)
        at = {"group_unsubscribe": start + unsubscribed, "group_resubscribe": start + again}
        for kind in arriving:
            told = event(f"{promise.id}:confirmation:1", kind, at[kind])
            assert take_receipts(read_sendgrid(json.dumps([told]).encode()), world)
        found = world.store.profiles[GEMMA.ref].suppressed(Channel.EMAIL, world.system.now())
        assert (found and found.reason) == (None if again > unsubscribed else Reason.UNSUBSCRIBED)


def test_who_subscribes_again_has_taken_back_no_bounce() -> None:
    world = bounced_check_in()
    report(world, f"{world.promise().id}:check_in:1", "group_resubscribe")
    found = world.store.promiser_profiles[ANA.ref].suppressed(Channel.EMAIL, world.system.now())
    assert found
    assert found.reason is Reason.HARD_BOUNCE


def test_a_customer_is_shown_with_the_channels_that_nothing_is_sent_to() -> None:
    world = blocked()
    shown = read_customer(GEMMA.ref, NEWEST, world)
    assert shown
    assert shown["channels"] == [
        {"channel": "email", "known": True, "suppressed": resting(world)},
        {"channel": "sms", "known": True, "suppressed": None},
    ]


def test_a_promiser_is_shown_with_an_address_that_nothing_is_sent_to() -> None:
    world = bounced_check_in()
    shown = read_promiser(ANA.ref, NEWEST, world)
    assert shown
    assert shown["channels"] == [{"channel": "email", "known": True, "suppressed": for_good(world)}]


def test_a_promise_is_shown_with_what_is_not_sent_to_its_people() -> None:
    world = blocked()
    shown = read_promise(world.promise().id, world)
    assert shown
    assert shown["suppressed"] == {"customer": [{"channel": "email", **resting(world)}], "promised_by": []}
    assert GEMMA.email not in json.dumps(shown)
    world.system.time += DAY
    shown = read_promise(world.promise().id, world)
    assert shown
    assert shown["suppressed"] == {"customer": [], "promised_by": []}


def test_a_promise_is_shown_with_a_promiser_who_cannot_be_asked() -> None:
    world = bounced_check_in()
    shown = read_promise(world.promise().id, world)
    assert shown
    assert shown["suppressed"] == {"customer": [], "promised_by": [{"channel": "email", **for_good(world)}]}
