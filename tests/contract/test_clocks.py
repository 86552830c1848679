"""What every Clocks shows of the clocks that commits arm, move and remove."""

from datetime import timedelta
from itertools import pairwise

from chalicelib.usecases.store_port import Commit, Committed
from tests.contract.builders import MINUTE, NOON, clock, promise
from tests.contract.conftest import Stored

SECOND = timedelta(seconds=1)


def test_a_clock_is_armed_moved_and_removed_with_its_promise(stored: Stored) -> None:
    assert stored.clocks.get("p1") is None
    stored.store.commit(Commit(promise(), clock()))
    assert stored.clocks.get("p1") == clock()
    stored.store.commit(Commit(promise(version=1), clock(ring_at=NOON + MINUTE)))
    assert stored.clocks.get("p1") == clock(ring_at=NOON + MINUTE)
    assert list(stored.clocks.due(NOON)) == []
    stored.store.commit(Commit(promise(version=2), None))
    assert stored.clocks.get("p1") is None
    assert list(stored.clocks.due(NOON + MINUTE)) == []


def test_removing_a_clock_that_is_not_there_is_harmless(stored: Stored) -> None:
    stored.store.commit(Commit(promise(), None))
    assert stored.store.commit(Commit(promise(version=1), None)) is Committed.DONE


def test_a_change_that_is_not_stored_leaves_the_clock_alone(stored: Stored) -> None:
    stored.store.commit(Commit(promise(), clock()))
    assert stored.store.commit(Commit(promise(version=9), None)) is Committed.STALE
    assert stored.clocks.get("p1") == clock()


def test_due_are_the_overdue_and_those_up_to_the_moment_itself(stored: Stored) -> None:
    for name, ring_at in (("long-ago", NOON - 90 * MINUTE), ("now", NOON), ("later", NOON + SECOND)):
        stored.store.commit(Commit(promise(name), clock(name, ring_at)))
    assert {each.promise_id for each in stored.clocks.due(NOON)} == {"long-ago", "now"}


def test_every_shard_is_read_and_in_each_the_oldest_come_first(stored: Stored) -> None:
    names = [f"p{n}" for n in range(40)]
    for n, name in enumerate(names):
        stored.store.commit(Commit(promise(name), clock(name, NOON - n * SECOND)))
    due = list(stored.clocks.due(NOON))
    assert sorted(each.promise_id for each in due) == sorted(names)
    drops = [1 for one, next_one in pairwise(due) if next_one.ring_at < one.ring_at]
    assert len(drops) < 4, "times fall at the borders of the four shards only"


def test_the_first_due_clocks_can_be_taken_without_reading_all(stored: Stored) -> None:
    for n in range(5):
        stored.store.commit(Commit(promise(f"p{n}"), clock(f"p{n}")))
    assert next(iter(stored.clocks.due(NOON))).ring_at == NOON
