"""Tell a story once: with faults while it lasts, then without, until everything owed had its time; and judge it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from tests.simulation.biographies import lives
from tests.simulation.faults import Plan, Strike
from tests.simulation.records import check_records
from tests.simulation.story import Story
from tests.simulation.truths import check_truths
from tests.simulation.verdict import PATIENCE, Verdict, judge
from tests.simulation.world import SimWorld
from tests.world import World

# Longer than a lease, two quiet windows and a few redeliveries.
DRAIN = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Ran:
    """A story told: the world as it was left, and the verdict on it. `calls` are the I/O calls before the draining."""

    story: Story
    world: SimWorld
    verdict: Verdict
    calls: list[str]

    @property
    def struck(self) -> list[Strike]:
        """The faults that struck."""
        return self.world.tap.struck

    def trace(self) -> str:
        """Return a digest of everything that was called, said and noted, in order: the same run has the same one."""
        world = self.world
        lines = [*world.tap.calls, *(f"{each.tick} {each.kind} {each.at}" for each in world.tap.struck)]
        lines += [f"{each.at} {each.notice_id} {each.message.to}" for each in world.journal.heard]
        lines += [f"{each.order} {each.at} {each.commit.promise.version}" for each in world.journal.effects]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def tell(
    story: Story,
    plan: Plan | None = None,
    *,
    base: World | None = None,
    seed: int = 0,
    drain: timedelta = DRAIN,
    patience: timedelta = PATIENCE,
) -> Ran:
    """Tell a story under a plan of faults, and give it so long afterwards."""
    world = story.begin(plan, base, seed)
    world.run_until(story.end)
    calls = list(world.tap.calls)
    world.tap.stop()
    world.sweeps = True
    if world.nights.begun:
        world.nights.begin()
    world.run_until(story.end + drain)
    found = lives(world.journal)
    verdict = judge(world, found, story.end, patience, story.late_by)
    check_records(verdict, world)
    check_truths(verdict, world, found)
    return Ran(story, world, verdict, calls)
