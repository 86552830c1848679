"""Reconcile counts what it mended and nothing else, whatever fails beside it or happens meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.clocks import Clock
from chalicelib.domain.notices import Outcome
from chalicelib.usecases.reconcile import reconcile
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.survey_port import Page, Span
from tests.fakes import FakeSurvey
from tests.fakes.store import FakeStore
from tests.unit.test_reconcile import HOUR, NOTHING, plenty, settled, vanished


class OutdatedSurvey(FakeSurvey):
    """A survey that still shows clocks which are gone by now."""

    def __init__(self, store: FakeStore, *clocks: Clock) -> None:
        super().__init__(store)
        self.seen = clocks

    def page(self, part: str, after: str, spans: Sequence[Span]) -> Page:
        found = super().page(part, after, spans)
        return replace(found, clocks=self.seen) if part == "clocks" else found


def just_before(call: str, happens: Callable[[], object], store: FakeStore) -> None:
    """Let something happen once, just before the next call of that name."""

    def before(called: str) -> None:
        if called == call:
            store.before = lambda _: None
            happens()

    store.before = before


def test_a_refused_fact_keeps_no_clock_from_being_restored_and_no_round_from_its_end() -> None:
    world = settled(*(f"order-{n}" for n in range(6)))
    world.survey = FakeSurvey(world.store, page_items=1)
    first, *_, last = sorted(world.store.promises)
    world.given_up.lying["receipt"] = Span(world.system.now(), world.system.now())
    world.bus.refuses = {f"{first}:1"}
    del world.store.clocks[last]
    assert reconcile(world, plenty).found["ClocksMissing"] == 1
    assert last in world.store.clocks
    assert world.metrics.values("ReconcileHeartbeat") == [1.0]
    assert set(world.given_up.lying) == {"receipt"}


def test_what_was_mended_is_reported_though_another_part_failed() -> None:
    world = settled()
    world.store.clocks.clear()
    world.store.clocks["gone"] = Clock("gone", world.system.now())

    def fail(call: str) -> None:
        if call == "remove_clock":
            raise StoreUnavailable

    world.store.before = fail
    with pytest.raises(StoreUnavailable):
        reconcile(world, plenty)
    assert world.promise().id in world.store.clocks
    assert world.metrics.values("ClocksMissing") == [1.0]
    assert world.metrics.values("ReconcileHeartbeat") == []
    world.store.before = lambda _: None
    assert reconcile(world, plenty).found == NOTHING | {"ClocksStray": 1}
    assert world.metrics.values("ReconcileHeartbeat") == [1.0]


def test_what_was_mended_is_reported_though_the_round_could_not_be_kept() -> None:
    world = settled()
    world.store.clocks.clear()

    kept = iter(range(100))

    def fail(call: str) -> None:
        if call == "keep" and next(kept):
            raise StoreUnavailable

    world.store.before = fail
    with pytest.raises(StoreUnavailable):
        reconcile(world, plenty)
    assert world.metrics.values("ClocksMissing") == [1.0]


def test_a_clock_that_is_gone_by_now_is_no_stray_and_its_promise_is_left_alone() -> None:
    world = settled()
    clock = world.store.clocks[world.promise().id]
    world.keep("Entregado")
    world.drain()
    world.survey = OutdatedSurvey(world.store, clock)
    version = world.promise().version
    assert reconcile(world, plenty).found == NOTHING
    assert world.promise().version == version


def test_a_stray_whose_promise_changed_meanwhile_is_not_counted() -> None:
    world = settled()
    clock = world.store.clocks[world.promise().id]
    world.keep("Entregado")
    world.drain()
    world.store.clocks[clock.promise_id] = clock
    promise = world.promise()
    newer = {promise.id: replace(promise, version=promise.version + 1)}
    just_before("commit", lambda: world.store.promises.update(newer), world.store)
    assert reconcile(world, plenty).found["ClocksStray"] == 0


def test_a_stray_that_was_set_anew_meanwhile_is_not_counted() -> None:
    world = settled()
    stray = Clock("gone", world.system.now())
    world.store.clocks["gone"] = stray
    anew = {"gone": replace(stray, ring_at=world.system.now() + HOUR)}
    just_before("remove_clock", lambda: world.store.clocks.update(anew), world.store)
    assert reconcile(world, plenty).found["ClocksStray"] == 0
    assert world.store.clocks["gone"] == anew["gone"]


def test_a_forgotten_claim_of_a_word_that_is_due_later_is_settled_and_counted_once() -> None:
    world = settled()
    claim = vanished(world)
    long_ago = world.system.now() - 2 * HOUR
    held = world.store.notices[claim]
    world.store.notices[claim] = replace(held, claimed_at=long_ago, lease_until=long_ago)
    assert reconcile(world, plenty).found["ClaimsLapsed"] == 1
    assert world.store.notices[claim].status == Outcome.UNKNOWN
    assert reconcile(world, plenty, afresh=True).found["ClaimsLapsed"] == 0
    world.pass_time(HOUR + timedelta(minutes=1))
    assert world.heard() == ["confirmation", "update_no_news"]


def test_a_claim_that_was_settled_since_it_was_seen_is_left_alone() -> None:
    world = settled()
    claim = vanished(world)
    world.system.time += 2 * HOUR
    settled_since = {claim: replace(world.store.notices[claim], status=Outcome.ACCEPTED.value)}
    just_before("find_notices", lambda: world.store.notices.update(settled_since), world.store)
    assert reconcile(world, plenty).found == NOTHING
    assert world.rings.queued == []
