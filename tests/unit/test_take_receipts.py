"""What the customer hears, and what is known of each notice, once receipts come in."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.notices import Outcome
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Leads
from chalicelib.domain.receipts import Reason, ReceiptKind
from chalicelib.entrypoints.wire_receipts import read_sendgrid
from chalicelib.usecases.ports import Sent
from chalicelib.usecases.read_promise import read_promise
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.take_receipts import take_receipts
from tests.receipts import event, report
from tests.world import ANA, GEMMA, World, only_by

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def made(world: World, **told: object) -> str:
    """Make a promise, let its confirmation go out, and return that notice's id."""
    promise = world.make(**told)  # type: ignore[arg-type]
    world.drain()
    return f"{promise.id}:confirmation:1"


def status(world: World, notice_id: str) -> ReceiptKind | None:
    return world.store.notices[notice_id].delivery.status


def test_a_delivery_is_shown_with_its_time_and_told_once_however_often_it_is_reported() -> None:
    world = World()
    confirmation = made(world)
    report(world, confirmation, "processed", "delivered")
    report(world, confirmation, "delivered")
    report(world, confirmation, "processed")
    assert world.facts() == ["PromiseMade", "ConfirmationSent", "NoticeDelivered"]
    shown = read_promise(world.promise().id, world)
    assert shown
    assert shown["notices"][0]["delivery"] == {
        "status": "delivered",
        "reason": None,
        "times": {"delivered": world.system.now().isoformat()},
    }


def test_that_a_notice_was_taken_is_known_already_and_not_written_again() -> None:
    world = World()
    confirmation = made(world)
    before = world.store.notices[confirmation]
    report(world, confirmation, "processed")
    assert world.store.notices[confirmation] == before


def test_an_opened_mail_is_noted_and_tells_nobody_anything() -> None:
    world = World()
    confirmation = made(world)
    report(world, confirmation, "open")
    assert status(world, confirmation) is ReceiptKind.OPENED
    assert world.facts() == ["PromiseMade", "ConfirmationSent"]


def test_a_bounce_sends_the_same_word_on_the_other_channel() -> None:
    world = World()
    report(world, made(world), "processed", "bounce", email=GEMMA.email)
    world.drain()
    assert [message.text.partition(" | ")[0] for message in world.sms.delivered] == ["confirmation"]
    assert world.facts()[2:] == ["NoticeBounced", "ConfirmationSent"]


def test_a_bounced_address_is_marked_and_later_words_go_by_the_other_channel_at_once() -> None:
    world = World()
    report(world, made(world, at=(HOUR,)), "bounce", email=GEMMA.email)
    world.pass_time(HOUR)
    assert [len(world.email.tried), len(world.sms.delivered)] == [1, 2]
    marks = world.store.profiles[GEMMA.ref].marks
    assert [(each.channel, each.address, each.reason, each.until) for each in marks] == [
        (Channel.EMAIL, GEMMA.email, Reason.HARD_BOUNCE, None)
    ]


def test_a_new_address_is_written_to_again() -> None:
    world = World()
    report(world, made(world), "bounce", email=GEMMA.email)
    world.drain()
    world.make(ref="order-2", customer=replace(GEMMA, email="new@example.com"))
    world.drain()
    assert [message.to for message in world.email.delivered] == [GEMMA.email, "new@example.com"]


def test_the_same_address_in_other_capitals_stays_marked() -> None:
    world = World()
    report(world, made(world), "bounce")
    world.make(ref="order-2", customer=replace(GEMMA, email="G@Example.com"))
    world.drain()
    assert len(world.email.tried) == 1


def test_the_same_address_told_again_stays_marked() -> None:
    world = World()
    report(world, made(world), "bounce", email=GEMMA.email)
    world.drain()
    world.make(ref="order-2")
    world.drain()
    assert [len(world.email.tried), len(world.sms.delivered)] == [1, 2]


def test_a_blocked_address_rests_for_a_day_and_is_tried_again() -> None:
    world = World()
    report(world, made(world, due=4 * DAY, at=(HOUR, 2 * DAY)), "bounce", type="blocked")
    world.pass_time(HOUR)
    assert len(world.email.tried) == 1
    world.pass_time(2 * DAY)
    assert len(world.email.tried) == 2


