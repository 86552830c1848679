"""Receipts and outages around a recovery: nothing stale is said, and silence decides only for who could have heard."""

from datetime import timedelta

import pytest

from chalicelib.domain.changes import acknowledge
from chalicelib.domain.choices import choose
from chalicelib.domain.notices import Outcome
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Kind, Leads
from chalicelib.domain.recovery import Case, Choice, ChosenBy, Offer, OfferKind, Parts, Silence
from chalicelib.domain.risks import Policy, Trouble, open_recovery
from tests.receipts import report
from tests.world import GEMMA, World, only_by

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PARTS = Parts(Case.DELAY, "el camión se averió", "otro sale hoy", "llega el día 8", Offer(OfferKind.GIFT, "un té"))


def made(world: World, **told: object) -> str:
    """Make a promise, let its confirmation go out, and return that notice's id."""
    promise = world.make(**told)  # type: ignore[arg-type]
    world.drain()
    return f"{promise.id}:confirmation:1"


def at_risk(world: World, *, new_due: timedelta, decide: timedelta, silence: Silence = Silence.STAY) -> None:
    """Have the promise's promiser tell that it will be late, and let the customer be told."""
    policy = Policy(first_silence=silence)
    world.trouble(lambda promise, now: open_recovery(promise, Trouble(PARTS, now + new_due, now + decide), policy, now))
    world.drain()


def texted(world: World) -> list[str]:
    """Return which texts went out as text messages."""
    return [each.text.partition(" | ")[0] for each in world.sms.delivered]


def test_a_choice_made_again_while_the_first_is_unknown_is_confirmed_by_a_notice_of_its_own() -> None:
    world = World()
    made(world)
    world.trouble(lambda promise, now: open_recovery(promise, Trouble(PARTS, now + 5 * DAY), Policy(), now))
    world.drain()
    world.email.answer_next(*[Outcome.UNKNOWN] * 3)
    for choice in (Choice.STAY, Choice.CANCEL, Choice.STAY):
        world.trouble(lambda promise, now, choice=choice: choose(promise, choice, ChosenBy.CUSTOMER, now))  # type: ignore[misc]
        world.drain()
    world.pass_time(HOUR)
    confirmed = [each.notice_id.rpartition(":")[2] for each in world.email.tried if ":choice:" in each.notice_id]
    assert confirmed == ["1", "2", "3", "3"]


def test_after_an_outage_nothing_is_promised_for_a_moment_that_has_passed() -> None:
    world = World()
    world.make(due=2 * HOUR)
    world.rings.queued.clear()
    world.sweeps = False
    world.system.time += 26 * HOUR
    world.sweeps = True
    world.pass_time(2 * MINUTE)
    assert world.heard() == ["overdue"]


def test_an_attempt_is_not_confirmed_either_once_its_moment_has_passed() -> None:
    world = World()
    world.make(due=2 * HOUR, kind=Kind.ATTEMPT)
    world.rings.queued.clear()
    world.sweeps = False
    world.system.time += 26 * HOUR
    world.email.answer_next(Outcome.UNAVAILABLE)
    world.sweeps = True
    world.pass_time(2 * MINUTE)
    assert world.heard() == ["overdue"]


def test_a_confirmation_that_bounces_after_the_recovery_was_told_is_not_said_with_the_old_date() -> None:
    world = World()
    confirmation = made(world)
    at_risk(world, new_due=5 * DAY, decide=2 * DAY)
    report(world, confirmation, "bounce")
    world.drain()
    assert texted(world) == []


def test_when_both_bounce_the_recovery_alone_is_said_again() -> None:
    world = World()
    confirmation = made(world)
    at_risk(world, new_due=5 * DAY, decide=2 * DAY)
    report(world, f"{world.promise().id}:recovery:1", "bounce")
    report(world, confirmation, "bounce")
    world.drain()
    assert texted(world) == ["recovery_delay"]


def test_a_confirmation_that_bounces_after_the_due_time_is_not_said_again() -> None:
    world = World()
    confirmation = made(world, due=2 * HOUR)
    world.pass_time(5 * HOUR)
    report(world, confirmation, "bounce")
    world.drain()
    assert world.heard() == ["confirmation", "overdue"]


def test_a_recovery_that_could_not_be_told_before_its_new_date_never_names_it() -> None:
    world = World()
    made(world, due=2 * HOUR, leads=Leads(timedelta(minutes=90), HOUR))
    world.sweeps = False
    at = world.system.now()
    trouble = Trouble(PARTS, at + 4 * HOUR, at + 3 * HOUR)
    world.trouble(lambda promise, now: open_recovery(promise, trouble, Policy(), now))
    world.rings.queued.clear()
    world.system.time += 6 * HOUR
    world.sweeps = True
    world.pass_time(12 * HOUR)
    assert world.heard() == ["confirmation", "check_in_broken", "overdue"]
    assert world.promise().recovery.choice is None  # type: ignore[union-attr]


