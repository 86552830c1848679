"""What the customer hears, and when, whatever happens to the rings."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.changes import NotPossibleAnyMore, keep
from chalicelib.domain.durations import Duration
from chalicelib.domain.notices import Outcome
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Kind, Rhythm, Status, Trying, Word
from chalicelib.usecases.ports import Sent
from chalicelib.usecases.ring import ring
from tests.receipts import report
from tests.world import GEMMA, NINE, World, only_by

MINUTE = timedelta(minutes=1)
MINUTES_5 = timedelta(minutes=5)
HOUR = timedelta(hours=1)


class Crash(BaseException):
    """The worker dies: nothing in the product may catch it."""


def test_the_making_is_confirmed_at_once() -> None:
    world = World()
    world.make()
    world.drain()
    assert world.heard() == ["confirmation"]


def test_with_no_news_the_customer_hears_at_the_promised_moment_all_the_same() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.pass_time(HOUR)
    assert world.heard() == ["confirmation", "update_no_news"]
    sent = next(fact for fact in world.store.noted.values() if fact.name == "UpdateSent")
    assert timedelta() <= sent.at - (NINE + MINUTES_5) < timedelta(seconds=1)


def test_news_told_with_the_next_update_waits_for_its_moment() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.drain()
    world.progress("la línea está reparada")
    world.drain()
    assert world.heard() == ["confirmation"]
    world.pass_time(HOUR)
    assert world.heard() == ["confirmation", "update_news"]
    assert "la línea está reparada" in world.email.delivered[-1].text


def test_news_told_now_goes_out_at_once_and_the_promised_moment_is_kept_too() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.drain()
    world.progress("ya salió", tell_now=True)
    world.drain()
    assert world.heard() == ["confirmation", "update_news"]
    world.pass_time(HOUR)
    assert world.heard() == ["confirmation", "update_news", "update_no_news"]


def test_a_promise_kept_just_before_the_moment_sends_no_stale_update() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.pass_time(MINUTES_5 - timedelta(seconds=3))
    world.keep("entregado")
    world.pass_time(HOUR)
    assert world.heard() == ["confirmation", "closing"]


def test_a_promise_kept_between_claim_and_send_sends_no_stale_update() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.pass_time(timedelta(minutes=4))

    def kept_meanwhile(call: str) -> None:
        if call == "claim":
            world.store.after = lambda _: None
            world.keep("entregado")

    world.store.after = kept_meanwhile
    world.pass_time(HOUR)
    assert world.heard() == ["confirmation", "closing"]


def test_a_withdrawal_is_told_and_nothing_after_it() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.drain()
    world.withdraw("no queda existencia")
    world.pass_time(timedelta(days=3))
    assert world.heard() == ["confirmation", "withdrawn"]
    assert world.store.clocks == {}


def test_ending_twice_tells_once_and_ending_otherwise_is_refused() -> None:
    world = World()
    world.make()
    world.drain()
    world.keep()
    world.keep()
    world.drain()
    assert world.heard() == ["confirmation", "closing"]
    with pytest.raises(NotPossibleAnyMore):
        world.withdraw("tarde")
    with pytest.raises(NotPossibleAnyMore):
        world.progress("nada")


def test_a_due_time_never_passes_untold() -> None:
    world = World()
    world.make(due=timedelta(hours=2))
    world.pass_time(timedelta(hours=3))
    assert world.heard() == ["confirmation", "overdue"]
    assert world.promise().status is Status.BROKEN
    world.pass_time(timedelta(days=1))
    assert world.heard() == ["confirmation", "overdue", "update_no_news"]


def test_an_attempt_is_never_broken_but_its_moments_are_kept() -> None:
    world = World()
    world.make(due=timedelta(hours=2), at=(HOUR,), kind=Kind.ATTEMPT)
    world.pass_time(timedelta(hours=3))
    assert world.heard() == ["confirmation", "update_no_news", "overdue"]
    assert world.promise().status is Status.OPEN


def test_a_rhythm_beats_until_the_promise_is_kept() -> None:
    world = World()
    world.make(due=timedelta(hours=10), rhythm=Rhythm(every=Duration(seconds=7200)))
    world.pass_time(timedelta(hours=7))
    world.keep()
    world.pass_time(timedelta(days=2))
    assert world.heard() == ["confirmation", *["update_no_news"] * 3, "closing"]


def test_moments_missed_in_an_outage_are_met_by_one_update() -> None:
    world = World()
    world.make(due=timedelta(days=9), rhythm=Rhythm(every=Duration(seconds=3600)))
    world.drain()
    world.system.time += timedelta(hours=5, minutes=30)
    world.pass_time(timedelta(minutes=1))
    assert world.heard() == ["confirmation", "update_no_news"]


@pytest.mark.parametrize("jump", [0.0, 0.3, 1.4, 1.999])
def test_a_ring_is_held_until_its_very_moment(jump: float) -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.drain()
    clock = world.store.clocks[world.promise().id]
    world.system.time = clock.ring_at - timedelta(seconds=jump)
    ring([clock], world)
    assert world.system.time == clock.ring_at
    assert world.heard() == ["confirmation", "update_no_news"]


def test_a_ring_that_comes_far_too_early_goes_back_to_the_queue() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.drain()
    clock = world.store.clocks[world.promise().id]
    ring([clock], world)
    assert world.heard() == ["confirmation"]
    assert [each.clock for each in world.rings.queued] == [clock]


def test_ringing_too_often_is_harmless() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.drain()
    clock = world.store.clocks[world.promise().id]
    world.system.time = clock.ring_at
    for _ in range(5):
        ring([clock, clock], world)
    assert world.heard() == ["confirmation", "update_no_news"]


def test_with_the_sweep_switched_off_an_expired_clock_is_rescued() -> None:
    world = World(sweeps=False, ttl_grace=timedelta(minutes=10))
    world.make(at=(HOUR,))
    world.pass_time(timedelta(hours=2))
    assert world.heard() == ["confirmation", "update_no_news"]
    assert world.metrics.values("RescuedByTtl") == [1.0]
    assert world.promise().id in world.store.clocks


def test_with_the_queue_dropping_a_ring_the_next_sweep_heals_it() -> None:
    world = World()
    world.make(at=(MINUTES_5,))
    world.drain()
    world.pass_time(timedelta(minutes=4))
    world.rings.queued.clear()
    world.rings.loses = True
    world.pass_time(timedelta(minutes=1))
    world.rings.loses = False
    world.pass_time(timedelta(minutes=1))
    assert world.heard() == ["confirmation", "update_no_news"]


def test_with_ttl_never_firing_nothing_is_missed() -> None:
    world = World(ttl_grace=None)
    world.make(due=timedelta(days=9), rhythm=Rhythm(every=Duration(days=1)))
    world.pass_time(timedelta(days=5))
    assert world.heard() == ["confirmation", *["update_no_news"] * 5]
    assert world.metrics.values("RescuedByTtl") == []


def test_with_the_fast_path_down_the_next_sweep_rings() -> None:
    world = World()
    world.rings.available = False
    world.make()
    assert world.heard() == []
    world.rings.available = True
    world.pass_time(timedelta(minutes=1))
    assert world.heard() == ["confirmation"]


def test_a_refused_email_goes_by_sms_instead() -> None:
    world = World()
    world.email.always_answer("g@example.com", Outcome.REFUSED)
    world.make()
    world.pass_time(timedelta(minutes=1))
    assert world.heard() == ["confirmation"]
    assert [message.to for message in world.sms.delivered] == ["+34600000000"]
    assert "NoticeRefused" in world.facts()
    assert world.metrics.values("ProviderRefused") == [1.0]


def test_with_every_channel_refused_a_call_is_required_and_the_next_word_is_tried_again() -> None:
    world = World()
    world.email.always_answer("g@example.com", Outcome.REFUSED)
    world.make(at=(MINUTES_5,), customer=only_by(Channel.EMAIL))
    world.pass_time(timedelta(minutes=1))
    assert world.facts() == ["PromiseMade", "NoticeRefused", "CallRequired"]
    world.email.always_answer("g@example.com", Outcome.ACCEPTED)
    world.pass_time(HOUR)
    assert world.heard() == ["update_no_news"]


def test_a_provider_that_is_down_is_tried_again_with_longer_and_longer_waits() -> None:
    world = World()
    world.email.answer_next(*[Outcome.UNAVAILABLE] * 3)
    world.make()
    world.pass_time(timedelta(minutes=10))
    assert world.heard() == ["confirmation"]
    assert len(world.email.tried) == 4
    notice = next(iter(world.store.notices.values()))
    assert [attempt.outcome for attempt in notice.attempts] == [*[Outcome.UNAVAILABLE] * 3, Outcome.ACCEPTED]


def test_a_provider_that_stays_down_gives_way_to_the_other_channel() -> None:
    world = World()
    world.email.always_answer("g@example.com", Outcome.UNAVAILABLE)
    world.make()
    world.pass_time(HOUR)
    assert len(world.email.tried) == 5
    assert [message.to for message in world.sms.delivered] == ["+34600000000"]


@pytest.mark.parametrize("reason", ["http 503", "http 401"])
def test_without_another_channel_an_outage_is_waited_out_before_anybody_must_call(reason: str) -> None:
    world = World()
    world.system.chance = 0.5
    world.email.always_answer("g@example.com", Sent(Outcome.UNAVAILABLE, reason=reason))
    world.make(customer=only_by(Channel.EMAIL))
    world.pass_time(2 * HOUR)
    assert world.facts() == ["PromiseMade"]
    before = len(world.email.tried)
    world.pass_time(HOUR)
    assert 6 <= len(world.email.tried) - before <= 12, "every five to ten minutes"
    world.email.always_answer("g@example.com", Outcome.ACCEPTED)
    world.pass_time(timedelta(minutes=11))
    assert world.facts() == ["PromiseMade", "ConfirmationSent"]


@pytest.mark.parametrize("chance", [0.0, 0.99])
def test_an_outage_that_does_not_end_becomes_a_call_within_hours(chance: float) -> None:
    world = World()
    world.system.chance = chance
    world.email.always_answer("g@example.com", Outcome.UNAVAILABLE)
    world.make(customer=only_by(Channel.EMAIL))
    world.pass_time(timedelta(hours=2.5))
    assert "CallRequired" not in world.facts()
    world.pass_time(3 * HOUR)
    assert world.facts()[1:] == ["NoticeGivenUp", "CallRequired"]


def test_an_unknown_email_waits_its_quiet_window_and_is_sent_once_more() -> None:
    world = World()
    world.email.answer_next(Outcome.UNKNOWN)
    world.make()
    world.pass_time(timedelta(minutes=9))
    assert len(world.email.tried) == 1
    world.pass_time(timedelta(minutes=2))
    assert len(world.email.tried) == 2
    assert world.heard() == ["confirmation"]
    assert len({message.notice_id for message in world.email.tried}) == 1


def test_an_unknown_email_counts_as_resent_once_whatever_was_tried_in_between() -> None:
    world = World()
    world.email.answer_next(Outcome.UNKNOWN, Outcome.UNAVAILABLE, Outcome.UNAVAILABLE)
    world.make()
    world.pass_time(HOUR)
    assert world.heard() == ["confirmation"]
    assert world.metrics.values("UnknownResent") == [1.0]
    assert world.metrics.values("UnknownSends") == [1.0]


def test_an_email_unknown_twice_goes_by_sms_and_is_never_sent_a_third_time() -> None:
    world = World()
    world.email.always_answer("g@example.com", Outcome.UNKNOWN)
    world.make()
    world.pass_time(HOUR)
    assert len(world.email.tried) == 2
    assert len(world.sms.delivered) == 1


def test_an_unknown_sms_is_never_repeated() -> None:
    world = World()
    world.sms.always_answer("+34600000000", Outcome.UNKNOWN)
    world.make(customer=only_by(Channel.SMS))
    world.pass_time(HOUR)
    assert len(world.sms.tried) == 1
    assert "CallRequired" in world.facts()


def test_a_worker_that_dies_in_mid_send_leaves_an_unknown_that_is_resent_once() -> None:
    world = World()

    def die(message: object) -> None:
        world.email.on_send = lambda _: None
        raise Crash

    world.email.on_send = die
    world.make()
    with pytest.raises(Crash):
        world.drain()
    world.pass_time(timedelta(minutes=9))
    assert world.heard() == []
    world.pass_time(timedelta(minutes=3))
    assert world.heard() == ["confirmation"]
    assert "NoticeUnknown" in world.facts()


def test_a_worker_that_dies_after_the_send_has_its_notice_taken_for_unknown() -> None:
    world = World()
    world.make()

    def die(call: str) -> None:
        if call == "commit":
            world.store.before = lambda _: None
            raise Crash

    world.store.before = die
    with pytest.raises(Crash):
        world.drain()
    world.pass_time(HOUR)
    assert world.heard() == ["confirmation", "confirmation"]
    assert world.facts() == ["PromiseMade", "NoticeUnknown", "ConfirmationSent"]


def test_a_stale_holder_that_wakes_up_writes_nothing() -> None:
    world = World()
    world.make()

    def sleep_through_the_lease(message: object) -> None:
        world.email.on_send = lambda _: None
        world.pass_time(timedelta(minutes=30))

    world.email.on_send = sleep_through_the_lease
    world.drain()
    assert world.facts() == ["PromiseMade", "NoticeUnknown", "ConfirmationSent"]


def test_one_promise_that_cannot_be_served_does_not_hold_up_the_others() -> None:
    world = World()
    good = world.make(ref="order-1")
    bad = world.make(ref="order-2")
    clocks = [world.store.clocks[good.id], world.store.clocks[bad.id]]
    world.email.on_send = lambda message: 1 / 0 if message.promise_id == bad.id else None  # type: ignore[func-returns-value]
    assert ring(clocks, world) == {bad.id}
    assert [message.promise_id for message in world.email.delivered] == [good.id]


def test_a_text_that_cannot_be_rendered_frees_its_claim() -> None:
    world = World()
    world.make()
    world.texts.email = lambda view: 1 / 0  # type: ignore[method-assign]
    world.drain()
    assert world.store.notices == {}


def test_a_customer_without_any_address_needs_a_call() -> None:
    world = World()
    nobody = GEMMA.__class__(GEMMA.ref, GEMMA.locale, GEMMA.time_zone)
    world.make(customer=nobody)
    world.drain()
    assert world.facts() == ["PromiseMade", "CallRequired"]


def test_urgent_news_do_not_send_an_unknown_confirmation_again() -> None:
    world = World()
    world.email.answer_next(Outcome.UNKNOWN)
    confirmation = f"{world.make().id}:confirmation:1"
    world.drain()
    world.pass_time(MINUTE)
    world.progress("ya salió", tell_now=True)
    world.pass_time(4 * MINUTE)
    report(world, confirmation, "delivered")
    world.pass_time(HOUR)
    assert [each.notice_id.split(":")[1] for each in world.email.tried] == ["confirmation", "update"]


def test_however_often_urgent_news_come_an_unknown_email_goes_out_no_third_time() -> None:
    world = World()
    world.email.answer_next(*[Outcome.UNKNOWN] * 5)
    world.make()
    world.drain()
    for number in range(4):
        world.pass_time(MINUTE)
        world.progress(f"noticia {number}", tell_now=True)
        world.drain()
    world.pass_time(HOUR)
    assert max(Counter(each.notice_id for each in world.email.tried).values()) == 2


def test_urgent_news_do_not_send_an_unknown_text_message_again() -> None:
    world = World()
    world.sms.answer_next(Outcome.UNKNOWN)
    world.email.answer_next(Outcome.UNAVAILABLE)
    world.make(customer=replace(GEMMA, channels=(Channel.SMS, Channel.EMAIL)))
    world.drain()
    world.progress("ya salió", tell_now=True)
    world.pass_time(HOUR)
    assert [each.text.partition(" | ")[0] for each in world.sms.tried] == ["confirmation", "update_news"]
    assert [each.text.partition(" | ")[0] for each in world.email.delivered] == ["confirmation"]


def test_urgent_news_hurry_an_update_that_waits_for_another_try() -> None:
    world = World()
    world.make()
    world.drain()
    world.email.answer_next(Outcome.UNAVAILABLE)
    world.progress("ya salió", tell_now=True)
    world.drain()
    world.progress("está al llegar", tell_now=True)
    world.drain()
    assert world.heard() == ["confirmation", "update_news"]


@pytest.mark.parametrize(
    ("meanwhile", "heard"),
    [(World.keep, ["closing"]), (lambda world: None, ["confirmation"])],
    ids=["what it would say is outdated", "it is said at the next ring, as nothing is in doubt"],
)
def test_a_worker_that_slept_through_its_lease_before_it_sends_says_nothing(
    meanwhile: Callable[[World], object], heard: list[str]
) -> None:
    world = World()
    world.make()
    calls: list[str] = []

    def sleep_once(call: str) -> None:
        calls.append(call)
        if calls[-2:] == ["claim", "load"]:
            world.store.after = lambda _: None
            world.system.time += world.rules.lease
            meanwhile(world)

    world.store.after = sleep_once
    world.drain()
    world.pass_time(MINUTE)
    assert calls[-2:] == ["claim", "load"]
    assert world.heard() == heard
    assert "NoticeUnknown" not in world.facts()


def test_an_end_does_not_try_again_what_a_claim_s_answer_has_tried() -> None:
    promise = World().make()
    tried = {Word.FINDING: Trying(unheard=("email",))}
    assert keep(replace(promise, trying=tried), None, NINE).promise.trying == tried