def test_a_bounce_after_the_address_was_changed_marks_the_old_one_only_and_goes_to_the_new_one() -> None:
    world = World()
    confirmation = made(world)
    world.make(ref="order-2", customer=replace(GEMMA, email="new@example.com"))
    world.drain()
    report(world, confirmation, "bounce", email=GEMMA.email)
    world.drain()
    assert [each.address for each in world.store.profiles[GEMMA.ref].marks] == [GEMMA.email]
    assert [message.to for message in world.email.delivered] == [GEMMA.email, *["new@example.com"] * 2]
    assert world.sms.tried == []


def test_an_address_that_the_provider_writes_in_its_own_way_is_not_written_to_without_end() -> None:
    world = World()
    made(world)
    for n in (1, 2):
        world.system.time += MINUTE
        report(world, f"{world.promise().id}:confirmation:{n}", "bounce", email="g@xn--exmple-cua.com")
        world.drain()
    assert [len(world.email.tried), len(world.sms.delivered)] == [2, 1]


def test_without_another_channel_a_bounce_becomes_a_call() -> None:
    world = World()
    report(world, made(world, customer=only_by(Channel.EMAIL)), "dropped", reason="Invalid")
    world.drain()
    assert world.facts()[2:] == ["NoticeDropped", "CallRequired"]


def test_a_confirmation_that_a_closing_has_overtaken_is_not_said_again() -> None:
    world = World()
    confirmation = made(world)
    world.keep("Entregado")
    world.drain()
    report(world, confirmation, "bounce", email="old@example.com")
    world.drain()
    assert world.heard() == ["confirmation", "closing"]


def test_a_closing_that_bounced_is_said_on_the_other_channel_though_the_promise_is_over() -> None:
    world = World()
    made(world)
    world.keep("Entregado")
    world.drain()
    report(world, f"{world.promise().id}:closing:1", "bounce")
    world.drain()
    assert [message.text.split(" | ")[0] for message in world.sms.delivered] == ["closing"]


def test_news_in_a_bounced_update_are_told_again_and_not_lost() -> None:
    world = World()
    made(world, at=(HOUR, 5 * HOUR))
    world.progress("La pieza llegó")
    world.pass_time(HOUR)
    report(world, f"{world.promise().id}:update:1", "bounce")
    world.drain()
    assert [message.text.split(" | ")[2] for message in world.sms.delivered] == ["La pieza llegó"]
    assert world.promise().news == ()


def test_an_update_without_news_that_a_later_one_has_overtaken_is_not_said_again() -> None:
    world = World()
    made(world, at=(HOUR, 2 * HOUR))
    world.pass_time(2 * HOUR)
    report(world, f"{world.promise().id}:update:1", "bounce", email="old@example.com")
    world.drain()
    assert len(world.sms.tried) == 0
    assert len(world.email.delivered) == 3


def test_news_in_a_bounced_update_are_told_even_when_a_later_update_has_overtaken_it() -> None:
    world = World()
    made(world, at=(HOUR, 2 * HOUR))
    world.progress("La pieza llegó")
    world.pass_time(2 * HOUR)
    report(world, f"{world.promise().id}:update:1", "bounce")
    world.drain()
    assert [message.text.split(" | ")[2] for message in world.sms.delivered] == ["La pieza llegó"]


def test_a_second_report_of_failure_does_not_say_the_word_a_third_time() -> None:
    world = World()
    confirmation = made(world)
    report(world, confirmation, "bounce", type="blocked")
    world.drain()
    report(world, confirmation, "bounce")
    world.drain()
    assert [len(world.email.tried), len(world.sms.tried)] == [1, 1]
    assert world.facts()[-1] == "NoticeBounced"


def sent_twice() -> tuple[World, str]:
    """Let nobody know of a first send, so that the mail goes out once more: copies A and B."""
    world = World()
    world.email.answer_next(Outcome.UNKNOWN, Sent(Outcome.ACCEPTED, "B"))
    confirmation = made(world)
    world.pass_time(11 * MINUTE)
    return world, confirmation


