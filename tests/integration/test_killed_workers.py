"""`kill -9` for functions at work, on a stack of its own: a share of `python -m tests.measure.killed_workers`."""

import pytest

from tests.e2e.outside import Outside
from tests.measure.killed_workers import Killed, measure, own_stack

UPDATES = 40
SPREAD_SECONDS = 8.0
STRIKES = 8
# What is cut off waits for its lease, the quiet window and the sweeps after both: minutes, on a slow machine.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def found() -> Killed:
    with own_stack(print) as running:
        return measure(Outside(running), UPDATES, SPREAD_SECONDS, print, strikes=STRIKES)


def test_workers_were_killed_in_the_middle_of_their_work(found: Killed) -> None:
    assert found.killed.total() > 0
    assert found.at_work.total() > 0
    assert found.words.owed > UPDATES


def test_nothing_is_lost_and_nothing_is_early(found: Killed) -> None:
    assert (found.words.lost, found.words.early, found.unpublished) == (0, 0, 0)


def test_a_word_is_heard_twice_at_most_and_the_records_are_true(found: Killed) -> None:
    assert found.words.most <= 2
    assert found.words.untrue == 0
