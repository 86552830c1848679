"""Each guard is needed: without it, the verdict blames something."""

import pytest

from tests.simulation.guards import GUARDED, GUARDS, Guard, red_without
from tests.simulation.run import tell


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_the_guard_the_verdict_is_red(guard: Guard) -> None:
    assert red_without(guard) is not None


def test_with_every_guard_the_same_stories_are_green() -> None:
    assert [tell(story).verdict.wrong for story in GUARDED] == [[], [], []]