@pytest.mark.parametrize("arrived", ["delivered", "open"])
def test_a_copy_that_fails_is_not_said_again_when_the_other_has_arrived(arrived: str) -> None:
    world, confirmation = sent_twice()
    report(world, confirmation, arrived, sg_message_id="B.x", email=GEMMA.email)
    report(world, confirmation, "bounce", sg_message_id="A.x", type="blocked", email=GEMMA.email)
    world.pass_time(5 * MINUTE)
    assert (world.facts()[-1], world.sms.tried, len(world.email.tried)) == ("NoticeBlocked", [], 2)
    assert [each.reason for each in world.store.profiles[GEMMA.ref].marks] == [Reason.BLOCKED]


def test_when_the_other_copy_fails_as_well_the_word_is_said_again_once() -> None:
    world, confirmation = sent_twice()
    report(world, confirmation, "delivered", sg_message_id="B.x")
    for copy in ("A", "B", "A", "B"):
        report(world, confirmation, "bounce", sg_message_id=f"{copy}.x")
        world.drain()
    assert world.facts()[-3:] == ["NoticeBounced", "NoticeBounced", "ConfirmationSent"]
    assert len(world.sms.delivered) == 1


def test_a_check_in_that_bounces_marks_the_promiser_and_calls_no_customer() -> None:
    world = World()
    made(world, leads=Leads(DAY, DAY / 2))
    world.pass_time(DAY + MINUTE)
    report(world, f"{world.promise().id}:check_in:1", "bounce", email=ANA.email)
    world.drain()
    assert world.facts()[-2:] == ["NoticeBounced", "CheckInNotDelivered"]
    assert [each.address for each in world.store.promiser_profiles[ANA.ref].marks] == [ANA.email]
    assert world.store.profiles[GEMMA.ref].marks == ()


def test_a_receipt_inside_the_quiet_window_settles_an_unknown_email_and_nothing_is_sent_again() -> None:
    world = World()
    world.email.answer_next(Outcome.UNKNOWN)
    confirmation = made(world)
    world.system.time += MINUTE
    report(world, confirmation, "processed")
    world.pass_time(HOUR)
    assert len(world.email.tried) == 1
    assert world.facts() == ["PromiseMade", "NoticeUnknown", "ConfirmationSent"]
    assert world.store.notices[confirmation].status == Outcome.ACCEPTED
    assert world.metrics.values("UnknownSends") == world.metrics.values("UnknownSettled") == [1.0]
    assert world.metrics.values("UnknownResent") == []


def test_without_a_receipt_an_unknown_email_is_sent_once_more_and_counted() -> None:
    world = World()
    world.email.answer_next(Outcome.UNKNOWN)
    made(world)
    world.pass_time(11 * MINUTE)
    assert len(world.email.tried) == 2
    assert world.metrics.values("UnknownResent") == [1.0]


def test_an_unknown_update_with_news_is_settled_as_if_it_had_been_accepted_at_once() -> None:
    world = World()
    made(world, at=(HOUR,))
    world.progress("La pieza llegó")
    world.email.answer_next(Outcome.UNKNOWN)
    world.pass_time(HOUR)
    world.progress("Sale mañana")
    report(world, f"{world.promise().id}:update:1", "processed")
    assert [each.note for each in world.promise().news] == ["Sale mañana"]
    assert world.promise().trying == {}


def test_a_bounce_of_an_unknown_send_goes_to_the_next_channel_without_waiting_for_the_window() -> None:
    world = World()
    world.email.answer_next(Outcome.UNKNOWN)
    report(world, made(world), "processed", "bounce")
    world.drain()
    assert [len(world.email.tried), len(world.sms.delivered)] == [1, 1]


def test_a_receipt_that_comes_while_the_message_is_still_being_sent_is_kept_and_stands() -> None:
    world = World()
    promise = world.make()
    confirmation = f"{promise.id}:confirmation:1"
    world.email.on_send = lambda _: report(world, confirmation, "delivered")  # type: ignore[assignment]
    world.drain()
    assert world.facts() == ["PromiseMade", "ConfirmationSent", "NoticeDelivered"]
    assert status(world, confirmation) is ReceiptKind.DELIVERED
    assert world.metrics.values("UnknownSettled") == [], "nobody had counted it as unknown"


