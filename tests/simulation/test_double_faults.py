"""Two faults in one run, drawn by seeds: nothing lost. The long run draws a hundred thousand."""

import pytest

from tests.simulation.double import double_faults, parts


@pytest.mark.parametrize("part", parts(4_000, share=250), ids=str)
def test_no_two_faults_lose_a_word(part: tuple[int, int, int]) -> None:
    tally = double_faults(part)
    assert tally.wrong == []
    assert tally.runs == 250
