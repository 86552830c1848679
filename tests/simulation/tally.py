"""What many runs came to, added up."""

from dataclasses import dataclass, field
from datetime import timedelta

from tests.simulation.faults import Kind
from tests.simulation.run import Ran
from tests.simulation.sites import Hit

# More examples than anybody reads would only fill the screen.
MOST_EXAMPLES = 12


@dataclass(slots=True)
class Tally:
    """Counts over runs. `wrong` holds examples of what must never be, each with the schedule that shows it."""

    runs: int = 0
    points: int = 0
    points_hit: int = 0
    owed: int = 0
    heard: int = 0
    handed_over: int = 0
    overtaken: int = 0
    recovered: int = 0
    duplicated: int = 0
    crossed: int = 0
    unrecorded: int = 0
    lost: int = 0
    unexpected: int = 0
    untrue: int = 0
    latest: timedelta = timedelta()
    by_kind: dict[str, int] = field(default_factory=dict)
    hits: set[Hit] = field(default_factory=set)
    # Each place that a run came to, with one such run: its story, its faults, and the number of the call there.
    reached: dict[Hit, tuple[str, tuple[tuple[int, Kind], ...], int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, ran: Ran) -> None:
        """Add one run."""
        verdict = ran.verdict
        self.runs += 1
        for name in ("owed", "heard", "handed_over", "overtaken", "recovered", "duplicated", "crossed", "unrecorded"):
            setattr(self, name, getattr(self, name) + getattr(verdict, name))
        self.lost += len(verdict.lost)
        self.unexpected += len(verdict.unexpected)
        self.untrue += len(verdict.untrue)
        self.latest = max(self.latest, verdict.latest)
        self.hits |= ran.world.tap.sites
        faults = tuple((each.tick, each.kind) for each in ran.struck)
        for place, tick in ran.world.tap.seen.items():
            if tick <= len(ran.calls):
                self.reached.setdefault(place, (ran.story.name, faults, tick))
        for strike in ran.struck:
            self.by_kind[strike.kind] = self.by_kind.get(strike.kind, 0) + 1
        if verdict.wrong:
            schedule = ", ".join(f"{each.kind} at {each.tick} {each.call}" for each in ran.struck)
            self.blame(f"{ran.story.name} [{schedule}]: {verdict.wrong[0]}")

    def blame(self, example: str) -> None:
        """Keep an example of what must never be."""
        if len(self.wrong) < MOST_EXAMPLES:
            self.wrong.append(example)

    def join(self, other: "Tally") -> None:
        """Add what another tally counted."""
        for name in (
            *("runs", "points", "points_hit", "owed", "heard", "handed_over", "overtaken", "recovered", "duplicated"),
            *("crossed", "unrecorded", "lost", "unexpected", "untrue"),
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.latest = max(self.latest, other.latest)
        self.hits |= other.hits
        self.reached = other.reached | self.reached
        for kind, times in other.by_kind.items():
            self.by_kind[kind] = self.by_kind.get(kind, 0) + times
        for example in other.wrong:
            self.blame(example)
