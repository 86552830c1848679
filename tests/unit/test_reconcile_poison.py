"""One thing that nobody can mend stops the nightly reconcile for nothing and nobody else, and is told."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.durations import Duration
from chalicelib.domain.promise import Rhythm
from chalicelib.domain.receipts import Reason, Receipt, ReceiptKind, delivery_of
from chalicelib.usecases.publish import publish
from chalicelib.usecases.reconcile import reconcile
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.survey_port import Page, Span
from tests.fakes import FakeSurvey
from tests.fakes.store import FakeStore
from tests.unit.test_reconcile import HOUR, NIGHT, NOTHING, plenty, settled, vanished
from tests.world import World


def poisoned(many: int = 6) -> tuple[World, str]:
    """Return a world of promises without clocks, and the id of the first, of which nobody can say when it rings."""
    world = settled(*(f"order-{n}" for n in range(many)))
    world.survey = FakeSurvey(world.store, page_items=2)
    world.store.clocks.clear()
    first = min(world.store.promises)
    broken = replace(world.store.promises[first], time_zone="Mars/Olympus", rhythm=Rhythm(every=Duration(days=1)))
    world.store.promises[first] = broken
    return world, first


def test_the_others_are_armed_and_the_round_comes_to_its_end() -> None:
    world, bad = poisoned()
    found = reconcile(world, plenty).found
    assert set(world.store.clocks) == set(world.store.promises) - {bad}
    assert (found["ClocksMissing"], found["ReconcileFailed"]) == (5, 1)
    assert world.metrics.values("ReconcileFailed") == [1.0]
    assert world.metrics.values("ReconcileHeartbeat") == [1.0]


def test_it_is_told_by_its_id_and_nobodys_words(caplog: pytest.LogCaptureFixture) -> None:
    world, bad = poisoned()
    with caplog.at_level(logging.ERROR, "chalicelib.usecases.apart"):
        reconcile(world, plenty)
    assert [each.getMessage().partition(" at ")[0] for each in caplog.records if "for good" in each.message] == [
        f"{bad} failed for good: ZoneInfoNotFoundError"
    ]
    assert "Mars" not in caplog.text


def test_it_is_told_every_night_until_it_is_mended() -> None:
    world, _ = poisoned()
    for _ in range(2):
        reconcile(world, plenty)
        world.system.time += NIGHT
    assert world.metrics.values("ReconcileFailed") == [1.0, 1.0]


def test_a_promise_that_cannot_be_read_holds_up_no_other() -> None:
    world = settled(*(f"order-{n}" for n in range(4)))
    bad, good, *_ = sorted(world.store.promises)
    del world.store.clocks[good]
    world.store.unreadable.add(bad)
    found = reconcile(world, plenty).found
    assert good in world.store.clocks
    assert world.store.clocks.keys() == world.store.promises.keys()
    # Once as it lies on its page, and once as the promise of its clock.
    assert (found["ClocksMissing"], found["ReconcileFailed"]) == (1, 2)


def test_a_claim_and_a_stray_that_cannot_be_looked_into_hold_up_no_other() -> None:
    world = settled("order-1234", "order-2")
    vanished(world)
    bad, good = world.promise().id, world.promise("order-2").id
    clock = world.store.clocks[good]
    world.system.time += 2 * HOUR
    world.store.unreadable.add(bad)
    world.store.clocks["gone"] = replace(clock, promise_id="gone")
    found = reconcile(world, plenty).found
    assert (found["ClocksStray"], found["ReconcileFailed"]) == (1, 3)
    assert found["ClaimsLapsed"] == 0


@pytest.mark.parametrize("what", ["promise", "fact"])
def test_facts_that_cannot_be_published_for_good_stay_given_up_and_hold_up_no_other(what: str) -> None:
    world = settled("order-1234", "order-2")
    bad = world.promise().id
    world.given_up.lying["receipt"] = Span(world.system.now(), world.system.now())
    world.store.unreadable.add(bad if what == "promise" else (bad, 2))
    found = reconcile(world, plenty).found
    assert (found["FactsRepublished"], found["FactsRefused"]) == (2, 2)
    assert {each.detail["ref"] for each in world.bus.events} == {"order-2"}
    assert set(world.given_up.lying) == {"receipt"}
    assert world.metrics.values("ReconcileHeartbeat") == [1.0]
    world.store.unreadable.clear()
    world.system.time += NIGHT
    assert reconcile(world, plenty).found["FactsRepublished"] == 4
    assert world.given_up.lying == {}


def test_a_fact_that_cannot_be_told_holds_up_no_other_of_its_batch() -> None:
    world = settled("order-1234", "order-2")
    key = (world.promise().id, 2)
    world.store.promises[key[0]] = replace(world.promise(), time_zone="Mars/Olympus")
    world.store.noted[key] = replace(world.store.noted[key], name="CallRequired")
    assert publish(list(world.store.noted), world) == {key}
    assert len(world.bus.events) == 3


def test_early_receipts_of_a_promise_that_cannot_be_read_hold_up_no_other() -> None:
    world = settled("order-1234", "order-2")
    bounced = delivery_of([Receipt(world.system.now(), ReceiptKind.BOUNCED, "m-1", Reason.HARD_BOUNCE)])
    for ref in ("order-1234", "order-2"):
        notice_id = f"{world.promise(ref).id}:confirmation:1"
        world.store.sent[f"message of {ref}"], world.store.early[f"message of {ref}"] = notice_id, bounced
    world.store.unreadable.add(world.promise().id)
    assert reconcile(world, plenty).found["ReconcileFailed"] == 3
    good = world.store.notices[f"{world.promise('order-2').id}:confirmation:1"]
    assert good.delivery.failure is not None


class BrokenSurvey(FakeSurvey):
    """A survey of which one part cannot be read, whatever is tried."""

    def page(self, part: str, after: str, spans: Sequence[Span]) -> Page:
        if part == "clocks":
            raise PermissionError(part)
        return super().page(part, after, spans)


def test_a_part_that_cannot_be_read_for_good_holds_up_no_other_and_no_heartbeat_tells_of_it() -> None:
    world = settled()
    world.store.clocks.clear()
    world.survey = BrokenSurvey(FakeStore())
    world.survey.store = world.store
    with pytest.raises(StoreUnavailable):
        reconcile(world, plenty)
    assert world.promise().id in world.store.clocks
    assert world.metrics.values("ReconcileFailed") == [1.0]
    assert world.metrics.values("ReconcileHeartbeat") == []


def test_where_nothing_fails_that_is_told_too() -> None:
    world = settled()
    world.system.time += timedelta(minutes=1)
    assert reconcile(world, plenty).found == NOTHING
    assert world.metrics.values("ReconcileFailed") == [0.0]
