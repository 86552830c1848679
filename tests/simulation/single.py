"""Every kind of fault at every I/O call of a story, one at a time."""

from dataclasses import dataclass

from tests.simulation.faults import Planned, repertoire
from tests.simulation.run import tell
from tests.simulation.stories import STORIES
from tests.simulation.tally import Tally


@dataclass(frozen=True, slots=True)
class Part:
    """A story by its number, one of several shares of its points, and one in how many of the kinds of fault."""

    story: int
    share: int
    shares: int
    one_in: int = 1

    def __str__(self) -> str:
        return f"{STORIES[self.story].name}, {self.share + 1} of {self.shares}"


def single_faults(part: Part) -> Tally:
    """Strike the points of a part, each by its kinds of fault, one run each."""
    story = STORIES[part.story]
    tally = Tally()
    for tick, call in enumerate(tell(story).calls, 1):
        if tick % part.shares != part.share:
            continue
        every = repertoire(call)
        kinds = every[tick // part.shares % part.one_in :: part.one_in] or every[:1]
        tally.points += 1
        hits = 0
        for kind in kinds:
            ran = tell(story, Planned((tick, kind)))
            hits += len(ran.struck)
            tally.add(ran)
        tally.points_hit += hits == len(kinds) > 0
    return tally


def parts(shares: int = 4, one_in: int = 1) -> list[Part]:
    """Return the parts that make up the whole, for several processes to share."""
    return [Part(number, share, shares, one_in) for number in range(len(STORIES)) for share in range(shares)]
