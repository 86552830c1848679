"""Fifty workers at one notice, a worker that wakes up too late, and records that can never be served."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.simulation import poison, rivals
from tests.simulation.guards import EveryClaimWins
from tests.simulation.poison import Poisoned


def test_of_fifty_claimers_at_once_one_sends_and_one_records() -> None:
    assert rivals.claimers() == (1, 1)


def test_fifty_claimers_do_meet_at_the_claim() -> None:
    calls, _ = rivals.claimers(EveryClaimWins())
    assert calls > 1


def test_a_stale_holder_that_wakes_up_writes_nothing() -> None:
    ran, writes = rivals.stale_holder()
    assert writes == 0
    assert ran.verdict.wrong == []
    assert ran.verdict.duplicated == 1


def test_a_text_message_whose_sender_slept_is_not_repeated_by_text() -> None:
    texts = [each for each in rivals.sleeping_texter().world.journal.heard if each.word == "confirmation"]
    assert sorted(each.message.to for each in texts) == ["+34600000000", "g@example.com"]


@pytest.mark.parametrize("case", [poison.in_the_queue, poison.in_the_facts])
def test_one_poison_record_among_a_hundred_holds_nobody_up(case: Callable[[], Poisoned]) -> None:
    assert case() == Poisoned(done=99, last_after=timedelta(), dead=1)


def test_a_poison_clock_among_a_hundred_is_set_aside_and_the_others_are_rescued() -> None:
    found = poison.in_the_removals()
    assert (found.done, found.dead) == (99, 1)
    assert found.last_after < timedelta(minutes=20)
