"""A reconcile that dies at any call, or whose call fails, loses and skips nothing: the next runs see to the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from chalicelib.domain.clocks import Clock, clock_of
from chalicelib.domain.notices import CLAIMED
from chalicelib.domain.receipts import Reason, Receipt, ReceiptKind, delivery_of
from chalicelib.usecases.ports import BusEvent
from chalicelib.usecases.reconcile import reconcile
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.survey_port import Span
from tests.fakes import FakeBus, FakeGivenUp, FakeSurvey
from tests.fakes.store import nothing
from tests.unit.test_reconcile import HOUR, NIGHT, hardly_any, plenty, settled, vanished
from tests.world import World

REFS = ("order-1234", "order-2", "order-3")
RUNS_A_NIGHT = 16


class Dies(BaseException):
    """The worker dies: nothing in the product can catch it."""


class CountedBus(FakeBus):
    """A bus whose calls can be interrupted, as the store's."""

    before: Callable[[str], None] = staticmethod(nothing)
    after: Callable[[str], None] = staticmethod(nothing)

    def put(self, events: Sequence[BusEvent]) -> frozenset[str]:
        self.before("bus")
        refused = super().put(events)
        self.after("bus")
        return refused


class HidingGivenUp(FakeGivenUp):
    """What was given up, hidden for six hours from whoever asks after it was shown, and interruptible."""

    before: Callable[[str], None] = staticmethod(nothing)
    after: Callable[[str], None] = staticmethod(nothing)

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._shown_at = world.system.now() - NIGHT

    def spans(self) -> Mapping[str, Span]:
        self.before("spans")
        now = self._world.system.now()
        is_hidden = now - self._shown_at < 6 * HOUR
        if not is_hidden:
            self._shown_at = now
        found = {} if is_hidden else super().spans()
        self.after("spans")
        return found

    def remove(self, receipts: Iterable[str]) -> None:
        self.before("remove")
        super().remove(receipts)
        self.after("remove")


def broken() -> World:
    """Return a world in which something has slipped through each of the other nets."""
    world = settled(*REFS)
    world.survey = FakeSurvey(world.store, page_items=1)
    world.bus, world.given_up = CountedBus(), HidingGivenUp(world)
    world.given_up.lying["receipt"] = Span(world.system.now(), world.system.now())
    bounced = delivery_of([Receipt(world.system.now(), ReceiptKind.BOUNCED, "m-1", Reason.HARD_BOUNCE)])
    world.store.sent["m-1"] = f"{world.promise('order-2').id}:confirmation:1"
    world.store.early["m-1"] = bounced
    vanished(world)
    clock = world.store.clocks.pop(world.promise("order-3").id)
    world.store.clocks["gone"] = Clock("gone", clock.ring_at)
    world.system.time += 2 * HOUR
    return world


def at_call(world: World, number: int, happens: Callable[[], object], *, done: bool) -> list[str]:
    """Let something happen once, before or after the call of that number; return all calls up to then, and after."""
    calls: list[str] = []

    def called(call: str) -> None:
        calls.append(call)
        if len(calls) == number + 1:
            happens()

    for port in (world.store, world.bus, world.given_up):
        setattr(port, "after" if done else "before", called)
    return calls


def a_night(world: World) -> None:
    """Run reconcile as its schedule does, and whatever it has queued."""
    for _ in range(RUNS_A_NIGHT):
        with suppress(Dies, StoreUnavailable):
            reconcile(world, hardly_any)
        world.system.time += timedelta(minutes=15)
    world.system.time += NIGHT


def is_mended(world: World) -> None:
    lapsed = [each for each in world.store.notices.values() if each.status == CLAIMED]
    assert [each.id for each in lapsed if each.lapsed(world.system.now())] == []
    assert {each.id for each in world.store.promises.values() if clock_of(each)} == set(world.store.clocks)
    assert world.store.notices[world.store.sent["m-1"]].delivery.failure is not None
    given_up = {f"{each}:{seq}" for each in world.store.promises for seq in (1, 2)}
    assert given_up <= {each.id for each in world.bus.events}
    assert world.given_up.lying == {}
    assert world.metrics.values("ReconcileHeartbeat")


def calls_of_a_round() -> int:
    world = broken()
    calls = at_call(world, -1, lambda: None, done=False)
    while reconcile(world, plenty).round.parts:
        pass
    return len(calls)


def two_nights_around(happens: Callable[[World], object], *, done: bool) -> None:
    """Let something happen at each call that a round makes; after the next night all must be mended."""
    calls = calls_of_a_round()
    assert calls > 30
    for number in range(calls):
        world = broken()
        at_call(world, number, partial(happens, world), done=done)
        for _ in range(2):
            a_night(world)
            world.drain()
        is_mended(world)


def dies(_: World) -> None:
    raise Dies


def fails(_: World) -> None:
    raise StoreUnavailable


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("trouble", [dies, fails])
def test_a_run_may_die_or_fail_at_any_call(trouble: Callable[[World], object], done: bool) -> None:
    two_nights_around(trouble, done=done)


def runs_beside(world: World) -> None:
    reconcile(world, hardly_any)


def is_asked_for_at_once(world: World) -> None:
    reconcile(world, hardly_any, afresh=True)


def is_asked_for_and_carried_through(world: World) -> None:
    reconcile(world, plenty, afresh=True)


@pytest.mark.parametrize("rival", [runs_beside, is_asked_for_at_once, is_asked_for_and_carried_through])
def test_another_run_may_come_between_at_any_call(rival: Callable[[World], object]) -> None:
    two_nights_around(rival, done=False)


def is_kept(world: World) -> None:
    world.keep("Entregado")
    world.drain()


@pytest.mark.parametrize("change", [is_kept, World.drain])
def test_what_lies_on_a_page_may_change_at_any_call(change: Callable[[World], object]) -> None:
    two_nights_around(change, done=False)
