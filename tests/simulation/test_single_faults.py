"""One fault at every I/O call of every story, by one in eight of the kinds in turn: the long run takes all of them."""

import pytest

from tests.simulation.single import Part, parts, single_faults


@pytest.mark.parametrize("part", parts(shares=2, one_in=8), ids=str)
def test_no_single_fault_loses_a_word_or_says_one_too_many(part: Part) -> None:
    tally = single_faults(part)
    assert tally.wrong == []
    assert tally.points_hit == tally.points > 0
    assert tally.heard + tally.handed_over + tally.overtaken == tally.owed
