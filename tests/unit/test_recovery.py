"""Told before it breaks, with a real choice: what the customer hears, what they may choose, and what silence means."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from chalice.app import SNSEvent

from chalicelib.domain.changes import NotPossibleAnyMore, acknowledge
from chalicelib.domain.choices import choose, make_final
from chalicelib.domain.delivery import Sending, Spoken, after_sending
from chalicelib.domain.facts import Change
from chalicelib.domain.moments import next_contact
from chalicelib.domain.notices import Outcome
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Kind, Leads, Promise, Status, Trying, Word
from chalicelib.domain.quiet import Quiet
from chalicelib.domain.recovery import Case, Choice, ChosenBy, Offer, OfferKind, Parts, Silence
from chalicelib.domain.risks import Policy, Trouble, call_made, done, late, on_track, open_recovery
from chalicelib.entrypoints.jobs import sms_reply
from chalicelib.messages.page_views import PageView
from chalicelib.usecases.check_in import AnswerKind, CheckInAnswer, answer_check_in, open_check_in
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.ports import Sent
from chalicelib.usecases.press import Action, FormExpired, TooLate, press
from chalicelib.usecases.publish import publish
from chalicelib.usecases.take_reply import take_reply
from tests.world import NINE, World, only_by

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OFFER = Offer(OfferKind.FREE_SHIPPING, "el envío es gratis")
PARTS = Parts(Case.DELAY, "el camión se averió", "hemos cambiado de transportista", "llega el día 8", OFFER)


def trouble(
    *,
    new_due: timedelta | None = 5 * DAY,
    decide: timedelta | None = 2 * DAY,
    broken: bool = False,
    case: Case = Case.DELAY,
) -> Trouble:
    parts = Parts(case, PARTS.reason, PARTS.done_so_far, PARTS.solution, OFFER)
    return Trouble(parts, NINE + new_due if new_due else None, NINE + decide if decide else None, broken=broken)


def at_risk(world: World, said: Trouble | None = None) -> None:
    given = said or trouble()
    world.trouble(lambda promise, now: open_recovery(promise, given, world.rules.policy, now))


def opened(**made: object) -> World:
    """Return a world with a promise due in two days, at risk, whose customer has been told."""
    world = World()
    world.make(**made)  # type: ignore[arg-type]
    world.drain()
    at_risk(world)
    world.drain()
    return world


def pressed(world: World, action: Action) -> PageView:
    token = link_in(world)
    return press(token, open_page(token, world).form_nonce, action, world)


def link_in(world: World) -> str:
    """Return the token of the latest link that a customer got."""
    sent = [*world.email.delivered, *world.sms.delivered]
    return sent[-1].text.rpartition("?t=")[2]


def test_the_customer_hears_before_it_breaks() -> None:
    world = opened()
    assert world.heard() == ["confirmation", "recovery_delay"]
    assert world.promise().status is Status.AT_RISK


def test_a_promise_that_broke_before_anybody_said_so_is_told_as_late() -> None:
    world = World()
    world.make(due=HOUR)
    world.pass_time(2 * HOUR)
    at_risk(world, trouble(broken=True, case=Case.WRONG_ITEM))
    world.drain()
    assert world.heard() == ["confirmation", "overdue", "recovery_wrong_item_late"]


def test_staying_renews_the_promise_grants_the_offer_and_is_confirmed() -> None:
    world = opened()
    view = pressed(world, Action.STAY)
    world.drain()
    assert world.heard()[-1] == "stay_confirmed"
    assert (world.promise().status, world.promise().due_at) == (Status.OPEN, NINE + 5 * DAY)
    (concession,) = world.store.concessions_of("c-99")
    assert concession.offer == OFFER
    assert view.recovery
    assert view.recovery.offer.code == concession.code
    assert "ChoiceRecorded" in world.facts()


def test_cancelling_ends_it_and_nothing_is_said_after_the_confirmation() -> None:
    world = opened(at=(DAY,))
    pressed(world, Action.CANCEL)
    world.pass_time(9 * DAY)
    assert world.heard() == ["confirmation", "recovery_delay", "cancel_confirmed"]
    assert world.promise().status is Status.CANCELLED
    assert world.store.clocks == {}


def test_pressing_twice_changes_nothing_more() -> None:
    world = opened()
    pressed(world, Action.STAY)
    before = world.facts()
    pressed(world, Action.STAY)
    assert world.facts() == before


def test_a_change_of_mind_is_recorded_confirmed_and_voids_what_was_granted() -> None:
    world = opened()
    pressed(world, Action.STAY)
    world.drain()
    pressed(world, Action.CANCEL)
    world.drain()
    assert world.heard()[-2:] == ["stay_confirmed", "cancel_confirmed"]
    assert world.store.concessions_of("c-99")[0].void
    pressed(world, Action.STAY)
    world.drain()
    assert world.heard()[-1] == "stay_confirmed"
    (concession,) = world.store.concessions_of("c-99")
    assert not concession.void


def test_a_change_of_mind_while_the_first_choice_is_being_confirmed_is_confirmed_too() -> None:
    world = opened()
    token = link_in(world)
    pressed(world, Action.STAY)

    def think_again(message: object) -> None:
        world.email.on_send = lambda _: None
        press(token, open_page(token, world).form_nonce, Action.CANCEL, world)

    world.email.on_send = think_again
    world.drain()
    assert world.heard()[-2:] == ["stay_confirmed", "cancel_confirmed"]


def test_a_final_choice_cannot_be_changed() -> None:
    world = opened()
    pressed(world, Action.STAY)
    world.trouble(make_final)
    with pytest.raises(TooLate) as late_press:
        pressed(world, Action.CANCEL)
    assert late_press.value.page.too_late
    assert world.promise().status is Status.OPEN


def test_nothing_can_be_final_before_it_is_chosen() -> None:
    world = opened()
    with pytest.raises(NotPossibleAnyMore):
        world.trouble(make_final)


def test_two_browsers_at_once_end_in_one_outcome_that_the_timeline_explains() -> None:
    world = opened()
    token = link_in(world)
    nonce = open_page(token, world).form_nonce

    def the_other_browser(call: str) -> None:
        if call == "commit":
            world.store.before = lambda _: None
            press(token, nonce, Action.CANCEL, world)

    world.store.before = the_other_browser
    press(token, nonce, Action.STAY, world)
    choices = [fact.data["choice"] for fact in world.store.noted.values() if fact.name == "ChoiceRecorded"]
    assert choices == ["cancel", "stay"]
    assert world.promise().status is Status.OPEN
    assert len([each for each in world.store.concessions_of("c-99") if not each.void]) == 1


def test_a_press_after_the_deadline_still_counts_until_it_is_final() -> None:
    world = opened()
    world.pass_time(3 * DAY)
    assert world.heard()[-1] == "stay_by_silence"
    pressed(world, Action.CANCEL)
    assert world.promise().status is Status.CANCELLED


def test_a_form_of_an_older_recovery_cannot_choose_on_a_newer_one() -> None:
    world = opened()
    token = link_in(world)
    nonce = open_page(token, world).form_nonce
    at_risk(world, trouble(new_due=9 * DAY))
    with pytest.raises(FormExpired):
        press(token, nonce, Action.STAY, world)


def test_a_kept_promise_has_nothing_left_to_choose() -> None:
    world = opened()
    world.keep()
    with pytest.raises(TooLate):
        pressed(world, Action.CANCEL)


def test_silence_on_a_first_short_delay_stays() -> None:
    world = opened()
    world.pass_time(2 * DAY + timedelta(minutes=1))
    assert world.promise().status is Status.OPEN
    chosen = next(fact for fact in world.store.noted.values() if fact.name == "ChoiceRecorded")
    assert chosen.data["by"] == "silence"


def test_silence_on_a_later_delay_needs_a_call() -> None:
    world = opened()
    pressed(world, Action.STAY)
    again = trouble(new_due=12 * DAY, decide=4 * DAY)
    world.trouble(lambda promise, now: open_recovery(promise, again, world.rules.policy, now))
    world.pass_time(5 * DAY)
    assert world.promise().recovery
    assert world.promise().recovery.choice is None  # type: ignore[union-attr]
    assert world.facts().count("CallRequired") == 1


def test_silence_may_cancel_where_the_house_says_so() -> None:
    world = World()
    world.rules = world.rules.__class__(
        **{name: getattr(world.rules, name) for name in world.rules.__slots__}
        | {"policy": Policy(first_silence=Silence.CANCEL)}
    )
    world.make()
    at_risk(world)
    world.pass_time(3 * DAY)
    assert world.promise().status is Status.CANCELLED
    assert world.heard()[-1] == "cancel_by_silence"


def test_who_could_not_be_told_was_not_silent() -> None:
    world = World()
    world.make(customer=only_by(Channel.EMAIL))
    world.drain()
    world.email.always_answer("g@example.com", Outcome.UNAVAILABLE)
    at_risk(world)
    world.pass_time(timedelta(minutes=1))
    assert world.promise().recovery.told_at is None  # type: ignore[union-attr]
    world.email.always_answer("g@example.com", Outcome.REFUSED)
    world.pass_time(4 * DAY)
    assert world.promise().status is not Status.CANCELLED
    assert "ChoiceRecorded" not in world.facts()
    assert "CallRequired" in world.facts()


def test_nobody_answers_so_a_reminder_the_other_channel_and_a_call_follow() -> None:
    world = World()
    world.make(due=9 * DAY)
    at_risk(world, trouble(new_due=20 * DAY, decide=5 * DAY))
    world.pass_time(4 * DAY)
    assert world.heard() == ["confirmation", "recovery_delay", "reminder", "reminder"]
    assert [message.to for message in world.sms.delivered] == ["+34600000000"]
    assert world.facts().count("CallRequired") == 1


def test_a_ladder_for_one_channel_goes_straight_to_the_call() -> None:
    world = World()
    world.make(due=9 * DAY, customer=only_by(Channel.EMAIL))
    at_risk(world, trouble(new_due=20 * DAY, decide=5 * DAY))
    world.pass_time(4 * DAY)
    assert world.heard() == ["confirmation", "recovery_delay", "reminder"]
    assert world.facts().count("CallRequired") == 1


@pytest.mark.parametrize("action", list(Action))
def test_an_acknowledgement_or_a_choice_stops_the_ladder(action: Action) -> None:
    world = opened(due=9 * DAY)
    pressed(world, action)
    world.pass_time(DAY + 12 * HOUR)
    assert "reminder" not in world.heard()
    assert "CallRequired" not in world.facts()


def test_a_choice_that_crosses_a_reminder_in_flight_stops_what_follows() -> None:
    world = World()
    world.make(due=9 * DAY)
    at_risk(world, trouble(new_due=20 * DAY, decide=5 * DAY))
    world.drain()
    token = link_in(world)

    def choose_meanwhile(message: object) -> None:
        if message.text.startswith("reminder"):  # type: ignore[attr-defined]
            world.email.on_send = lambda _: None
            press(token, open_page(token, world).form_nonce, Action.STAY, world)

    world.email.on_send = choose_meanwhile
    world.pass_time(4 * DAY)
    assert world.heard() == ["confirmation", "recovery_delay", "reminder", "stay_confirmed"]
    assert "CallRequired" not in world.facts()


def test_an_unanswered_call_is_repeated_thrice_and_then_silence_decides() -> None:
    world = World()
    world.make(due=9 * DAY)
    at_risk(world, trouble(new_due=20 * DAY, decide=5 * DAY))
    for _ in range(10):
        world.pass_time(12 * HOUR)
        if world.facts().count("CallRequired") > world.facts().count("CallMade"):
            world.trouble(lambda promise, now: call_made(promise, False, None, None, now))
    assert world.facts().count("CallRequired") == 3
    assert world.promise().recovery.choice is Choice.STAY  # type: ignore[union-attr]


def test_no_fourth_call_is_asked_for_at_the_deadline() -> None:
    world = World()
    world.make(due=9 * DAY)
    at_risk(world, trouble(new_due=None, decide=3 * DAY, case=Case.TERMS))
    for _ in range(36):
        world.pass_time(2 * HOUR)
        if world.facts().count("CallRequired") > world.facts().count("CallMade"):
            world.trouble(lambda promise, now: call_made(promise, False, None, None, now))
    assert world.facts().count("CallMade") == 3
    world.pass_time(2 * DAY)
    assert world.facts().count("CallRequired") == 3


def test_what_nothing_decides_any_more_is_spoken_of_on_the_day_that_was_told() -> None:
    world = World()
    world.make(due=5 * DAY)
    at_risk(world, trouble(new_due=None, decide=3 * DAY, case=Case.TERMS))
    world.drain()
    world.trouble(acknowledge)
    world.pass_time(5 * DAY)
    told = next_contact(world.promise(), world.system.time)
    assert told == NINE + 6 * DAY
    world.pass_time(DAY + timedelta(minutes=1))
    assert [fact.at for fact in world.store.noted.values() if fact.name == "UpdateSent"] == [told]


def test_a_choice_made_on_the_phone_is_recorded_as_such() -> None:
    world = opened()
    world.trouble(lambda promise, now: call_made(promise, True, Choice.STAY, "muy amable", now))
    chosen = next(fact for fact in world.store.noted.values() if fact.name == "ChoiceRecorded")
    assert chosen.data["by"] == "call"


@pytest.mark.parametrize(("text", "status"), [("1", Status.OPEN), (" 2. ", Status.CANCELLED), ("qué?", Status.AT_RISK)])
def test_a_digit_by_text_message_chooses_and_other_words_are_kept(text: str, status: Status) -> None:
    world = opened(customer=only_by(Channel.SMS))
    assert take_reply("+34600000000", text, "reply-1", world)
    assert world.promise().status is status
    if status is Status.AT_RISK:
        assert [fact.text for fact in world.store.noted.values() if fact.name == "ReplyReceived"] == [text]


def test_a_reply_that_is_delivered_again_overturns_no_later_choice() -> None:
    world = opened(customer=only_by(Channel.SMS))
    for text, message_id in (("1", "reply-1"), ("2", "reply-2"), ("1", "reply-1")):
        assert take_reply("+34600000000", text, message_id, world)
        world.drain()
    assert world.promise().status is Status.CANCELLED
    assert world.heard()[-2:] == ["stay_confirmed", "cancel_confirmed"]


def test_a_reply_that_changed_nothing_overturns_nothing_either_when_it_is_delivered_again() -> None:
    world = opened(customer=only_by(Channel.SMS))
    for text, message_id in (("1", "reply-1"), ("1", "reply-2"), ("2", "reply-3"), ("1", "reply-2")):
        assert take_reply("+34600000000", text, message_id, world)
    assert world.promise().status is Status.CANCELLED


def test_words_that_are_delivered_again_are_noted_once() -> None:
    world = opened(customer=only_by(Channel.SMS))
    for message_id in ("reply-1", "reply-1", "reply-2"):
        assert take_reply("+34600000000", "qué?", message_id, world)
    assert world.facts().count("ReplyReceived") == 2


@pytest.mark.parametrize("known", [{"inboundMessageId": "sms-1"}, {}])
def test_a_text_message_is_known_by_its_own_id_or_by_that_of_what_brought_it(known: dict[str, str]) -> None:
    world = opened(customer=only_by(Channel.SMS))
    told = json.dumps({"originationNumber": "+34600000000", "messageBody": "qué?"} | known)
    for carrier in ("sns-1", "sns-1", "sns-2"):
        sns = {"Message": told, "MessageId": carrier, "Subject": None, "MessageAttributes": {}}
        assert sms_reply(SNSEvent({"Records": [{"Sns": sns}]}, None), world) == {"taken": True}
    assert world.facts().count("ReplyReceived") == (1 if known else 2)


def test_a_reply_from_a_phone_that_was_asked_nothing_changes_nothing() -> None:
    world = opened()
    assert not take_reply("+34699999999", "1", "reply-1", world)
    assert world.promise().status is Status.AT_RISK


def test_a_required_call_wakes_a_person_with_what_to_say_and_with_nobody_s_words() -> None:
    world = World()
    world.email.always_answer("g@example.com", Outcome.REFUSED)
    world.make(customer=only_by(Channel.EMAIL))
    world.drain()
    world.operators.available = False
    keys = sorted(world.store.noted)
    failed = publish(keys, world)
    assert len(failed) == 1
    world.operators.available = True
    publish(sorted(failed), world)
    call = world.bus.events[-1]
    assert call.type == "Call Required"
    assert call.detail["language"] == "es"
    assert call.detail["script"]
    ((subject, message),) = world.operators.told
    assert "called" in subject
    assert f"/v1/promises/{world.promise().id}" in message
    assert not re.search(r"example\.com|pedido|Gemma", subject + message + str(call))


def test_an_attempt_cannot_be_broken() -> None:
    world = World()
    world.make(kind=Kind.ATTEMPT)
    with pytest.raises(NotPossibleAnyMore):
        at_risk(world)


# The check-in

LEADS = Leads(timedelta(hours=24), timedelta(hours=12))


def checked(kind: Kind = Kind.COMMITMENT) -> World:
    """Return a world in which a promise is due in two days and its promiser is asked a day before."""
    world = World()
    world.make(leads=LEADS, kind=kind)
    world.pass_time(DAY + timedelta(minutes=1))
    return world


def check_in_token(world: World) -> str:
    return next(each for each in world.email.delivered if each.to == "ana@shop.example").text.rpartition("?t=")[2]


def answered(world: World, answer: CheckInAnswer) -> None:
    token = check_in_token(world)
    answer_check_in(token, open_check_in(token, world).form_nonce, answer, world)


def test_the_promiser_is_asked_ahead_of_the_due_time() -> None:
    world = checked()
    assert world.heard() == ["confirmation", "check_in"]
    assert world.email.delivered[-1].to == "ana@shop.example"


def test_without_an_answer_the_customer_hears_of_the_doubt_before_the_due_time() -> None:
    world = checked()
    world.pass_time(12 * HOUR)
    assert world.heard() == ["confirmation", "check_in", "doubt"]
    assert world.promise().status is Status.AT_RISK


def test_an_answer_on_track_keeps_the_customer_free_of_doubt_and_carries_a_word() -> None:
    world = checked()
    answered(world, CheckInAnswer(AnswerKind.ON_TRACK, "ya va de camino"))
    world.pass_time(12 * HOUR)
    assert world.heard() == ["confirmation", "check_in", "update_news"]
    assert world.promise().status is Status.OPEN


def test_an_answer_late_opens_a_recovery() -> None:
    world = checked()
    answered(world, CheckInAnswer(AnswerKind.LATE, trouble=trouble()))
    world.drain()
    assert world.heard()[-1] == "recovery_delay"


def test_an_answer_done_keeps_the_promise() -> None:
    world = checked()
    answered(world, CheckInAnswer(AnswerKind.DONE, "entregado"))
    world.drain()
    assert world.heard()[-1] == "closing"


@pytest.mark.parametrize(
    "answer",
    [
        CheckInAnswer(AnswerKind.ON_TRACK, "ya va de camino"),
        CheckInAnswer(AnswerKind.LATE, trouble=trouble()),
        CheckInAnswer(AnswerKind.DONE, "entregado"),
    ],
    ids=lambda each: each.kind.value,
)
def test_a_second_press_of_a_check_in_shows_the_same_page_and_tells_nobody_twice(answer: CheckInAnswer) -> None:
    world = checked()
    token = check_in_token(world)
    nonce = open_check_in(token, world).form_nonce
    assert answer_check_in(token, nonce, answer, world).answered == answer.kind
    world.pass_time(timedelta(minutes=2))
    facts, heard = world.facts(), world.heard()
    again = answer_check_in(token, nonce, answer, world)
    assert (again.answered, again.form_expired) == (answer.kind, False)
    world.pass_time(timedelta(minutes=2))
    assert (world.facts(), world.heard()) == (facts, heard)


def test_another_word_from_the_same_form_is_another_answer() -> None:
    world = checked()
    token = check_in_token(world)
    nonce = open_check_in(token, world).form_nonce
    for word in ("ya va de camino", "llega a las cinco"):
        assert answer_check_in(token, nonce, CheckInAnswer(AnswerKind.ON_TRACK, word), world).answered
        world.drain()
    assert world.heard()[-2:] == ["update_news", "update_news"]


def test_a_check_in_answer_needs_a_form_of_ours_and_a_promise_that_stands() -> None:
    world = checked()
    token = check_in_token(world)
    nonce = open_check_in(token, world).form_nonce
    answer = CheckInAnswer(AnswerKind.ON_TRACK)
    assert answer_check_in(token, "x", answer, world).form_expired
    assert answer_check_in(token, link_in(world), answer, world).form_expired
    world.withdraw("agotado")
    assert answer_check_in(token, nonce, answer, world).over


def test_a_promiser_promised_nothing_that_was_but_expected_until_the_customer_stays() -> None:
    world = checked(kind=Kind.EXPECTATION)
    token = check_in_token(world)
    assert open_check_in(token, world).is_expectation
    at_risk(world)
    world.drain()
    pressed(world, Action.STAY)
    assert not open_check_in(token, world).is_expectation
    promised = checked()
    assert not open_check_in(check_in_token(promised), promised).is_expectation


def test_a_promiser_without_a_working_address_does_not_spare_the_customer_the_doubt() -> None:
    world = World()
    world.email.always_answer("ana@shop.example", Outcome.REFUSED)
    world.make(leads=LEADS)
    world.pass_time(DAY + 13 * HOUR)
    assert world.heard() == ["confirmation", "doubt"]
    assert "CallRequired" not in world.facts()


@pytest.mark.parametrize("answer", [Outcome.UNAVAILABLE, Sent(Outcome.UNAVAILABLE, hold=timedelta(minutes=1))])
def test_a_promiser_whose_mail_is_held_up_does_not_spare_the_customer_the_doubt_either(answer: Sent | Outcome) -> None:
    world = World()
    world.email.always_answer("ana@shop.example", answer)
    world.make(due=3 * HOUR, leads=Leads(2 * HOUR, HOUR))
    world.pass_time(2 * HOUR - timedelta(minutes=1))
    assert world.heard() == ["confirmation"]
    world.pass_time(timedelta(minutes=1))
    assert world.heard() == ["confirmation", "doubt"]
    world.email.always_answer("ana@shop.example", Outcome.ACCEPTED)
    world.pass_time(HOUR - timedelta(minutes=2))
    assert world.heard() == ["confirmation", "doubt", "check_in"]
    answered(world, CheckInAnswer(AnswerKind.ON_TRACK))
    assert world.promise().status is Status.OPEN


def test_after_staying_the_new_date_is_doubted_too_when_the_promiser_cannot_be_asked() -> None:
    world = opened(leads=LEADS)
    world.email.always_answer("ana@shop.example", Outcome.UNAVAILABLE)
    pressed(world, Action.STAY)
    world.pass_time(4 * DAY + 13 * HOUR)
    assert world.heard()[-2:] == ["stay_confirmed", "doubt"]


def test_a_promise_that_broke_by_itself_asks_its_promiser_why() -> None:
    world = checked()
    world.pass_time(DAY)
    assert world.heard()[-2:] in (["check_in_broken", "overdue"], ["overdue", "check_in_broken"])
    assert world.promise().status is Status.BROKEN


def test_a_check_in_that_went_out_before_it_broke_does_not_pass_for_the_question_why() -> None:
    world = World()
    world.make(leads=LEADS)
    world.pass_time(2 * DAY + HOUR)
    asked = world.promise()
    broke_at = next(fact.seq for fact in world.store.noted.values() if fact.name == "PromiseBroken")
    unasked = replace(asked, told=asked.told - {Word.CHECK_IN})
    for seq, told in ((broke_at - 1, False), (broke_at, True)):
        spoken = Spoken(Obligation(asked.id, Word.CHECK_IN, 2, NINE), Channel.EMAIL, NINE, seq, "")
        sent = after_sending(unasked, spoken, Sending(Outcome.ACCEPTED, NINE, HOUR)).promise
        assert (Word.CHECK_IN in sent.told) is told


def test_a_promise_broken_by_itself_can_be_cancelled_but_not_stayed_with() -> None:
    world = World()
    world.make(due=HOUR)
    world.pass_time(2 * HOUR)
    assert open_page(link_in(world), world).may_cancel
    with pytest.raises(TooLate):
        pressed(world, Action.STAY)
    pressed(world, Action.CANCEL)
    assert world.promise().status is Status.CANCELLED


@pytest.mark.parametrize("answer", [done, on_track])
def test_answers_to_a_promise_that_is_over_are_refused(answer: object) -> None:
    world = World()
    world.make()
    world.withdraw("agotado")

    def change(promise: Promise, now: datetime) -> Change:
        return answer(promise, None, now)  # type: ignore[operator,no-any-return]

    with pytest.raises(NotPossibleAnyMore):
        world.trouble(change)


def test_late_by_check_in_is_refused_for_a_promise_that_is_over() -> None:
    world = World()
    world.make()
    world.withdraw("agotado")
    with pytest.raises(NotPossibleAnyMore):
        world.trouble(lambda promise, now: late(promise, trouble(), Policy(), now))


def test_a_new_date_is_never_later_than_the_choice() -> None:
    world = World()
    world.make()
    world.drain()
    at_risk(world, trouble(new_due=timedelta(hours=30), decide=5 * DAY))
    assert world.promise().recovery.decide_by == NINE + timedelta(hours=30)  # type: ignore[union-attr]
    world.pass_time(2 * DAY)
    assert world.heard()[-1] == "overdue"


def test_a_stay_after_the_new_date_does_not_promise_the_past() -> None:
    world = World()
    world.make(due=9 * DAY)
    at_risk(world, trouble(new_due=DAY, decide=DAY))
    world.drain()
    token = link_in(world)
    world.system.time += 2 * DAY
    press(token, open_page(token, world).form_nonce, Action.STAY, world)
    world.drain()
    assert world.promise().due_at > world.system.time
    assert world.heard()[-1] == "stay_confirmed"


def test_what_was_tried_for_the_old_due_time_does_not_hold_up_a_word_on_the_new_one() -> None:
    world = opened()
    tried = {Word.DOUBT: Trying(unheard=("email",), unknowns=1, retry_at=NINE + 9 * DAY)}
    stayed = choose(replace(world.promise(), trying=tried), Choice.STAY, ChosenBy.CUSTOMER, NINE).promise
    assert (stayed.trying, stayed.notices[Word.DOUBT]) == ({}, 1)


def test_after_staying_for_a_near_date_nobody_is_asked_and_doubted_at_once() -> None:
    world = World()
    world.make(leads=LEADS)
    at_risk(world, trouble(new_due=timedelta(minutes=50), decide=timedelta(minutes=40)))
    world.drain()
    pressed(world, Action.STAY)
    world.pass_time(timedelta(minutes=5))
    assert world.heard() == ["confirmation", "recovery_delay", "stay_confirmed"]


def test_the_same_trouble_told_again_is_not_told_to_the_customer_again() -> None:
    world = opened()
    at_risk(world)
    world.drain()
    assert world.heard() == ["confirmation", "recovery_delay"]
    assert world.promise().recoveries == 1


@pytest.mark.parametrize("text", ["2 por favor", "1\ufe0f\u20e3"])
def test_a_reply_that_begins_with_a_digit_is_a_choice(text: str) -> None:
    world = opened(customer=only_by(Channel.SMS))
    take_reply("+34600000000", text, "reply-1", world)
    assert world.promise().recovery.choice is not None  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["12", "sí", "STOP", ""])
def test_whoever_wrote_something_else_was_not_silent(text: str) -> None:
    world = opened(customer=only_by(Channel.SMS))
    take_reply("+34600000000", text, "reply-1", world)
    world.pass_time(3 * DAY)
    assert "ChoiceRecorded" not in world.facts()
    assert "CallRequired" in world.facts()


def test_nobody_is_reminded_or_called_in_quiet_hours() -> None:
    world = World()
    world.make(due=20 * DAY)
    world.system.time += 14 * HOUR
    policy, late = Policy(quiet=Quiet(21, 8)), trouble(new_due=30 * DAY, decide=9 * DAY)
    world.trouble(lambda promise, now: open_recovery(promise, late, policy, now))
    world.pass_time(8 * DAY)
    steps = [fact for fact in world.store.noted.values() if fact.name in {"ReminderSent", "CallRequired"}]
    assert len(steps) == 3
    assert all(8 <= fact.at.astimezone(ZoneInfo("Europe/Madrid")).hour < 21 for fact in steps)
