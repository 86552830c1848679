"""Long histories by chance: two weeks, dozens of promises, hundreds of faults, all from one seed."""

from datetime import timedelta
from random import Random

from tests.simulation.faults import ByChance
from tests.simulation.people import GEMMA
from tests.simulation.run import Ran, tell
from tests.simulation.story import Step, Story, hours, kept, made, minutes, news, presses, tells
from tests.simulation.tally import Tally

DAYS = 14
PROMISES = 38
RHYTHMS = ("PT6H", "PT8H", "PT8H", "PT12H")
CALLS_PER_FAULT = 150
# Several faults may meet on one word, one after the other.
DRAIN = timedelta(hours=6)
PATIENCE = timedelta(hours=5)


def history(seed: int) -> Story:
    """Return two weeks in which promises are made, spoken of, kept and withdrawn."""
    chance = Random(seed)
    steps: list[Step] = []
    moments = [hours(chance.random() * 20) for _ in range(5)]
    for n in range(PROMISES):
        steps += _promise(f"order-{n}", chance.choice(moments), chance)
    return Story(f"history {seed}", tuple(steps), hears=(), lasts=timedelta(days=DAYS))


def _promise(ref: str, start: timedelta, chance: Random) -> list[Step]:
    customer = GEMMA | {
        "ref": f"c-{ref}",
        "channels": chance.choice((["email", "sms"], ["email", "sms"], ["sms"], ["email"])),
        "time_zone": chance.choice(("Europe/Madrid", "America/Sao_Paulo", "Europe/Lisbon", "America/New_York")),
    }
    due = timedelta(days=chance.choice((3, 10, 20)))
    steps = [made(ref=ref, after=start, due=due, every=chance.choice(RHYTHMS), customer=customer)]
    life = chance.choice((8, 12, 13.9, 15, 15))
    for _ in range(chance.randrange(4)):
        when = start + timedelta(days=chance.uniform(0, life))
        steps.append(news(when, f"news {chance.randrange(10**9)}", chance.choice(("now", "next")), ref=ref))
    if chance.random() < 0.3:
        steps.append(presses(start + hours(chance.uniform(1, 100)), ref=ref))
    if life < DAYS:
        end = start + timedelta(days=life) - minutes(1)
        ends = kept(end, ref=ref) if chance.random() < 0.7 else tells(end, "promise.withdrawn", ref=ref, reason="no")
        steps.append(ends)
    return steps


def live(seed: int) -> Ran:
    """Live through the history of a seed."""
    chance = Random(f"faults of {seed}")
    return tell(history(seed), ByChance(chance, CALLS_PER_FAULT), seed=seed, drain=DRAIN, patience=PATIENCE)


def trace(seed: int) -> str:
    """Return the trace of a seed, lived through once more."""
    return live(seed).trace()


def lives(seeds: tuple[int, int]) -> tuple[Tally, int, str]:
    """Live through the histories from one seed up to another; return the tally, the fewest notices, the last trace."""
    tally = Tally()
    fewest = 1 << 30
    last = ""
    for seed in range(*seeds):
        ran = live(seed)
        tally.add(ran)
        fewest = min(fewest, len(ran.world.base.store.notices))
        last = ran.trace()
    return tally, fewest, last
