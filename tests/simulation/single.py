"""Every kind of fault at every I/O call of a story, one at a time."""

from tests.simulation.faults import Planned, repertoire
from tests.simulation.run import tell
from tests.simulation.stories import STORIES
from tests.simulation.tally import Tally


def single_faults(part: tuple[int, int, int]) -> Tally:
    """Strike the points of a story: `part` is its number, and which of how many shares of its points."""
    number, share, shares = part
    story = STORIES[number]
    tally = Tally()
    for tick, call in enumerate(tell(story).calls, 1):
        if tick % shares != share:
            continue
        tally.points += 1
        hits = 0
        for kind in repertoire(call):
            ran = tell(story, Planned((tick, kind)))
            hits += len(ran.struck)
            tally.add(ran)
        # A port that cannot fail by itself is struck by what can strike anything.
        tally.points_hit += hits == len(repertoire(call))
    return tally


def parts(shares: int = 4) -> list[tuple[int, int, int]]:
    """Return the parts that make up the whole, for several processes to share."""
    return [(number, share, shares) for number in range(len(STORIES)) for share in range(shares)]
