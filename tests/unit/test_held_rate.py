"""A provider that asks to be left alone: a word waits for it, but not for ever, and the queue drains without a herd."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from chalicelib.domain.notices import Outcome
from chalicelib.domain.people import Channel
from chalicelib.usecases.ports import Sent
from tests.world import GEMMA, NINE, World, only_by

HELD = Sent(Outcome.UNAVAILABLE, reason="held", hold=timedelta(seconds=30))
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def held(answer: Sent = HELD) -> World:
    """Return a world whose email provider asks to be left alone, whatever is sent to Gemma."""
    world = World()
    world.email.always_answer(str(GEMMA.email), answer)
    return world


def test_a_send_that_is_held_back_counts_as_no_try_however_often() -> None:
    world = World()
    world.email.answer_next(*[HELD] * 12)
    world.make()
    world.pass_time(timedelta(minutes=10))
    assert len(world.email.delivered) == 1
    assert world.sms.tried == []
    assert world.metrics.values("ProviderUnavailable") == []
    assert sum(world.metrics.values("SendsHeld")) == 12


def test_what_was_held_back_comes_back_spread_over_as_long_again() -> None:
    retries = []
    for chance in (0.0, 0.5, 0.9):
        world = World()
        world.system.chance = chance
        world.email.answer_next(HELD)
        world.make()
        world.drain()
        (trying,) = world.promise().trying.values()
        assert trying.retry_at
        retries.append(trying.retry_at - world.system.now())
    assert retries == [timedelta(seconds=each) for each in (30, 45, 57)]


def test_a_provider_that_asks_to_be_left_alone_for_ever_has_the_word_go_by_the_other_channel() -> None:
    world = held()
    world.make()
    world.pass_time(14 * MINUTE)
    assert world.sms.tried == []
    world.pass_time(2 * MINUTE)
    assert world.heard() == ["confirmation"]
    assert world.facts() == ["PromiseMade", "NoticeGivenUp", "ConfirmationSent"]
    assert len(world.sms.delivered) == 1


def test_with_no_other_channel_the_word_waits_for_hours_and_then_a_person_must_call() -> None:
    world = held()
    world.make(customer=only_by(Channel.EMAIL))
    world.pass_time(3.9 * HOUR)
    assert "CallRequired" not in world.facts()
    world.pass_time(HOUR)
    assert world.facts() == ["PromiseMade", "NoticeGivenUp", "CallRequired"]


def test_two_providers_that_hold_for_ever_lose_no_word() -> None:
    world = held()
    world.sms.always_answer(str(GEMMA.phone), HELD)
    world.make()
    world.pass_time(5 * HOUR)
    assert world.facts() == ["PromiseMade", "NoticeGivenUp", "NoticeGivenUp", "CallRequired"]


def test_a_hold_of_the_whole_account_does_not_drive_everybody_to_the_other_channel_in_one_moment() -> None:
    """Of 100 words due at once, no minute sees a third; all have gone out within half an hour."""
    world = held()
    chance = Random(7)
    world.system.jitter = chance.random  # type: ignore[method-assign]
    went: list[int] = []
    world.sms.on_send = lambda message: went.append(int((world.system.now() - NINE) / MINUTE))
    for n in range(100):
        world.make(ref=f"order-{n}", due=timedelta(days=9))
    world.pass_time(32 * MINUTE)
    assert len(went) == 100
    assert min(went) >= 15
    assert max(went.count(minute) for minute in went) < 30


def test_a_hold_that_was_over_long_ago_counts_nothing_for_the_next_one() -> None:
    world = held(Sent(Outcome.ACCEPTED, provider_id="m"))
    world.email.answer_next(Sent(Outcome.ACCEPTED, provider_id="m"), HELD)
    world.make(due=40 * HOUR, at=(HOUR, 20 * HOUR))
    world.pass_time(HOUR + timedelta(seconds=10))
    stuck = world.promise()
    # Another word has met the moment meanwhile.
    world.store.promises[stuck.id] = replace(stuck, heard_until=world.system.now())
    world.drain()
    world.email.answer_next(HELD)
    world.pass_time(20 * HOUR)
    assert world.sms.tried == []
    assert world.heard() == ["confirmation", "update_no_news"]


def test_news_that_hurry_do_not_begin_the_waiting_anew() -> None:
    world = held()
    world.make(due=timedelta(days=9), customer=GEMMA)
    world.pass_time(20 * MINUTE)
    for _ in range(5):
        world.progress("sigue en camino", tell_now=True)
        world.pass_time(5 * MINUTE)
    assert [message.text.partition(" | ")[0] for message in world.sms.delivered] == ["confirmation", "update_news"]
