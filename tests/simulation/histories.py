"""Long histories by chance: two weeks, dozens of promises, hundreds of faults, all from one seed."""

from datetime import timedelta
from random import Random
from typing import Any

from tests.simulation.faults import ByChance
from tests.simulation.people import GEMMA, MARTA
from tests.simulation.run import Ran, tell
from tests.simulation.story import (
    Step,
    Story,
    hours,
    kept,
    made,
    minutes,
    news,
    on_track,
    presses,
    raised,
    settled,
    tells,
    trouble,
)
from tests.simulation.tally import Tally

DAYS = 14
PROMISES = 43
CLAIMS = 5
ASKED: dict[str, Any] = {"promised_by": MARTA, "check_in_before": "PT6H", "warn_before": "PT2H"}
RHYTHMS = ("PT6H", "PT8H", "PT8H", "PT12H")
LIVES_IN_DAYS = (8, 12, 13.9, 15, 15)
CALLS_PER_FAULT = 150
# Several faults may meet on one word, one after the other.
DRAIN = timedelta(hours=6)
PATIENCE = timedelta(hours=5)


def history(seed: int) -> Story:
    """Return two weeks in which promises are made, spoken of, in trouble, kept and withdrawn, and claims are raised."""
    chance = Random(seed)
    steps: list[Step] = []
    moments = [hours(chance.random() * 20) for _ in range(5)]
    for n in range(PROMISES):
        steps += _promise(n, chance.choice(moments), chance)
    for n in range(CLAIMS):
        steps += _claim(f"claim-{n}", chance)
    # Few providers tell what was delivered: without that, doubts stay doubts.
    return Story(f"history {seed}", tuple(steps), hears=(), lasts=timedelta(days=DAYS), reports=chance.random() < 0.1)


def _promise(n: int, start: timedelta, chance: Random) -> list[Step]:
    """The `n`th promise: each rhythm and each length of life has its share, so that no history is a short one."""
    ref = f"order-{n}"
    customer = GEMMA | {
        "ref": f"c-{ref}",
        "channels": chance.choice((["email", "sms"], ["email", "sms"], ["sms"], ["email"])),
        "time_zone": chance.choice(("Europe/Madrid", "America/Sao_Paulo", "Europe/Lisbon", "America/New_York")),
    }
    due = timedelta(days=chance.choice((3, 10, 20)))
    life = LIVES_IN_DAYS[n % len(LIVES_IN_DAYS)]
    asked = ASKED if chance.random() < 0.3 else {}
    steps = [made(ref=ref, after=start, due=due, every=RHYTHMS[n % len(RHYTHMS)], customer=customer, **asked)]
    if asked and chance.random() < 0.6:
        steps.append(on_track(due - hours(chance.uniform(0.5, 5.5)), f"all is well {chance.randrange(10**9)}", ref))
    for _ in range(chance.randrange(4)):
        when = start + timedelta(days=chance.uniform(0, life))
        steps.append(news(when, f"news {chance.randrange(10**9)}", chance.choice(("now", "next")), ref=ref))
    if chance.random() < 0.4:
        steps += _trouble(ref, start, min(due, timedelta(days=life)), chance)
    if chance.random() < 0.3:
        steps.append(presses(start + hours(chance.uniform(1, 100)), ref=ref))
    if life < DAYS:
        end = start + timedelta(days=life) - minutes(1)
        ends = kept(end, ref=ref) if chance.random() < 0.7 else tells(end, "promise.withdrawn", ref=ref, reason="no")
        steps.append(ends)
    return steps


def _claim(ref: str, chance: Random) -> list[Step]:
    """Something was promised, says the customer; it is looked into, at times twice, and put right sooner or later."""
    start = hours(chance.uniform(0, 150))
    steps = [raised(start, GEMMA | {"ref": f"c-{ref}"}, ref)]
    for _ in range(chance.randrange(3)):
        when = start + hours(chance.uniform(0.5, 100))
        steps.append(settled(when, chance.choice(("promised", "not_promised", "unclear")), ref))
    if chance.random() < 0.8:
        steps.append(kept(start + hours(chance.uniform(1, 120)), ref=ref))
    return steps


def _trouble(ref: str, start: timedelta, until: timedelta, chance: Random) -> list[Step]:
    """It will be late, as somebody says, mostly in time; the customer stays, cancels, thinks again, or says nothing."""
    told = start + until * chance.uniform(0.1, 0.8)
    decide = hours(chance.uniform(6, 40))
    new = start + until + timedelta(days=chance.choice((1, 3)))
    steps = [trouble(told, decide=told + decide, new=new, ref=ref)]
    for _ in range(chance.randrange(3)):
        # Some presses come after silence has decided.
        when = told + decide * chance.uniform(0.05, 1.2)
        steps.append(presses(when, chance.choice(("stay", "stay", "cancel", "acknowledge")), ref=ref))
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
