"""Rescue: ring what nobody rang. A clock that expired unrung was deleted by its TTL, and its removal comes here."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.clocks import Clock, clock_of
from chalicelib.domain.facts import Change
from chalicelib.domain.notices import Outcome
from chalicelib.usecases import arm
from chalicelib.usecases.ports import Commit, Committed, Metric
from chalicelib.usecases.ring import report, ring_now
from chalicelib.usecases.services import Services

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Removal:
    """A clock that left the table: whether by its TTL or by our own hand shows in whether it had expired."""

    promise_id: str
    expires_at: datetime


def rescue(removals: Sequence[Removal], services: Services) -> frozenset[str]:
    """Ring the promises whose clock expired; return those that could not be served and may be retried.

    A clock that we removed ourselves, because its promise owes nothing any more, had not expired and is passed over.
    """
    now = services.system.now()
    expired = [each.promise_id for each in removals if each.expires_at <= now]
    if not expired:
        return frozenset()
    unrung = [each for each in services.store.load(expired).values() if _rings_late(clock_of(each), now)]
    outcomes: Counter[Outcome] = Counter()
    failed = ring_now([each.id for each in unrung], services, outcomes)
    report(outcomes, services)
    for promise in unrung:
        if promise.id not in failed and not _rearm(promise.id, services):
            failed.add(promise.id)
    if unrung:
        _log.error("rescued %d promises that no sweep rang", len(unrung))
        services.metrics.put([Metric("RescuedByTtl", float(len(unrung)))])
    return frozenset(failed)


def _rings_late(clock: Clock | None, now: datetime) -> bool:
    return clock is not None and clock.ring_at <= now


def _rearm(promise_id: str, services: Services) -> bool:
    """Make sure that a promise which still owes something has a clock, as its own was deleted; tell whether it has."""
    if services.clocks.get(promise_id):
        return True
    promise = services.store.load([promise_id]).get(promise_id)
    if promise is None or clock_of(promise) is None:
        return True
    now = services.system.now()
    return arm.store(Change(promise), Commit(promise, None), now, services) is Committed.DONE
