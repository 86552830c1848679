"""What operators and other services learn: gauges, heartbeats, rescues, and facts on the bus."""

from datetime import timedelta

import pytest

from chalicelib.domain.promise import promise_id
from chalicelib.usecases.publish import publish
from chalicelib.usecases.rescue import Removal, rescue
from chalicelib.usecases.sweep import sweep
from chalicelib.usecases.watch import watch
from tests.world import REF, SOURCE, World


def test_the_watch_measures_the_oldest_clock_past_its_moment() -> None:
    world = World(sweeps=False)
    world.make()
    world.rings.queued.clear()
    world.system.time += timedelta(seconds=90)
    assert watch(world) == pytest.approx(90)
    assert world.metrics.values("OldestOverdueSeconds") == [90.0]
    assert world.metrics.values("OverdueClocks") == [1.0]
    assert world.metrics.values("WatchHeartbeat") == [1.0]


def test_with_nothing_overdue_the_gauge_is_nought() -> None:
    world = World()
    world.make()
    world.drain()
    watch(world)
    assert world.metrics.values("OldestOverdueSeconds") == [0.0]


def test_every_sweep_beats_its_heart() -> None:
    world = World()
    sweep(world)
    assert world.metrics.values("SweepHeartbeat") == [1.0]


def test_a_sweep_queues_what_is_due_within_two_minutes_and_no_more() -> None:
    world = World()
    world.make(ref="order-1", at=(timedelta(seconds=119),))
    world.make(ref="order-2", at=(timedelta(seconds=121),))
    world.drain()
    assert sweep(world) == 1


def test_facts_go_on_the_bus_with_an_id_that_drops_repeats_and_nobodys_words() -> None:
    world = World()
    world.make()
    world.progress("un texto privado")
    world.drain()
    keys = sorted(world.store.noted)
    assert publish(keys, world) == frozenset()
    publish(keys[:1], world)
    ids = [event.id for event in world.bus.events]
    the_id = promise_id(SOURCE, REF)
    assert ids == [f"{the_id}:1", f"{the_id}:2", f"{the_id}:3", f"{the_id}:1"]
    assert [event.type for event in world.bus.events][:3] == ["Promise Made", "Progress Noted", "Confirmation Sent"]
    assert "privado" not in str(world.bus.events)
    assert {"source": SOURCE, "ref": REF}.items() <= dict(world.bus.events[0].detail).items()


def test_facts_that_the_bus_does_not_take_come_again() -> None:
    world = World()
    world.make()
    world.drain()
    the_id = promise_id(SOURCE, REF)
    world.bus.refuses = {f"{the_id}:2"}
    assert publish([(the_id, 1), (the_id, 2)], world) == {(the_id, 2)}
    assert world.metrics.values("FactsPublished") == [1.0]


def test_a_clock_removed_by_our_own_hand_is_no_rescue() -> None:
    world = World()
    world.make()
    world.drain()
    removal = Removal(world.promise().id, world.system.time + timedelta(minutes=10))
    assert rescue([removal], world) == frozenset()
    assert world.metrics.values("RescuedByTtl") == []


def test_a_rescue_that_fails_comes_again() -> None:
    world = World()
    promise = world.make()
    world.store.clocks.clear()
    world.email.on_send = lambda message: 1 / 0  # type: ignore[func-returns-value]
    assert rescue([Removal(promise.id, world.system.time)], world) == {promise.id}


def test_a_rescue_whose_promise_is_held_by_another_worker_gets_its_clock_back() -> None:
    world = World()
    promise = world.make()

    def another_worker_is_on_it(message: object) -> None:
        world.email.on_send = lambda _: None
        world.store.clocks.clear()
        rescue([Removal(promise.id, world.system.time)], world)
        assert promise.id in world.store.clocks

    world.email.on_send = another_worker_is_on_it
    world.drain()
    assert world.heard() == ["confirmation"]
