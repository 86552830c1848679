"""After a "no" nobody is left alone: where asking the promiser comes to nothing, a person calls, and once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.feedback import Perceived
from chalicelib.domain.notices import Outcome
from chalicelib.domain.people import Customer
from chalicelib.domain.quiet import Quiet
from chalicelib.domain.recovery import Ladder
from chalicelib.domain.risks import Policy, call_made
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.press import Feedback, press
from chalicelib.usecases.publish import publish
from chalicelib.usecases.required_call import open_call
from tests.unit.after_no import DAY, HOUR, REOPENING, a_world, answered, calls, closed, contested, token_of
from tests.unit.test_recovery import at_risk, trouble
from tests.world import GEMMA, World


def test_a_promiser_who_does_not_answer_is_no_reason_to_leave_the_customer_alone() -> None:
    world = contested()
    world.pass_time(56 * HOUR - timedelta(minutes=1))
    assert calls(world) == []
    world.pass_time(timedelta(minutes=2))
    assert calls(world) == [("apology", "not_kept")]
    world.pass_time(30 * DAY)
    assert len(calls(world)) == 1


def unanswered(world: World) -> None:
    world.trouble(lambda promise, now: call_made(promise, False, None, None, now))


def test_a_call_that_nobody_answers_is_repeated_until_it_was_made_thrice() -> None:
    world = contested()
    world.pass_time(3 * DAY)
    for made in (1, 2, 3):
        assert calls(world) == [("apology", "not_kept")] * made
        unanswered(world)
        world.pass_time(4 * HOUR + timedelta(minutes=1))
    world.pass_time(10 * DAY)
    assert len(calls(world)) == 3


def test_nobody_is_called_again_in_quiet_hours() -> None:
    world = closed(a_world(replace(REOPENING, ladder=Ladder(HOUR, 2 * HOUR, 8 * HOUR), quiet=Quiet(21, 8))))
    answered(world)
    # The first call is required at 19:00 in Madrid, and is made at 19:10.
    world.pass_time(8 * HOUR + timedelta(minutes=10))
    unanswered(world)
    world.pass_time(12 * HOUR)
    assert len(calls(world)) == 1
    world.pass_time(2 * HOUR)
    assert len(calls(world)) == 2


def test_nobody_is_called_about_it_in_quiet_hours() -> None:
    world = closed(a_world(replace(REOPENING, ladder=Ladder(HOUR, 2 * HOUR, 11 * HOUR), quiet=Quiet(21, 8))))
    answered(world)
    world.pass_time(20 * HOUR)
    assert calls(world) == []
    # Past 8 in the morning in Madrid.
    world.pass_time(HOUR + timedelta(minutes=1))
    assert calls(world) == [("apology", "not_kept")]


def test_who_was_reached_by_phone_before_is_not_called_again() -> None:
    world = contested()
    world.trouble(lambda promise, now: call_made(promise, True, None, None, now))
    world.pass_time(30 * DAY)
    assert calls(world) == []


def test_a_promiser_who_cannot_be_asked_is_stood_in_for_by_a_person_at_once() -> None:
    world = closed(a_world())
    world.email.always_answer("ana@shop.example", Outcome.REFUSED)
    answered(world)
    world.pass_time(timedelta(minutes=2))
    assert "CheckInNotDelivered" in world.facts()
    assert calls(world) == [("apology", "not_kept")]


def test_a_customer_without_a_channel_is_called_once_by_the_usual_road() -> None:
    world = closed(a_world())
    token = token_of(world)
    world.store.profiles[GEMMA.ref] = Customer(GEMMA.ref, "es", "Europe/Madrid", "Gemma", channels=())
    world.email.always_answer("ana@shop.example", Outcome.REFUSED)
    press(token, open_page(token, world).form_nonce, Feedback(Perceived.NO), world)
    world.pass_time(3 * HOUR)
    assert calls(world) == [("apology", "no_channel")]


def test_an_apology_that_bounces_goes_out_on_the_other_channel() -> None:
    world = closed(a_world())
    world.email.always_answer("g@example.com", Outcome.REFUSED)
    answered(world)
    assert world.heard()[-2:] in (["apology", "check_in_contested"], ["check_in_contested", "apology"])
    assert world.sms.delivered[-1].text.startswith("apology")


def required(world: World) -> bool:
    history = world.store.history(world.promise().id)
    return history is not None and open_call(history) is not None


@pytest.mark.parametrize("policy", [Policy(), REOPENING])
def test_a_no_that_is_taken_back_needs_no_call(policy: Policy) -> None:
    world = closed(a_world(policy))
    answered(world)
    world.pass_time(3 * DAY)
    assert required(world)
    answered(world, Perceived.PARTLY)
    assert required(world)
    answered(world, Perceived.YES)
    assert not required(world)


def test_that_there_is_no_news_yet_does_not_stand_in_for_the_call() -> None:
    world = contested()
    world.pass_time(3 * DAY)
    for _ in range(3):
        unanswered(world)
        world.pass_time(2 * DAY)
        assert required(world)
    world.keep("Ahora sí")
    world.drain()
    assert not required(world)


def test_a_promiser_who_says_at_last_what_happened_makes_the_call_needless() -> None:
    world = contested()
    world.pass_time(3 * DAY)
    at_risk(world, trouble(new_due=9 * DAY, decide=6 * DAY))
    world.drain()
    assert not required(world)


def test_the_operators_are_not_woken_for_a_call_that_has_become_needless() -> None:
    world = closed(a_world(Policy()))
    answered(world)
    world.operators.available = False
    failed = publish(sorted(world.store.noted), world)
    answered(world, Perceived.YES)
    world.operators.available = True
    assert publish(sorted(failed), world) == frozenset()
    assert world.operators.told == []
    assert world.bus.events[-1].type == "Call Required"
