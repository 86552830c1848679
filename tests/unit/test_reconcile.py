"""Reconcile: what fell through every other net is found, mended and counted, however often it is interrupted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.clocks import Clock
from chalicelib.domain.notices import CLAIMED, Outcome
from chalicelib.domain.people import Channel
from chalicelib.domain.receipts import Receipt, ReceiptKind
from chalicelib.usecases.publish import publish
from chalicelib.usecases.reconcile import FOUND, reconcile
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.survey_port import Span
from chalicelib.usecases.take_receipts import Report, take_receipts
from tests.fakes import FakeSurvey
from tests.world import World, only_by

HOUR = timedelta(hours=1)
NIGHT = timedelta(hours=20)
NOTHING = dict.fromkeys(FOUND, 0)


def plenty() -> timedelta:
    return HOUR


def hardly_any() -> timedelta:
    return timedelta(seconds=1)


def settled(*refs: str) -> World:
    world = World()
    for ref in refs or ("order-1234",):
        world.make(ref=ref, at=(HOUR,))
    world.drain()
    publish([(each.promise_id, each.seq) for each in world.store.noted.values()], world)
    world.bus.events.clear()
    return world


def test_where_all_is_well_nothing_is_touched() -> None:
    world = settled()
    before = (dict(world.store.promises), dict(world.store.clocks))
    assert reconcile(world, plenty).found == NOTHING
    assert (world.store.promises, world.store.clocks) == before
    assert world.metrics.values("ReconcileHeartbeat") == [1.0]
    assert [world.metrics.values(name) for name in FOUND] == [[0.0]] * len(FOUND)


def test_a_promise_that_lost_its_clock_gets_it_back_and_its_customer_hears() -> None:
    world = settled()
    clock = world.store.clocks.pop(world.promise().id)
    assert reconcile(world, plenty).found["ClocksMissing"] == 1
    assert world.store.clocks[world.promise().id] == clock
    world.pass_time(HOUR)
    assert len(world.email.delivered) == 2


def test_a_clock_of_a_promise_that_is_not_there_is_removed() -> None:
    world = settled()
    world.store.clocks["gone"] = Clock("gone", world.system.now())
    assert reconcile(world, plenty).found["ClocksStray"] == 1
    assert set(world.store.clocks) == {world.promise().id}


def test_a_clock_of_a_promise_that_owes_nothing_is_removed() -> None:
    world = settled()
    clock = world.store.clocks[world.promise().id]
    world.keep("Entregado")
    world.drain()
    world.store.clocks[clock.promise_id] = clock
    assert reconcile(world, plenty).found["ClocksStray"] == 1
    assert world.store.clocks == {}


def vanished(world: World) -> str:
    """Leave the claim of the first update behind, as a worker does that dies between claim and record."""
    promise = world.promise()
    confirmation = world.store.notices[f"{promise.id}:confirmation:1"]
    now = world.system.now()
    claim = replace(
        confirmation, word="update", status=CLAIMED, token="gone", claimed_at=now, lease_until=now, attempts=()
    )
    world.store.notices[claim.id] = claim
    return claim.id


def test_a_forgotten_claim_whose_word_is_still_owed_is_rung() -> None:
    world = settled()
    claim = vanished(world)
    world.system.time += 2 * HOUR
    assert reconcile(world, plenty).found["ClaimsLapsed"] == 1
    world.drain()
    assert [each.outcome for each in world.store.notices[claim].attempts] == [Outcome.UNKNOWN, Outcome.ACCEPTED]


def test_a_forgotten_claim_whose_word_is_owed_no_more_is_recorded_as_unknown() -> None:
    world = settled()
    claim = vanished(world)
    world.keep("Entregado")
    world.drain()
    world.system.time += 2 * HOUR
    assert reconcile(world, plenty).found["ClaimsLapsed"] == 1
    assert world.store.notices[claim].status == Outcome.UNKNOWN
    assert reconcile(world, plenty, afresh=True).found["ClaimsLapsed"] == 0


def test_a_claim_that_lapsed_just_now_is_left_to_the_next_ring() -> None:
    world = settled()
    vanished(world)
    world.system.time += timedelta(minutes=5)
    assert reconcile(world, plenty).found == NOTHING


def test_facts_that_the_stream_gave_up_are_published_and_then_forgotten() -> None:
    world = settled()
    world.given_up.lying["receipt"] = Span(world.system.now(), world.system.now())
    assert reconcile(world, plenty).found["FactsRepublished"] == 2
    assert [each.type for each in world.bus.events] == ["Promise Made", "Confirmation Sent"]
    assert world.given_up.lying == {}


def test_facts_that_the_bus_refuses_still_stay_given_up() -> None:
    world = settled()
    world.given_up.lying["receipt"] = Span(world.system.now(), world.system.now())
    world.bus.refuses = {f"{world.promise().id}:1"}
    found = reconcile(world, plenty).found
    assert (found["FactsRepublished"], found["FactsRefused"]) == (1, 1)
    assert world.metrics.values("FactsRefused") == [1.0]
    assert set(world.given_up.lying) == {"receipt"}
    world.bus.refuses.clear()
    world.system.time += NIGHT
    reconcile(world, plenty)
    assert world.given_up.lying == {}


def test_facts_of_another_time_are_not_published_again() -> None:
    world = settled()
    early = world.system.now() - 5 * HOUR
    world.given_up.lying["receipt"] = Span(early, early)
    assert reconcile(world, plenty).found == NOTHING


def test_a_fact_that_is_dated_hours_before_it_was_stored_is_published_again() -> None:
    """Both sends of a confirmation are unknown; that the first arrived is known four hours later."""
    world = World()
    world.email.answer_next(Outcome.UNKNOWN, Outcome.UNKNOWN)
    world.make(customer=only_by(Channel.EMAIL))
    world.pass_time(timedelta(minutes=20))
    sent_at = world.system.now()
    world.pass_time(4 * HOUR)
    delivered = Receipt(sent_at, ReceiptKind.DELIVERED, "m-1")
    take_receipts([Report(delivered, f"{world.promise().id}:confirmation:1")], world)
    assert republished(world) == ["Confirmation Sent", "Notice Delivered"]


def test_what_became_of_a_claim_that_was_found_hours_later_is_published_again() -> None:
    world = settled()
    vanished(world)
    world.keep("Entregado")
    world.drain()
    world.system.time += 3 * HOUR
    assert reconcile(world, plenty).found["ClaimsLapsed"] == 1
    assert republished(world) == ["Notice Unknown"]


def republished(world: World) -> list[str]:
    """Let the stream give up what was stored just now, and return what the next night publishes."""
    world.given_up.lying["receipt"] = Span(world.system.now(), world.system.now())
    world.system.time += NIGHT
    world.bus.events.clear()
    reconcile(world, plenty)
    assert world.given_up.lying == {}
    return [each.type for each in world.bus.events]


def test_facts_of_any_time_are_published_again_on_demand() -> None:
    world = settled()
    now = world.system.now()
    assert reconcile(world, plenty, afresh=True, republish=[Span(now, now)]).found["FactsRepublished"] == 2


def test_a_round_goes_on_where_the_last_run_stopped_and_no_page_is_read_twice() -> None:
    world = settled(*(f"order-{n}" for n in range(7)))
    world.survey = FakeSurvey(world.store, page_items=2)
    world.store.clocks.clear()
    found = [reconcile(world, hardly_any).found["ClocksMissing"] for _ in range(4)]
    assert found == [2, 2, 2, 1]
    assert len(world.store.clocks) == 7


def test_after_a_complete_round_nothing_is_done_until_the_next_night() -> None:
    world = settled()
    reconcile(world, plenty)
    world.system.time += timedelta(minutes=15)
    assert reconcile(world, plenty).found == {}
    assert world.metrics.values("ReconcileHeartbeat") == [1.0]
    world.system.time += NIGHT
    assert reconcile(world, plenty).found == NOTHING


def test_a_run_that_fails_in_the_middle_is_carried_on_by_the_next() -> None:
    world = settled(*(f"order-{n}" for n in range(4)))
    world.survey = FakeSurvey(world.store, page_items=1)
    world.store.clocks.clear()
    calls = iter(range(100))

    def fail(call: str) -> None:
        if call == "armed" and next(calls) == 2:
            raise StoreUnavailable

    world.store.before = fail
    with pytest.raises(StoreUnavailable):
        reconcile(world, plenty)
    assert 0 < len(world.store.clocks) < 4
    reconcile(world, plenty)
    assert len(world.store.clocks) == 4
