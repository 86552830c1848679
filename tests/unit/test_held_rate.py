"""A provider that asks to be left alone: nobody's word is given up for it, and the queue drains without a herd."""

from datetime import timedelta

from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import Sent
from tests.world import World

HELD = Sent(Outcome.UNAVAILABLE, reason="held", hold=timedelta(seconds=30))


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
