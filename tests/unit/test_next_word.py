"""What is said to come next comes: the clock rings by then, and for what is owed only, whatever happened before."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.changes import acknowledge
from chalicelib.domain.lapses import lapse
from chalicelib.domain.moments import next_contact
from chalicelib.domain.notices import Outcome
from chalicelib.domain.obligations import next_ring, owed
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Status
from chalicelib.domain.recovery import Silence
from chalicelib.domain.risks import Policy
from chalicelib.usecases.take_event import PromiseNews
from tests.unit.random_histories import happen, made
from tests.unit.test_recovery import at_risk, trouble
from tests.world import World, only_by


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_the_clock_rings_by_the_next_word_and_never_for_nothing(seed: int) -> None:
    world, chance = World(), random.Random(seed)
    world.rules = replace(world.rules, policy=Policy(first_silence=Silence.CALL))
    if chance.random() < 0.5:
        world.email.always_answer("g@example.com", chance.choice((Outcome.UNAVAILABLE, Outcome.UNKNOWN)))
    made(world, chance, "r-0")
    for _ in range(12):
        happen(world, chance, "r-0")
        if chance.random() < 0.3:
            world.tell(PromiseNews("r-0", acknowledge))
        promise = lapse(world.promise("r-0"), world.system.time).promise
        contact, ring = next_contact(promise, world.system.time), next_ring(promise)
        assert contact is None or (ring is not None and ring <= contact)
        assert owed(promise, world.system.time) or ring is None or ring > world.system.time


def test_a_confirmation_that_came_too_late_sets_off_no_alarm() -> None:
    world = World()
    world.email.always_answer("g@example.com", Outcome.UNAVAILABLE)
    world.make(due=timedelta(minutes=4), customer=only_by(Channel.EMAIL))
    at_risk(world, trouble(new_due=timedelta(days=9)))
    world.pass_time(timedelta(minutes=20))
    promise = world.promise()
    ring = next_ring(promise)
    assert promise.status is Status.BROKEN
    assert ring
    assert ring >= world.system.time
