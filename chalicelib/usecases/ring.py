"""Ring: meet what a promise owes at this moment. Ringing too often is harmless; a lost ring is healed by the next."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from chalicelib.domain.clocks import Clock
from chalicelib.domain.lapses import lapse
from chalicelib.domain.notices import Outcome
from chalicelib.domain.obligations import owed
from chalicelib.usecases import arm
from chalicelib.usecases.ports import Metric
from chalicelib.usecases.say import Said, say
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Commit, Committed, StoreUnavailable

_log = logging.getLogger(__name__)

# The queue releases a ring up to two seconds ahead of its moment; anything earlier goes back to the queue.
LONGEST_HOLD = timedelta(seconds=2.5)
# A promise owes at most three words at once; the rest is room for races and for a second channel.
MOST_WORDS = 6

_METRICS = {
    Outcome.REFUSED: ("ProviderRefused",),
    Outcome.UNAVAILABLE: ("ProviderUnavailable",),
    Outcome.UNKNOWN: ("ProviderUnavailable", "UnknownSends"),
}


def ring(clocks: Sequence[Clock], services: Services) -> frozenset[str]:
    """Ring each clock at its moment, never before; return the promises that could not be served and may be retried."""
    failed: set[str] = set()
    counts: Counter[str] = Counter()
    waiting = sorted(clocks, key=lambda clock: clock.ring_at)
    while waiting:
        now = services.system.now()
        early = waiting[0].ring_at - now
        if early > LONGEST_HOLD:
            services.rings.put(waiting, now)
            break
        if early > timedelta():
            services.system.wait(early)
            continue
        due = [clock.promise_id for clock in waiting if clock.ring_at <= now]
        waiting = [clock for clock in waiting if clock.ring_at > now]
        failed |= ring_now(due, services, counts)
    report(counts, services)
    return frozenset(failed)


def ring_now(promise_ids: Sequence[str], services: Services, counts: Counter[str]) -> set[str]:
    """Meet what the promises owe now; count what went wrong; return those that could not be served."""

    def served(promise_id: str) -> bool:
        try:
            counts.update(_meet(promise_id, services))
        except StoreUnavailable:
            _log.warning("ringing promise %s failed, it will be rung again", promise_id)
            return False
        except Exception:  # noqa: BLE001 - one promise that cannot be served must not hold up the others of its batch
            _log.exception("ringing promise %s failed", promise_id)
            return False
        return True

    distinct = list(dict.fromkeys(promise_ids))
    results = services.system.together(served, distinct)
    return {each for each, was_served in zip(distinct, results, strict=True) if not was_served}


def report(counts: Counter[str], services: Services) -> None:
    """Report the sends that did not succeed as metrics, if there were any."""
    if counts:
        services.metrics.put([Metric(name, float(value)) for name, value in counts.items()])


def _meet(promise_id: str, services: Services) -> list[str]:
    """Meet what one promise owes, word after word; return what is to be counted."""
    counted: list[str] = []
    for _ in range(MOST_WORDS):
        promise = services.store.load([promise_id]).get(promise_id)
        if promise is None:
            return counted
        now = services.system.now()
        lapsed = lapse(promise, now)
        if lapsed.promise != promise:
            if arm.store(lapsed, Commit(lapsed.promise, None), now, services) is not Committed.DONE:
                continue
            promise = services.store.load([promise_id])[promise_id]
        due = owed(promise, now)
        if not due:
            return counted
        said: Said = say(promise, due[0], now, services)
        counted += _counted(said)
        if said.held_by_another:
            return counted
    return counted


def _counted(said: Said) -> tuple[str, ...]:
    if said.held_back:
        return ("SendsHeld",)
    went = _METRICS.get(said.outcome, ()) if said.outcome else ()
    return (*went, "UnknownResent") if said.resent else went
