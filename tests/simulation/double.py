"""Two faults in one run: the first at any call, the second at any later one of the run that the first has bent."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random

from tests.simulation.faults import Planned, repertoire
from tests.simulation.run import tell
from tests.simulation.sites import Site
from tests.simulation.stories import STORIES
from tests.simulation.tally import Tally

# Two workers may sleep for half an hour each, one after the other.
PATIENCE = timedelta(minutes=100)
DRAIN = timedelta(minutes=130)


def double_faults(part: tuple[int, int, int]) -> Tally:
    """Tell a story under so many pairs of faults, drawn by a seed: `part` is its number, the seed, and how many.

    Only schedules in which both faults struck are counted. Each first fault gets several second ones, as the calls that
    come after it are known once it has been told alone.
    """
    number, seed, wanted = part
    story = STORIES[number]
    chance = Random(f"{number}:{seed}")
    tally = Tally()
    calls = tell(story).calls
    while tally.runs < wanted:
        first = chance.randrange(len(calls))
        kind = chance.choice(repertoire(calls[first]) or (None,))
        if kind is None:
            continue
        bent = tell(story, Planned((first + 1, kind))).calls
        for _ in range(min(8, wanted - tally.runs)):
            # Close ones meet in the same worker, far ones in the repair; both are drawn alike often.
            reach = len(bent) if chance.random() < 0.5 else min(first + 30, len(bent))
            if first + 1 >= reach:
                continue
            second = chance.randrange(first + 1, reach)
            other = chance.choice(repertoire(bent[second]) or (None,))
            if other is None:
                continue
            plan = Planned((first + 1, kind), (second + 1, other))
            ran = tell(story, plan, drain=DRAIN, patience=PATIENCE)
            if len(ran.struck) == 2:
                tally.add(ran)
    return tally


def aimed(missed: Iterable[Site], tally: Tally) -> Tally:
    """Strike the places on roads of repair that chance did not hit: a first fault leads there, a second one strikes."""
    more = Tally()
    stories = {each.name: each for each in STORIES}
    for site in missed:
        for place, (name, faults, tick) in tally.reached.items():
            if site.was_hit_by(place):
                for kind in repertoire(place[2]):
                    more.add(tell(stories[name], Planned(*faults, (tick, kind)), drain=DRAIN, patience=PATIENCE))
    return more


def parts(schedules: int, share: int = 500) -> list[tuple[int, int, int]]:
    """Return the parts that make up so many schedules, spread evenly over the stories."""
    wanted = [(number, seed, share) for seed in range(schedules // share + 1) for number in range(len(STORIES))]
    return wanted[: -(-schedules // share)]
