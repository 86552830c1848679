"""The functions as AWS calls them: real event shapes in, partial batch responses out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalice.app import CloudWatchEvent, DynamoDBEvent, SQSEvent

from chalicelib.adapters.ring_queue_sqs import write_ring
from chalicelib.domain.clocks import Clock
from chalicelib.entrypoints import jobs
from chalicelib.usecases.store_port import StoreUnavailable
from tests.simulation.faults import Crash, Kind
from tests.simulation.queue import Message
from tests.simulation.stream import Record
from tests.simulation.worker import Worker

SKEW = timedelta(seconds=2)
_SKEWS = {Kind.SKEW_AHEAD: SKEW, Kind.SKEW_BEHIND: -SKEW}
_BY_SCHEDULE = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
_SCHEDULED = CloudWatchEvent(dict.fromkeys(_BY_SCHEDULE, ""), None)
_LATE_RUN = timedelta(seconds=40)
_OVERDUE = timedelta(minutes=1)

_Job = Callable[[CloudWatchEvent, Any], Any]


class Functions:
    """Runs functions, each on a worker that nobody else uses at that moment."""

    def __init__(self, world: Any) -> None:
        self._world = world
        self._idle: list[Worker] = []
        self._at_work: list[Worker] = []
        self._watched = False

    def work(self, job: Callable[[Worker], Any], kind: Kind | None = None) -> Any:
        """Run a function. Raises what the function raises; whatever no retry can help is noted as a surprise."""
        journal = self._world.journal
        if kind is Kind.NOT_STARTED:
            raise Crash
        worker = self._idle.pop() if self._idle else Worker(self._world)
        self._at_work.append(worker)
        worker.begin(_SKEWS.get(kind, timedelta()) if kind else timedelta())
        try:
            return job(worker)
        except StoreUnavailable:
            raise
        except Exception as surprise:
            journal.surprises.append(repr(surprise))
            raise
        finally:
            self._idle.append(self._at_work.pop())

    def held(self) -> frozenset[str]:
        """Return the promises whose notices are held by any worker, also by one that waits for what another does."""
        return frozenset(each for worker in self._at_work for each in worker.holds)

    def ring(self, batch: list[Message], kind: Kind | None) -> set[str]:
        """Hand a batch of the queue to `ring`; return the ids that must come again."""
        records = [
            {"messageId": each.id, "receiptHandle": each.id, "body": each.body, "attributes": {}} for each in batch
        ]
        event = SQSEvent({"Records": records}, None)
        return _failures(self.work(lambda worker: jobs.ring(event, worker), kind))

    def publish(self, batch: list[Record], kind: Kind | None) -> set[str]:
        """Hand new facts to `publish`; return the sequence numbers that must come again."""
        event = DynamoDBEvent({"Records": batch}, None)
        return _failures(self.work(lambda worker: jobs.publish(event, worker), kind))

    def rescue(self, batch: list[Record], kind: Kind | None) -> set[str]:
        """Hand removed clocks to `rescue`; return the sequence numbers that must come again."""
        event = DynamoDBEvent({"Records": batch}, None)
        return _failures(self.work(lambda worker: jobs.rescue(event, worker), kind))

    def ring_all(self) -> None:
        """Ring every promise at this moment, on another worker."""
        clocks = [Clock(each, self._world.time) for each in self._world.base.store.promises]
        batch = [Message(f"rival-{each.promise_id}", write_ring(each), self._world.time) for each in clocks]
        try:
            self.ring(batch, None)
        except (Crash, Exception):  # noqa: BLE001 - a rival may die of a fault of its own
            return

    def sweep(self) -> None:
        """Run `sweep`, and `watch` once, and whenever there is something for it to see."""
        world = self._world
        if not world.sweeps:
            return
        self._scheduled("deliver.sweep", jobs.sweep)
        if not self._watched or min(world.armed.values(), default=world.time) < world.time - _OVERDUE:
            self._watched = True
            self._scheduled("deliver.watch", jobs.watch)

    def _scheduled(self, call: str, job: _Job) -> None:
        world = self._world
        kind = world.tap.trigger(call)
        if kind is Kind.LOST:
            return
        if kind is Kind.DELAYED:
            world.at(world.time + _LATE_RUN, lambda: self._run(job, None))
            return
        self._run(job, kind)
        if kind is Kind.DUPLICATED:
            self._run(job, None)

    def _run(self, job: _Job, kind: Kind | None) -> None:
        try:
            self.work(lambda worker: job(_SCHEDULED, worker), kind)
        except (Crash, Exception):  # noqa: BLE001 - a schedule that fails is not repeated: the next minute does its work
            return


def _failures(response: dict[str, Any]) -> set[str]:
    return {each["itemIdentifier"] for each in response["batchItemFailures"]}
