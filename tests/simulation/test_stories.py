"""The stories, told without a fault: what is heard, when, and that the same story is the same each time."""

from datetime import timedelta
from random import Random

import pytest

from tests.simulation.faults import ByChance
from tests.simulation.run import tell
from tests.simulation.stories import SEVERAL_AT_ONCE, STORIES
from tests.simulation.stories_of_keeping import A_NIGHT
from tests.simulation.story import Story

ON_TIME = timedelta(seconds=1)


def is_made_late(story: Story) -> bool:
    """Tell whether its environment makes a story late: no sweeps, a bad address, a clock that only a night finds."""
    return not story.sweeps or bool(story.down or story.holds or story.bounces) or story is A_NIGHT


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_story_is_heard_as_written(story: Story) -> None:
    ran = tell(story)
    heard = tuple(each.word for each in ran.world.journal.heard if each.at <= story.end)
    assert heard == story.hears
    assert ran.verdict.wrong == []
    assert ran.verdict.duplicated == ran.verdict.crossed == 0
    assert ran.verdict.handed_over == story.calls
    assert is_made_late(story) or ran.verdict.latest < ON_TIME
    assert sum(ran.world.base.metrics.values("RescuedByTtl")) == story.rescued


def test_the_same_seed_tells_the_same_story_and_another_does_not() -> None:
    def trace(seed: int) -> str:
        return tell(SEVERAL_AT_ONCE, ByChance(Random(seed), one_in=20), seed=seed).trace()

    assert trace(1) == trace(1)
    assert len({trace(seed) for seed in range(10)}) == 10
