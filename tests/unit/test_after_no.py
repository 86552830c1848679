"""What follows a "no" at the end where it opens a recovery: who hears what, who is asked, and what comes of it."""

from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.domain.durations import Duration
from chalicelib.domain.feedback import Perceived
from chalicelib.domain.moments import next_contact
from chalicelib.domain.promise import Kind, Rhythm, Status
from chalicelib.domain.recovery import AfterNo
from chalicelib.domain.risks import Policy
from chalicelib.domain.standards import Standard, Standards
from chalicelib.usecases.check_in import AnswerKind, CheckInAnswer, answer_check_in, open_check_in
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.press import Action, Feedback, FormExpired, TooLate, press
from tests.unit.after_no import DAY, HOUR, LEADS, a_world, answered, calls, closed, contested, token_of
from tests.unit.test_recovery import trouble
from tests.world import ANA, GEMMA, NINE

# Which promises


def test_a_no_is_answered_at_once_and_the_promiser_asked() -> None:
    world = contested()
    assert world.heard() == ["confirmation", "closing", "apology", "check_in_contested"]
    assert [each.to for each in world.email.delivered[-2:]] == [GEMMA.email, ANA.email]
    promise = world.promise()
    assert (promise.status, promise.ended_at, promise.end_note) == (Status.BROKEN, None, None)
    assert world.facts()[-4:] == ["FeedbackGiven", "PromiseReopened", "ApologySent", "CheckInSent"]
    assert calls(world) == []


def test_a_standard_decides_before_the_house() -> None:
    for said, house, reopened in (
        (AfterNo.CALL, AfterNo.RECOVERY, False),
        (AfterNo.RECOVERY, AfterNo.CALL, True),
        (None, AfterNo.RECOVERY, True),
        (None, AfterNo.CALL, False),
    ):
        standard = Standard("delivery", 1, Kind.COMMITMENT, Duration(days=2), after_no=said)
        world = a_world(Policy(after_no=house))
        world.rules = replace(world.rules, standards=lambda known=standard: Standards({"delivery": (known,)}))
        promise = world.make(leads=LEADS)
        world.store.promises[promise.id] = replace(promise, standard="delivery@1")
        world.keep()
        world.drain()
        answered(world)
        assert ("PromiseReopened" in world.facts(), calls(world) == []) == (reopened, reopened), (said, house)


@pytest.mark.parametrize("made", [{"leads": None}, {"kind": Kind.ATTEMPT, "leads": None}, {"kind": Kind.ATTEMPT}])
def test_where_nobody_can_be_asked_or_nothing_was_promised_a_person_calls(made: dict[str, object]) -> None:
    world = closed(a_world(), **made)
    answered(world)
    assert calls(world) == [("closing", "not_kept")]
    assert world.promise().status is Status.KEPT


def test_yes_and_partly_open_nothing() -> None:
    world = closed(a_world())
    for perceived in (Perceived.YES, Perceived.PARTLY):
        answered(world, perceived)
    assert (world.promise().status, calls(world)) == (Status.KEPT, [])


# The answer pressed again, and thought over


def test_a_second_press_of_the_same_form_shows_the_same_page_and_changes_nothing() -> None:
    world = closed(a_world())
    token = token_of(world)
    nonce = open_page(token, world).form_nonce
    first, second = (press(token, nonce, Feedback(Perceived.NO), world) for _ in range(2))
    assert replace(second, form_nonce="") == replace(first, form_nonce="")
    assert (second.is_contested, second.just_answered, second.perceived) == (True, True, "no")
    assert world.facts().count("PromiseReopened") == 1


def test_a_form_for_the_choice_still_means_the_recovery_that_it_showed() -> None:
    world = closed(a_world())
    token = token_of(world)
    nonce = open_page(token, world).form_nonce
    press(token, nonce, Feedback(Perceived.NO), world)
    with pytest.raises(FormExpired):
        press(token, nonce, Action.CANCEL, world)


