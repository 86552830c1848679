"""A canary: what is personal stands in the profile alone, what people wrote with its promise; then both nowhere."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.usecases.rebuild_ledgers import rebuild_ledgers
from chalicelib.usecases.reconcile import reconcile
from chalicelib.usecases.survey_port import Span
from chalicelib.usecases.take_reply import take_reply
from tests.receipts import report
from tests.unit.canary import (
    EMAIL,
    OF_THE_PROMISER,
    PERSONAL,
    PHONE,
    PROFILES,
    PROMISERS_EMAIL,
    WHO,
    WORDS,
    WRITTEN,
    Teller,
    careless,
    clean,
    found,
    kept,
    tokens,
)
from tests.unit.canary_states import STATES, State

Write = Callable[[str], str]
ERASED = {"customer": {"ref": WHO["ref"]}}
# What names what it tells of by a reference of its own is known already; everything else is news of a promise.
TAKEN_AGAIN = {"promise.made", "claim.raised", "concession.redeemed"}
in_every_state = pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
by_everybody = pytest.mark.parametrize("write", [clean, careless], ids=lambda write: write.__name__)


def told(state: State, write: Write) -> Teller:
    teller = Teller(write)
    state(teller)
    return teller


def erase(teller: Teller) -> None:
    assert teller.http.post_event("customer.erased", ERASED, webhook_id="msg_erased").status_code == 202
    teller.settle()


@in_every_state
@by_everybody
def test_before_an_erasure_each_thing_stands_in_its_place_alone(
    state: State, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        world = told(state, write).world
    everything = (*PERSONAL, *OF_THE_PROMISER, WORDS, *tokens(world))
    assert len(everything) > len(PERSONAL) + len(OF_THE_PROMISER) + 1, "there are links to look for as well"
    assert found(world, *PERSONAL) - (WRITTEN if write is careless else set()) == {"store.profiles"}
    assert found(world, *OF_THE_PROMISER) <= {"store.promiser_profiles"}
    assert found(world, WORDS) - {"store.granted"} == {"store.promises", "store.noted"} - _unwritten(state)
    assert not found(world, *tokens(world))
    assert not [each for each in everything if each in caplog.text]


def _unwritten(state: State) -> set[str]:
    """The title stands in the promise alone; in these states nobody has written more yet."""
    return {"store.noted"} if state.__name__ in {"broken_unasked", "unknown_send", "half_sent", "bounced"} else set()


@in_every_state
@by_everybody
def test_after_an_erasure_nothing_stands_anywhere(state: State, write: Write, caplog: pytest.LogCaptureFixture) -> None:
    teller = told(state, write)
    ids = list(teller.world.store.promises)
    with caplog.at_level(logging.DEBUG):
        erase(teller)
    everything = (*PERSONAL, WORDS, *tokens(teller.world))
    assert not found(teller.world, *everything)
    read = [teller.http.read(f"/v1/promises/{each}") for each in ids] + [
        teller.http.read(f"/v1/customers/{WHO['ref']}")
    ]
    shown = caplog.text + json.dumps(read, ensure_ascii=False)
    assert not [each for each in everything if each in shown]


@in_every_state
def test_whatever_comes_late_says_nothing_and_brings_nothing_back(
    state: State, caplog: pytest.LogCaptureFixture
) -> None:
    teller = told(state, careless)
    world = teller.world
    links = [f"/{path}?t={token}" for token in tokens(world) for path in ("p", "c", "k")]
    notices = [each for each in world.store.notices if ":check_in:" not in each]
    erase(teller)
    heard, called = world.heard(), list(world.operators.told)
    facts = len(world.store.noted)

    with caplog.at_level(logging.DEBUG):
        for kind, data, webhook_id, first in teller.told:
            again = teller.http.post_event(kind, data, webhook_id=webhook_id)
            assert (again.status_code, again.body.decode()) == (202, first)
        for kind, data, webhook_id, _ in teller.told:
            if kind != "customer.changed":
                anew = teller.http.post_event(kind, data, webhook_id=f"{webhook_id}_anew")
                assert anew.status_code == (202 if kind in TAKEN_AGAIN else 409), anew.body
        assert {teller.http.get(link).status_code for link in links} == {404}
        assert len(world.store.noted) == facts
        assert not take_reply(PHONE, f"1 {WORDS}", "reply-1", world)
        for notice in notices:
            assert report(world, notice, "deferred", "bounce", email=EMAIL, reason=f"{EMAIL} is unknown")
        assert report(world, None, "bounce", email=EMAIL, sg_message_id="unheard-of.0", reason=f"{EMAIL} is unknown")
        teller.settle()
        teller.wait(timedelta(days=3))
        night = Span(world.system.now() - timedelta(days=30), world.system.now())
        reconcile(world, lambda: timedelta(hours=1), afresh=True, republish=[night])
        rebuild_ledgers(None, 100, world)
        teller.wait(timedelta(days=30))

    assert (world.heard(), world.operators.told) == (heard, called)
    assert not found(world, *PERSONAL, WORDS, *tokens(world))
    assert not [each for each in (*PERSONAL, WORDS) if each in caplog.text]


def test_a_promiser_is_no_customer_and_keeps_a_profile_and_nothing_else() -> None:
    teller = told(STATES[1], clean)
    erase(teller)
    assert found(teller.world, *OF_THE_PROMISER) == {"store.promiser_profiles"}
    assert PROMISERS_EMAIL in repr(teller.world.store.promiser_profiles)


@in_every_state
def test_no_subject_names_the_customer_or_brings_a_link(state: State) -> None:
    world = told(state, clean).world
    subjects = " ".join(each.subject for each in world.email.tried)
    assert not [each for each in (*PERSONAL, *tokens(world)) if each in subjects]


def test_the_search_reaches_every_place() -> None:
    places = {where for where, _ in kept(Teller().world)}
    assert places > PROFILES | WRITTEN | {"store.answers", "store.routes", "bus", "queue", "operators", "ledgers"}
