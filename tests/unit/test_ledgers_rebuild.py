"""Rebuilt from facts, the ledgers say what they said: after any history, however counted, and while it goes on."""

import json
import random
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.entrypoints import jobs
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.ledger_port import Generations
from chalicelib.usecases.rebuild_ledgers import rebuild_ledgers
from chalicelib.usecases.store_port import StoreUnavailable
from infra import rebuild_ledgers as command
from tests.unit.ledger_facts import count
from tests.unit.random_histories import live
from tests.unit.test_ledgers_counting import a_life, reckoned, stored
from tests.world import World


def rebuild(world: World, pages: int = 1) -> int:
    """Rebuild to the end; return how many promises were counted."""
    progress = rebuild_ledgers(None, pages, world)
    counted = progress.counted
    while progress.cursor:
        progress = rebuild_ledgers(progress.cursor, pages, world)
        counted += progress.counted
    return counted


def deliver(world: World, chance: random.Random) -> None:
    """Bring every fact at least once, in any order, some of them again, in batches of any size."""
    keys = list(world.store.noted)
    keys += chance.choices(keys, k=len(keys) // 2)
    chance.shuffle(keys)
    while keys:
        size = chance.randint(1, 40)
        assert count_facts(keys[:size], world) == frozenset()
        keys = keys[size:]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_rebuilt_equals_what_was_stored_and_what_facts_add_up_to(seed: int) -> None:
    chance = random.Random(seed)
    world = World()
    live(world, chance, promises=8)
    deliver(world, chance)
    before = stored(world)
    assert rebuild(world) == len(world.store.promises)
    assert world.ledgers.generations() == Generations(2, 2)
    assert stored(world, 2) == before == reckoned(world)


def test_a_ledger_that_was_damaged_is_repaired() -> None:
    world = a_life()
    count(world)
    for numbers in world.ledgers.numbers.values():
        numbers.update({"given": 7})
    rebuild(world)
    assert stored(world, 2) == reckoned(world)


def test_what_happens_during_a_rebuild_is_counted_once_and_readers_see_the_old_rows_until_it_is_done() -> None:
    world = World()
    for n in range(250):
        world.make(ref=f"order-{n}")
    count(world)
    progress = rebuild_ledgers(None, 1, world)
    assert progress.cursor
    assert world.ledgers.generations() == Generations(1, 2)
    world.make()
    world.keep()
    world.pass_time(timedelta(days=3))
    count(world)
    while progress.cursor:
        progress = rebuild_ledgers(progress.cursor, 1, world)
    assert stored(world, 2) == reckoned(world)
    assert world.ledgers.generations() == Generations(2, 2)


def test_a_rebuild_begun_again_in_the_middle_counts_nothing_twice() -> None:
    world = World()
    for n in range(250):
        world.make(ref=f"order-{n}")
    rebuild_ledgers(None, 1, world)
    rebuild(world, pages=2)
    assert world.ledgers.generations() == Generations(2, 2)
    assert stored(world, 2) == reckoned(world)


def test_a_worker_that_knows_only_the_old_generation_counts_a_rebuilt_promise_in_the_new_one() -> None:
    world = a_life()
    count(world)
    fresh = iter([True])

    def rebuild_meanwhile(call: str) -> None:
        if call == "load" and next(fresh, False):
            rebuild(world)

    world.make(ref="order-3")
    world.store.before = rebuild_meanwhile
    count(world)
    assert stored(world, 2) == reckoned(world)


def test_rows_that_nobody_reads_any_more_go_with_the_next_rebuild() -> None:
    world = a_life()
    count(world)
    rebuild(world)
    assert stored(world, 1)
    rebuild(world)
    assert stored(world, 1) == {}
    assert stored(world, 3) == reckoned(world)


def test_the_command_asks_for_run_after_run_until_all_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    for n in range(250):
        world.make(ref=f"order-{n}")

    class Stacks:
        def describe_stack_resource(self, **asked: str) -> dict[str, dict[str, str]]:
            assert asked == {"StackName": "kept-prod", "LogicalResourceId": "RebuildLedgers"}
            return {"StackResourceDetail": {"PhysicalResourceId": "the-function"}}

    class Functions:
        def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, BytesIO]:  # noqa: N803 - AWS's own names
            told = jobs.rebuild_ledgers(json.loads(Payload), lambda: 1000, world)
            return {"Payload": BytesIO(json.dumps(told).encode())}

    assert command.rebuild(Stacks(), Functions(), "kept-prod") == 250
    assert "200 promises so far" in capsys.readouterr().out
    assert stored(world, 2) == reckoned(world)


def test_a_run_goes_on_while_there_is_time() -> None:
    world = World()
    for n in range(250):
        world.make(ref=f"order-{n}")
    assert jobs.rebuild_ledgers({}, lambda: 900_000, world) == {"counted": 250, "cursor": None}


@pytest.mark.parametrize("call", ["ledgers.generations", "ledgers.turn", "ledgers.pages", "load", "ledgers.add"])
def test_a_rebuild_that_fails_somewhere_can_be_repeated_from_where_it_was(call: str) -> None:
    world = a_life()
    failures = iter([True])

    def strike(name: str) -> None:
        if name == call and next(failures, False):
            raise StoreUnavailable(call)

    world.store.before = strike
    with pytest.raises(StoreUnavailable):
        rebuild(world)
    rebuild(world)
    assert stored(world, 2) == reckoned(world)
