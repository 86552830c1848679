"""Rounds that meet: the one that was begun last goes on, and publishes what the others were to publish."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from chalicelib.usecases.reconcile import Run, reconcile
from chalicelib.usecases.survey_port import Page, Span
from tests.fakes import FakeSurvey
from tests.unit.test_reconcile import HOUR, NOTHING, hardly_any, plenty, settled
from tests.world import World

ALL = 8


class MetSurvey(FakeSurvey):
    """A survey during whose reading of one page, by its number, something else happens."""

    def __init__(self, world: World, number: int, meets: Callable[[], object]) -> None:
        super().__init__(world.store, page_items=2)
        self.left = number
        self.meets = meets

    def page(self, part: str, after: str, spans: Sequence[Span]) -> Page:
        self.left -= 1
        if self.left == 0:
            self.meets()
        return super().page(part, after, spans)


def stretch(world: World) -> Span:
    return Span(world.system.now() - HOUR, world.system.now())


def on_demand(world: World) -> Run:
    """Begin a round that publishes everything again, with time for a page of each part."""
    return reconcile(world, hardly_any, afresh=True, republish=[stretch(world)])


def carried_on(world: World) -> Run:
    """Carry on the round that is under way to its end."""
    run = reconcile(world, plenty)
    assert not run.round.parts
    return run


def test_a_round_on_demand_beside_the_nightly_one_publishes_all_that_it_was_asked_for() -> None:
    world = settled(*(f"order-{n}" for n in range(ALL)))
    begun: list[Run] = []
    world.survey = MetSurvey(world, 2, lambda: begun.append(on_demand(world)))
    nightly = reconcile(world, plenty)
    assert nightly.round.parts
    assert world.metrics.values("ReconcileHeartbeat") == []
    assert carried_on(world).round.token == begun[0].round.token
    assert {each.id for each in world.bus.events} == {each.id for each in world.store.noted.values()}
    assert world.metrics.values("ReconcileHeartbeat") == [1.0]


def test_a_round_takes_over_what_an_unfinished_one_was_to_publish() -> None:
    world = settled(*(f"order-{n}" for n in range(ALL)))
    world.survey.page_items = 2
    world.given_up.lying["receipt"] = Span(world.system.now(), world.system.now())
    reconcile(world, hardly_any)
    # As SQS does for hours with what was received.
    hidden = world.given_up.lying
    world.given_up.lying = {}
    world.system.time += timedelta(minutes=1)
    world.bus.events.clear()
    reconcile(world, hardly_any, afresh=True)
    world.given_up.lying = hidden
    carried_on(world)
    assert len(world.bus.events) == len(world.store.noted)
    assert world.given_up.lying == {}


def test_what_a_complete_round_has_published_is_not_published_again() -> None:
    world = settled()
    reconcile(world, plenty, republish=[stretch(world)])
    world.bus.events.clear()
    world.system.time += HOUR
    assert reconcile(world, plenty, afresh=True).found == NOTHING


def test_of_two_rounds_begun_at_once_one_goes_on_and_the_other_says_that_it_did_not() -> None:
    world = settled(*(f"order-{n}" for n in range(ALL)))
    won: list[Run] = []

    def rival(call: str) -> None:
        if call == "keep":
            world.store.before = lambda _: None
            won.append(on_demand(world))

    world.store.before = rival
    lost = reconcile(world, plenty, afresh=True)
    assert lost.round.parts
    assert world.survey.round == won[0].round


def test_a_round_that_was_replaced_removes_nothing_that_was_given_up() -> None:
    world = settled(*(f"order-{n}" for n in range(4)))
    world.given_up.lying["receipt"] = Span(world.system.now(), world.system.now())
    # The last page of the promises: with it the round would be complete.
    world.survey = MetSurvey(world, 3, lambda: on_demand(world))
    reconcile(world, plenty)
    assert set(world.given_up.lying) == {"receipt"}
    carried_on(world)
    assert world.given_up.lying == {}