def test_a_bounce_that_comes_before_our_record_is_not_overwritten_by_it() -> None:
    world = World()
    promise = world.make()
    world.email.on_send = lambda _: report(world, f"{promise.id}:confirmation:1", "bounce")  # type: ignore[assignment]
    world.drain()
    assert "confirmation" in [message.text.partition(" | ")[0] for message in world.sms.delivered]
    assert len(world.email.tried) == 1


def test_a_worker_that_vanished_after_sending_is_found_out_by_the_receipt() -> None:
    world = World()
    promise = world.make()

    def die(_: object) -> None:
        raise KeyboardInterrupt

    world.email.on_send = die
    with pytest.raises(KeyboardInterrupt):
        world.drain()
    world.email.on_send = lambda _: None
    report(world, f"{promise.id}:confirmation:1", "processed")
    world.pass_time(HOUR)
    assert len(world.email.tried) == 1
    assert world.facts() == ["PromiseMade", "ConfirmationSent"]


def test_a_bounce_without_our_arguments_is_matched_by_the_providers_id() -> None:
    world = World()
    confirmation = made(world)
    report(world, None, "bounce", sg_message_id="provider-1.recvd-5-0")
    assert status(world, confirmation) is ReceiptKind.BOUNCED


def test_a_nameless_receipt_that_comes_before_the_record_is_applied_with_it() -> None:
    world = World()
    world.make()
    world.sms.answer_next(Sent(Outcome.ACCEPTED, provider_id="another-provider-1"))
    world.email.on_send = lambda _: report(world, None, "bounce", sg_message_id="provider-1.x")  # type: ignore[assignment]
    world.drain()
    assert world.facts() == ["PromiseMade", "ConfirmationSent", "NoticeBounced", "ConfirmationSent"]


def test_receipts_of_messages_that_are_not_ours_are_passed_over() -> None:
    world = World()
    made(world)
    world.system.time += DAY
    old = (world.system.now() - 2 * HOUR).timestamp()
    strangers = [
        event(None, "bounce", old, sg_message_id="somebody-elses.x"),
        event("a" * 24 + ":update:7", "bounce", old, sg_message_id="somebody-elses.y"),
        event("not an id", "bounce", old, sg_message_id=""),
        event(f"{world.promise().id}:song:1", "bounce", old, sg_message_id="somebody-elses.z"),
        {"event": "delivered"},
        {"event": ["delivered"], "timestamp": True},
        "delivered",
    ]
    before = dict(world.store.notices)
    assert take_receipts(read_sendgrid(json.dumps(strangers).encode()), world)
    assert world.store.notices == before
    assert world.metrics.values("ReceiptsUnmatched") == [4.0]


def test_one_promise_that_cannot_be_stored_does_not_hold_up_the_others_and_is_asked_for_again() -> None:
    world = World()
    first = made(world)
    second = f"{world.make(ref='order-2').id}:confirmation:1"
    world.drain()
    at = world.system.now().timestamp()
    batch = read_sendgrid(json.dumps([event(each, "delivered", at) for each in (first, second)]).encode())
    failing = iter([True])

    def fail_once(call: str) -> None:
        if call == "find_notices" and next(failing, False):
            raise StoreUnavailable

    world.store.before = fail_once
    assert not take_receipts(batch, world)
    assert [status(world, first), status(world, second)] == [None, ReceiptKind.DELIVERED]
    assert take_receipts(batch, world)
    assert status(world, first) is ReceiptKind.DELIVERED


@pytest.mark.parametrize("kind", ["spamreport", "unsubscribe", "group_unsubscribe"])
def test_who_wants_no_mail_gets_none_but_has_heard_this_one(kind: str) -> None:
    world = World()
    report(world, made(world, at=(HOUR,)), "delivered", kind)
    world.pass_time(HOUR)
    assert [len(world.email.tried), len(world.sms.delivered)] == [1, 1]
