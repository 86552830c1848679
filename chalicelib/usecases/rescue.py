"""Rescue: ring what nobody rang. A clock that expired unrung was deleted by its TTL, and its removal comes here."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.clocks import Clock, clock_of
from chalicelib.domain.facts import Change
from chalicelib.usecases import arm
from chalicelib.usecases.ports import Metric
from chalicelib.usecases.ring import report, ring_now
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Commit, Committed

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Removal:
    """A clock that left the table, by its TTL or by our own hand, and when it was to expire."""

    promise_id: str
    expires_at: datetime


def rescue(removals: Sequence[Removal], services: Services) -> frozenset[str]:
    """Ring the promises whose clock is gone and arm them again; return those that could not be served, to be retried.

    Whether a clock was ours to remove shows in its promise, not in the time: one that owes nothing any more is passed
    over, and one that owes something gets its clock back even when that went before it had expired.
    """
    now = services.system.now()
    expires = {each.promise_id: each.expires_at for each in removals}
    found = services.store.load(list(expires)).values() if expires else ()
    owing = [each for each in found if clock_of(each)]
    unrung = [each.id for each in owing if _rings_late(clock_of(each), now)]
    counts: Counter[str] = Counter()
    failed = ring_now(unrung, services, counts)
    report(counts, services)
    for promise in owing:
        if promise.id not in failed and not _rearm(promise.id, services):
            failed.add(promise.id)
    if unrung:
        _log.error("rescued %d promises that no sweep rang", len(unrung))
        services.metrics.put([Metric("RescuedByTtl", float(len(unrung)))])
    if early := [each.id for each in owing if expires[each.id] > now]:
        _log.error("%d clocks went before they expired and are armed again: %s", len(early), " ".join(early))
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
