"""One fault, of every kind, at every I/O call of every story: nothing lost, nothing unexpected."""

import pytest

from tests.simulation.single import parts, single_faults

SHARES = 4


@pytest.mark.parametrize("part", parts(SHARES), ids=str)
def test_no_single_fault_loses_a_word_or_says_one_too_many(part: tuple[int, int, int]) -> None:
    tally = single_faults(part)
    assert tally.wrong == []
    assert tally.points_hit == tally.points > 0
    assert tally.heard + tally.handed_over + tally.overtaken == tally.owed
