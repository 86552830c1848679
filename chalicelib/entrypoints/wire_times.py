"""The times in a webhook: when a promise is due and when updates were promised, checked against each other and now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.durations import FARTHEST, Duration
from chalicelib.domain.promise import Leads, Rhythm
from chalicelib.domain.standards import Standard
from chalicelib.entrypoints.problems import FieldError
from chalicelib.entrypoints.wire_models import Updates
from chalicelib.usecases.services import Rules

NO_DUE_TIME = FieldError(("data", "due_at"), "is needed: when is the promise due? Give due_at, or due_in such as P2D")


@dataclass(frozen=True, slots=True)
class Times:
    """Reads times as told at `told_at`; what is wrong with them is added to `errors`.

    `standard` is the one that the promise is made under, if any.
    """

    now: datetime
    told_at: datetime
    rules: Rules
    errors: list[FieldError]
    standard: Standard | None = None

    def due_at(self, given: datetime | None, due_in: Duration | None, zone: str) -> datetime:
        """Return when the promise is due: as given, or counted from now. A past moment may only be a late webhook's."""
        if given and due_in:
            self._wrong("give due_at or due_in, not both", "due_in")
        if given is None and due_in is None:
            self.errors.append(NO_DUE_TIME)
            return self.now
        field = "due_at" if given else "due_in"
        due_at = given or self._counted(due_in or Duration(), zone)
        if due_at <= min(self.told_at, self.now):
            self._wrong("lies in the past: a promise is due later than it is made", field)
        if due_at > self.now + FARTHEST:
            self._wrong("lies more than ten years ahead", field)
            return self.now
        return due_at

    def rhythm(self, updates: Updates) -> Rhythm:
        """Return when updates are promised, soonest first."""
        every = updates.every
        if every and every.shortest() < self.rules.shortest_rhythm:
            seconds = int(self.rules.shortest_rhythm.total_seconds())
            self._wrong(f"is too often: at most one update in {seconds} seconds", "updates", "every")
        if every and every.shortest() > FARTHEST:
            self._wrong("is longer than ten years", "updates", "every")
        for index, moment in enumerate(updates.at):
            if moment <= min(self.told_at, self.now):
                self._wrong("lies in the past: an update comes later than the promise", "updates", "at", index)
            if moment > self.now + FARTHEST:
                self._wrong("lies more than ten years ahead", "updates", "at", index)
        return Rhythm(every, tuple(sorted(set(updates.at))))

    def leads(self, due_at: datetime, check_in: Duration | None, warn: Duration | None) -> Leads | None:
        """Return how long before the due time the promiser is asked, and when no answer counts as a risk.

        Unless the webhook says so, they are the standard's where they fit. Otherwise they are drawn in, the standard's
        as the house's, so that asking comes no sooner than half-way and warning no later than a quarter before the end;
        a promise for a very short time is not asked about.
        """
        length = due_at - self.now
        stated = self.standard.leads if self.standard else None
        if check_in is None and warn is None and stated and stated.check_in < length:
            return stated
        if check_in is None and warn is None and length < self.rules.shortest_checked:
            return None
        usual = stated or Leads(self.rules.check_in_before, self.rules.warn_before)
        ask = check_in.longest() if check_in else min(usual.check_in, length / 2)
        doubt = warn.longest() if warn else min(usual.warn, ask / 2)
        if ask >= length:
            self._wrong("is longer than the promise itself", "check_in_before")
        if doubt >= ask:
            self._wrong("must be shorter than check_in_before: the promiser needs time to answer", "warn_before")
        return Leads(ask, doubt)

    def _counted(self, due_in: Duration, zone: str) -> datetime:
        if due_in.shortest() > FARTHEST:
            return self.now + FARTHEST * 2
        return due_in.after(self.now, ZoneInfo(zone))

    def _wrong(self, detail: str, *path: str | int) -> None:
        self.errors.append(FieldError(("data", *path), detail))