def test_who_finds_it_kept_after_all_ends_it_without_a_further_word() -> None:
    world = contested()
    heard = len(world.heard())
    view = answered(world, Perceived.YES)
    assert (view.status, view.is_contested, view.perceived) == ("kept", False, "yes")
    world.pass_time(30 * DAY)
    assert len(world.heard()) == heard
    assert (calls(world), world.store.clocks) == ([], {})
    assert world.facts()[-2:] == ["FeedbackGiven", "PromiseKept"]


def test_no_yes_and_no_again_is_for_a_person() -> None:
    world = contested()
    answered(world, Perceived.YES)
    answered(world)
    assert world.facts().count("PromiseReopened") == 1
    assert calls(world) == [("closing", "not_kept")]


def test_partly_leaves_it_open_and_what_was_expected_is_heard() -> None:
    world = contested()
    answered(world, Perceived.PARTLY, "una llamada")
    answered(world, Perceived.NO, "una llamada")
    assert world.promise().contested
    assert Counter(world.facts())["ExpectationHeard"] == 1
    assert calls(world) == []


# What comes of it


def test_the_promiser_says_why_and_the_customer_has_all_eight_parts_and_the_choice() -> None:
    world = contested()
    check_in = world.email.delivered[-1].text.rpartition("?t=")[2]
    page = open_check_in(check_in, world)
    assert (page.is_broken, page.is_contested) == (True, True)
    said = CheckInAnswer(AnswerKind.LATE, trouble=trouble())
    assert answer_check_in(check_in, page.form_nonce, said, world).answered == "late"
    world.drain()
    assert world.heard()[-1].startswith("recovery_delay")
    with pytest.raises(TooLate):
        answered(world, Perceived.YES)
    token = token_of(world)
    press(token, open_page(token, world).form_nonce, Action.STAY, world)
    world.drain()
    assert world.promise().status is Status.OPEN
    world.keep("Ahora sí")
    world.drain()
    assert world.heard()[-2:] == ["stay_confirmed", "closing"]


def test_what_is_kept_anew_is_closed_anew_and_asked_about_anew() -> None:
    world = contested()
    world.pass_time(3 * HOUR)
    world.keep("Faltaba una pieza, ya está")
    world.drain()
    assert world.heard()[-1] == "closing"
    assert "Faltaba una pieza" in world.email.delivered[-1].text
    shown = open_page(token_of(world), world)
    assert (shown.may_answer, shown.perceived, shown.is_contested) == (True, None, False)
    answered(world)
    assert calls(world) == [("closing", "not_kept")]
    assert world.promise().status is Status.KEPT


def test_it_can_be_cancelled_at_once() -> None:
    world = contested()
    token = token_of(world)
    shown = open_page(token, world)
    assert shown.may_cancel
    press(token, shown.form_nonce, Action.CANCEL, world)
    world.drain()
    assert (world.promise().status, world.heard()[-1]) == (Status.CANCELLED, "cancel_confirmed")


@pytest.mark.parametrize("rhythm", [Rhythm(), Rhythm(every=Duration(days=7)), Rhythm(at=(NINE + 20 * DAY,))])
def test_there_is_word_of_it_every_day_at_the_hour_that_was_told_whatever_the_rhythm_was(rhythm: Rhythm) -> None:
    world = contested(rhythm=rhythm, due=10 * DAY)
    answered_at = world.system.time
    assert next_contact(world.promise(), answered_at) == answered_at + DAY
    world.pass_time(2 * DAY + HOUR)
    told = [fact.at for fact in world.store.noted.values() if fact.name == "UpdateSent"]
    assert [round((at - answered_at) / DAY, 3) for at in told] == [1, 2]


def test_a_due_time_that_still_lies_ahead_passes_without_a_second_apology() -> None:
    world = contested()
    world.pass_time(5 * DAY)
    assert not {"overdue", "doubt", "check_in"} & set(world.heard()[2:])
    assert "PromiseBroken" not in world.facts()
