"""Facts are counted exactly once, however the stream brings them; and a count that fails holds up nobody else."""

import logging
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.facts import Fact
from chalicelib.domain.ledgers import Book, Row, increments, tally
from chalicelib.domain.people import Promiser
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.ledger_port import Generations, Mark
from chalicelib.usecases.press import Action
from chalicelib.usecases.store_port import StoreUnavailable
from tests.unit.ledger_facts import count
from tests.unit.test_recovery import at_risk, opened, pressed
from tests.world import World

Numbers = dict[Row, dict[str, int]]


def stored(world: World, generation: int = 1) -> Numbers:
    """Return every row of a generation that says something."""
    found = {row: {name: n for name, n in numbers.items() if n}
             for (of, row), numbers in world.ledgers.numbers.items() if of == generation}  # fmt: skip
    return {row: numbers for row, numbers in found.items() if numbers}


def reckoned(world: World) -> Numbers:
    """Return what every promise adds up to by all its facts."""
    summed: dict[Row, Counter[str]] = {}
    for promise in world.store.promises.values():
        facts = sorted(
            (fact for fact in world.store.noted.values() if fact.promise_id == promise.id), key=lambda f: f.seq
        )
        after = tally(promise, facts, world.rules.brand.time_zone)
        for row, numbers in increments(promise, Counter(), after).items():
            summed.setdefault(row, Counter()).update(numbers)
    found = {row: {name: n for name, n in numbers.items() if n} for row, numbers in summed.items()}
    return {row: numbers for row, numbers in found.items() if numbers}


def a_life() -> World:
    """A promise at risk, told, stayed for, and kept; and another one, broken untold."""
    world = opened()
    pressed(world, Action.STAY)
    world.make(ref="order-2", due=timedelta(hours=1))
    world.pass_time(timedelta(hours=2))
    world.keep()
    world.drain()
    return world


def customer_ledger(world: World) -> dict[str, int]:
    return stored(world)[Row(Book.CUSTOMER, "", "c-99")]


def test_a_life_is_counted_for_its_customer() -> None:
    world = a_life()
    count(world)
    ledger = customer_ledger(world)
    assert (ledger["given"], ledger["renewed"], ledger["kept_on_time"], ledger["broken_untold"]) == (2, 1, 1, 1)
    assert (ledger["told_before_it_broke"], ledger["stay"], ledger["concessions_granted"]) == (1, 1, 1)


def test_facts_that_come_again_add_nothing() -> None:
    world = a_life()
    count(world)
    once = stored(world)
    count(world)
    for key in world.store.noted:
        count_facts([key], world)
    assert stored(world) == once == reckoned(world)


def test_facts_may_come_in_any_order_one_by_one_and_again() -> None:
    for seed in range(20):
        world = a_life()
        keys = list(world.store.noted) * 2
        random.Random(seed).shuffle(keys)
        for key in keys:
            assert count_facts([key], world) == frozenset()
        assert stored(world) == reckoned(world)


def test_facts_are_counted_while_the_promise_moves_on() -> None:
    world = World()
    world.make()
    count(world)
    assert customer_ledger(world) == {"given": 1}
    at_risk(world)
    world.drain()
    count(world)
    world.pass_time(timedelta(days=3))
    count(world)
    assert stored(world) == reckoned(world)


def test_what_changes_no_number_is_not_looked_at() -> None:
    world = World()
    world.make(at=(timedelta(minutes=5),))
    count(world)
    world.pass_time(timedelta(hours=1))
    calls: list[str] = []
    world.store.before = calls.append
    updates = [key for key, fact in world.store.noted.items() if fact.name == "UpdateSent"]
    assert updates
    count_facts(updates, world)
    assert calls == ["facts"]


def test_a_promise_that_is_gone_is_passed_over() -> None:
    world = a_life()
    world.store.promises.clear()
    count(world)
    assert stored(world) == {}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["facts", "ledgers.generations", "load", "ledgers.counted", "ledgers.add"])
def test_a_call_that_fails_once_is_told_and_made_good_by_the_repeat(call: str, when: str) -> None:
    world = a_life()
    failures = iter([True])

    def strike(name: str) -> None:
        if name == call and next(failures, False):
            raise StoreUnavailable(call)

    setattr(world.store, when, strike)
    keys = list(world.store.noted)
    failed = count_facts(keys, world)
    assert failed
    assert failed <= set(keys)
    assert count_facts(sorted(failed), world) == frozenset()
    assert stored(world) == reckoned(world)


def test_a_promise_that_cannot_be_counted_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    world = a_life()
    bad = next(key for key, fact in world.store.noted.items() if fact.name == "ChoiceRecorded")
    world.store.noted[bad] = replace(world.store.noted[bad], data={"choice": "neither"})
    with caplog.at_level(logging.ERROR):
        failed = count_facts(list(world.store.noted), world)
    assert {promise_id for promise_id, _ in failed} == {bad[0]}
    assert bad in failed
    assert "counting promise" in caplog.text
    assert customer_ledger(world) == {"given": 1, "broken_untold": 1}


def test_of_two_workers_that_count_at_once_one_gives_way_and_nothing_is_counted_twice() -> None:
    world = a_life()
    keys = list(world.store.noted)
    entered = iter([True])

    def interrupt(name: str) -> None:
        if name == "ledgers.add" and next(entered, False):
            count_facts(keys, world)

    world.store.before = interrupt
    assert count_facts(keys, world) == frozenset()
    assert stored(world) == reckoned(world)


def test_many_promises_are_added_together_in_as_few_transactions_as_fit() -> None:
    world = World()
    for n in range(120):
        world.make(ref=f"order-{n}")
    calls: list[str] = []
    world.store.before = calls.append
    count(world)
    assert calls.count("ledgers.add") == 2
    assert stored(world) == reckoned(world)


def test_a_promise_with_more_days_than_fit_into_one_transaction_is_counted_in_parts() -> None:
    world = World()
    world.make()
    for n in range(80):
        world.system.time += timedelta(days=1)
        promise = world.promise()
        fact = Fact(promise.id, promise.seq + 1 + n, "ConcessionRedeemed", world.system.time, {"code": f"K{n}"})
        world.store.noted[fact.promise_id, fact.seq] = fact
    count(world)
    assert customer_ledger(world) == {"given": 1, "concessions_redeemed": 80}


def test_a_promise_without_a_promiser_is_counted_under_no_name() -> None:
    world = World()
    world.make()
    promise = world.promise()
    world.store.promises[promise.id] = replace(promise, promiser_ref=None)
    count(world)
    assert stored(world)[Row(Book.PROMISER, "2026-11", "")] == {"given": 1}


def test_a_mark_of_a_newer_generation_is_followed_there() -> None:
    world = World()
    world.make()
    world.ledgers.marks[world.promise().id] = Mark(2, 0)
    count(world)
    assert stored(world) == {}
    assert stored(world, 2) == reckoned(world)
    assert world.ledgers.generations() == Generations()


def test_profiles_play_no_part_in_what_is_counted() -> None:
    world = World()
    world.make()
    world.store.promiser_profiles["seller-7"] = Promiser("seller-7", team="another")
    count(world)
    assert stored(world) == reckoned(world)