def test_a_recovery_that_bounces_after_its_new_date_is_not_said_again() -> None:
    world = World()
    made(world, due=2 * HOUR)
    at_risk(world, new_due=5 * HOUR, decide=4 * HOUR, silence=Silence.CALL)
    world.pass_time(6 * HOUR)
    report(world, f"{world.promise().id}:recovery:1", "bounce")
    world.drain()
    assert texted(world)[-1] == "overdue"
    assert "recovery_delay" not in texted(world)


def test_a_new_date_that_passed_untold_before_the_due_time_is_left_out() -> None:
    world = World()
    made(world, due=2 * DAY)
    world.email.always_answer(GEMMA.email, Outcome.UNAVAILABLE)
    world.sms.always_answer(GEMMA.phone, Outcome.UNAVAILABLE)
    at_risk(world, new_due=MINUTE, decide=MINUTE)
    world.pass_time(2 * MINUTE)
    world.email.always_answer(GEMMA.email, Outcome.ACCEPTED)
    world.pass_time(10 * MINUTE)
    recovery = world.promise().recovery
    assert recovery
    assert recovery.told_at
    assert recovery.new_due_at is None
    assert world.heard()[:2] == ["confirmation", "recovery_delay"]


def test_who_hears_of_a_recovery_late_has_as_long_to_decide_as_they_were_to_have() -> None:
    world = World()
    made(world)
    at_risk(world, new_due=30 * DAY, decide=3 * DAY)
    world.pass_time(3 * DAY - MINUTE)
    report(world, f"{world.promise().id}:recovery:1", "bounce")
    world.drain()
    told_at = world.system.now()
    assert texted(world)[-1] == "recovery_delay"
    world.pass_time(3 * DAY - 2 * MINUTE)
    assert world.promise().recovery.choice is None  # type: ignore[union-attr]
    world.pass_time(3 * MINUTE)
    recovery = world.promise().recovery
    assert recovery
    assert (recovery.chosen_by, recovery.chosen_at) == (ChosenBy.SILENCE, told_at + 3 * DAY)


def test_silence_does_not_decide_when_the_new_date_leaves_a_late_told_customer_too_little_time() -> None:
    world = World()
    made(world)
    at_risk(world, new_due=3 * DAY, decide=3 * DAY)
    world.pass_time(3 * DAY - HOUR)
    report(world, f"{world.promise().id}:recovery:1", "bounce")
    world.pass_time(DAY)
    recovery = world.promise().recovery
    assert recovery
    assert (recovery.choice, recovery.silence) == (None, Silence.CALL)


def test_an_outage_that_ends_just_before_the_deadline_does_not_shorten_the_time_to_decide() -> None:
    world = World()
    made(world)
    world.sweeps = False
    at = world.system.now()
    trouble = Trouble(PARTS, at + 20 * DAY, at + 10 * HOUR)
    world.trouble(lambda promise, now: open_recovery(promise, trouble, Policy(), now))
    world.rings.queued.clear()
    world.system.time += 10 * HOUR - MINUTE
    world.sweeps = True
    world.pass_time(2 * MINUTE)
    recovery = world.promise().recovery
    assert recovery
    assert recovery.told_at
    assert recovery.decide_by
    assert timedelta() <= recovery.told_at - (recovery.decide_by - 10 * HOUR) < 2 * MINUTE


def test_a_choice_by_silence_of_somebody_who_never_heard_stands_and_requires_a_call() -> None:
    world = World()
    made(world, due=4 * DAY, customer=only_by(Channel.EMAIL))
    at_risk(world, new_due=10 * DAY, decide=4 * HOUR)
    world.pass_time(5 * HOUR)
    report(world, f"{world.promise().id}:recovery:1", "bounce")
    recovery = world.promise().recovery
    assert recovery
    assert recovery.choice is Choice.STAY
    called = [each.data for each in world.store.noted.values() if each.name == "CallRequired"][-1]
    assert (called["word"], called["reason"]) == ("choice", "not_heard")


@pytest.mark.parametrize("by", [ChosenBy.CUSTOMER, ChosenBy.CALL])
def test_a_choice_that_somebody_made_has_been_heard_whatever_a_receipt_says(by: ChosenBy) -> None:
    world = World()
    made(world)
    at_risk(world, new_due=10 * DAY, decide=DAY)
    world.trouble(lambda promise, now: choose(promise, Choice.STAY, by, now))
    report(world, f"{world.promise().id}:recovery:1", "bounce")
    assert "CallRequired" not in world.facts()


def test_silence_decides_for_somebody_who_said_that_they_have_read_it() -> None:
    world = World()
    made(world)
    at_risk(world, new_due=10 * DAY, decide=DAY)
    world.trouble(acknowledge)
    world.pass_time(DAY + MINUTE)
    report(world, f"{world.promise().id}:recovery:1", "bounce")
    assert world.promise().recovery.chosen_by is ChosenBy.SILENCE  # type: ignore[union-attr]
    assert "CallRequired" not in world.facts()
