"""What runs besides the minutes: the nightly round, and a rebuild of the ledgers that a person asks for."""

from datetime import timedelta
from typing import Any

from chalice.app import CloudWatchEvent

from chalicelib.entrypoints import jobs
from tests.simulation.faults import Crash, Kind
from tests.simulation.journal import Asked

BETWEEN_RUNS = timedelta(minutes=15)
LATE_RUN = timedelta(minutes=5)
RUNS = 4
# One page of each part is read in every run: a round takes several, and each carries on where another stopped.
_NO_TIME_MILLISECONDS = 1_000
_SCHEDULED = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
_AGAIN = timedelta(minutes=2)
_MOST_TRIES = 10


class _Context:
    """A context of Lambda that leaves no time for a second page."""

    def get_remaining_time_in_millis(self) -> int:
        return _NO_TIME_MILLISECONDS


class Nights:
    """Runs `nightly` and `rebuild_ledgers`."""

    def __init__(self, world: Any) -> None:
        self._world = world
        self.begun = False

    def begin(self) -> None:
        """Run `nightly` now and each quarter of an hour, as its schedule does for some hours of the night."""
        self.begun = True
        for number in range(RUNS):
            self._world.at(self._world.time + number * BETWEEN_RUNS, self._nightly)

    def rebuild(self) -> None:
        """Rebuild the ledgers as the command does: from the start, page after page, a failed call made again."""
        asked = Asked("a rebuild of the ledgers", self._world.time)
        self._world.journal.asked.append(asked)
        self._rebuild(None, asked, _MOST_TRIES)

    def _nightly(self) -> None:
        kind = self._world.tap.trigger("deliver.nightly")
        if kind is Kind.DELAYED:
            self._world.at(self._world.time + LATE_RUN, lambda: self._run(None))
        elif kind is not Kind.LOST:
            self._run(kind)
        if kind is Kind.DUPLICATED:
            self._run(None)

    def _run(self, kind: Kind | None) -> None:
        event = CloudWatchEvent(dict.fromkeys(_SCHEDULED, ""), _Context())
        try:
            self._world.functions.work(lambda worker: jobs.nightly(event, worker), kind)
        except (Crash, Exception):  # noqa: BLE001 - the next run of the night carries on
            return

    def _rebuild(self, cursor: str | None, asked: Asked, tries: int) -> None:
        world = self._world
        kind = world.tap.trigger("deliver.rebuild_ledgers")
        event = {"cursor": cursor}
        try:
            answer = world.functions.work(
                lambda worker: jobs.rebuild_ledgers(event, _Context().get_remaining_time_in_millis, worker), kind
            )
        except (Crash, Exception):  # noqa: BLE001 - whoever asked sees that it failed, and asks again
            if tries:
                world.at(world.time + _AGAIN, lambda: self._rebuild(cursor, asked, tries - 1))
            return
        if answer["cursor"] is None:
            asked.done = True
        else:
            self._rebuild(answer["cursor"], asked, tries)
