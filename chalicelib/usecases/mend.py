"""Mend: put right what fell through every other net on one page of the tables, and count only what was put right."""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from chalicelib.domain.clocks import Clock, clock_of
from chalicelib.domain.facts import Change
from chalicelib.domain.notices import Notice
from chalicelib.domain.obligations import owed
from chalicelib.domain.promise import Promise
from chalicelib.domain.receipts import Delivery
from chalicelib.domain.retention import is_retired
from chalicelib.usecases import arm
from chalicelib.usecases.apart import apart, log_failure
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.publish import publish
from chalicelib.usecases.say import record_vanished
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Commit, Committed, StoreUnavailable
from chalicelib.usecases.survey_port import Page
from chalicelib.usecases.take_receipts import Report, take_receipts

_log = logging.getLogger(__name__)

# The promise and the number of a fact.
Key = tuple[str, int]
# What was found is counted under these names, zeros included: a metric that is never reported says nothing.
FOUND = (
    "ClocksMissing",
    "ClocksStray",
    "ClaimsLapsed",
    "FactsRepublished",
    "FactsRefused",
    "PromisesRetired",
    "ReconcileFailed",
)
# A lapsed claim is the business of the next ring; only when none has come for so long has it been forgotten.
FORGOTTEN = timedelta(hours=1)


def mend(page: Page, services: Services) -> tuple[Counter[str], bool]:
    """Mend what is wrong on a page; return what was mended, by name, and whether the page is done with.

    One thing that cannot be mended yet does not hold up the others of its page, which comes again; one that no retry
    can mend is counted as failed, and holds up nothing. Raises StoreUnavailable when not even a look at the page was
    possible.
    """
    promises = {each.id: each for each in page.promises}
    clocks = {each.promise_id: each for each in page.clocks}
    unarmed, unclear = apart(promises, lambda some: _unarmed(some, services))
    strays, unknown = apart(clocks, lambda some: _strays(some, services))
    counts = Counter(ReconcileFailed=page.unreadable + len(unclear) + len(unknown))
    work: list[tuple[str, str, Callable[[], bool]]] = [
        *(("ClocksMissing", each, partial(_rearm, each, services)) for some in unarmed for each in some),
        *(("ClocksStray", each.promise_id, partial(_remove_stray, each, services)) for some in strays for each in some),
        *(("ClaimsLapsed", each.id, partial(_settle, each, services)) for each in page.claimed),
        *(("PromisesRetired", each.id, partial(_retire, each, services)) for each in page.promises),
    ]
    is_done = True
    for name, found, mended in work:
        try:
            counts[name] += mended()
        except StoreUnavailable as error:
            _log.warning("%s: something could not be mended yet: %s", name, error)
            is_done = False
        except Exception as error:  # noqa: BLE001 - what no retry can mend must not hold up everything behind it
            log_failure(found, error)
            counts["ReconcileFailed"] += 1
    for counted, was_done in (_take_early(page.early, services), _publish(page.facts, services)):
        counts.update(counted)
        is_done = was_done and is_done
    return counts, is_done


def _take_early(early: Sequence[tuple[str, Delivery]], services: Services) -> tuple[Counter[str], bool]:
    """Apply receipts that came early; count what no retry can apply, and tell whether the others are applied."""
    reports: defaultdict[str, list[Report]] = defaultdict(list)
    for notice_id, kept in early:
        reports[notice_id] += [Report(each, notice_id) for each in kept.receipts]
    results, failed = apart(reports, lambda some: take_receipts([each for told in some for each in told], services))
    return Counter(ReconcileFailed=len(failed)), all(results)


def _publish(facts: Sequence[Key], services: Services) -> tuple[Counter[str], bool]:
    """Publish and count facts again; count what was taken and what was not, and tell whether that was possible by now.

    What the bus refuses it may refuse for ever: that is told, and holds up nothing else.
    """
    by_promise: defaultdict[str, list[Key]] = defaultdict(list)
    for key in facts:
        by_promise[key[0]].append(key)

    def published(some: Sequence[list[Key]]) -> frozenset[Key]:
        keys = [key for each in some for key in each]
        return publish(keys, services) | count_facts(keys, services)

    try:
        results, failed = apart(by_promise, published)
    except StoreUnavailable:
        _log.warning("the facts of a page could not be published again yet")
        return Counter(), False
    refused = {*(key for some in results for key in some), *(key for each in failed for key in by_promise[each])}
    for promise_id, seq in sorted(refused):
        _log.error("fact %s of promise %s could not be published again", seq, promise_id)
    taken = len(facts) - len(refused)
    return Counter(ReconcileFailed=len(failed), FactsRepublished=taken, FactsRefused=len(refused)), True


def _unarmed(promises: Sequence[Promise], services: Services) -> list[str]:
    owing = [each.id for each in promises if clock_of(each)]
    armed = services.clocks.armed(owing) if owing else frozenset()
    return [each for each in owing if each not in armed]


def _rearm(promise_id: str, services: Services) -> bool:
    """Arm a promise that owes something and has no clock; tell whether that was so. Raises StoreUnavailable."""
    for _ in range(arm.MOST_RACES):
        promise = services.store.load([promise_id]).get(promise_id)
        if promise is None or clock_of(promise) is None or services.clocks.get(promise_id):
            return False
        _log.error("promise %s owed something and had no clock", promise_id)
        now = services.system.now()
        if arm.store(Change(promise), Commit(promise, None), now, services) is Committed.DONE:
            return True
    raise StoreUnavailable(f"promise {promise_id} kept changing while it was armed")


def _strays(clocks: Sequence[Clock], services: Services) -> list[Clock]:
    promises = services.store.load([each.promise_id for each in clocks])
    return [each for each in clocks if each.promise_id not in promises or clock_of(promises[each.promise_id]) is None]


def _remove_stray(clock: Clock, services: Services) -> bool:
    """Remove a clock that rings for nothing, as its promise owes nothing or is not there; tell whether that was so.

    The promise is read before the clock: whoever changes it in between makes the removal fail.
    """
    promise = services.store.load([clock.promise_id]).get(clock.promise_id)
    if (promise and clock_of(promise)) or services.clocks.get(clock.promise_id) is None:
        return False
    if promise is None:
        removed = services.survey.remove_clock(clock)
    else:
        now = services.system.now()
        removed = arm.store(Change(promise), Commit(promise, None), now, services) is Committed.DONE
    if removed:
        _log.error("the clock of promise %s rang for nothing", clock.promise_id)
    return removed


def _settle(found: Notice, services: Services) -> bool:
    """Settle a claim whose holder vanished: by a ring if its word is owed now, else as a send of which nobody knows.

    Tell whether there was such a claim.
    """
    now = services.system.now()
    if not found.lapsed(now - FORGOTTEN):
        return False
    promise = services.store.load([found.promise_id]).get(found.promise_id)
    notices = services.store.find_notices([(found.promise_id, found.word, found.n)])
    notice = next((each for each in notices if each.lapsed(now - FORGOTTEN)), None)
    if promise is None or notice is None:
        return False
    if any((each.word, each.n) == (notice.word, notice.n) for each in owed(promise, now)):
        services.rings.put([Clock(promise.id, now)], now)
    elif not record_vanished(promise, notice, services):
        return False
    _log.error("the claim of notice %s had lapsed and was forgotten", notice.id)
    return True


def _retire(promise: Promise, services: Services) -> bool:
    """Give an expiry to what belongs to a promise that has been kept long enough; tell whether it had been.

    The table's TTL then removes it within days. An expiry that was given stays, so that a second round is harmless.
    """
    now = services.system.now()
    if not is_retired(promise, services.rules.retention, now):
        return False
    # Looked at again, before and after: a page is a moment old, and what was reopened since must not vanish.
    if not _is_still_retired(promise.id, now, services):
        return False
    services.store.expire(promise.id, now)
    if _is_still_retired(promise.id, now, services):
        return True
    services.store.keep(promise.id)
    return False


def _is_still_retired(promise_id: str, now: datetime, services: Services) -> bool:
    promise = services.store.load([promise_id]).get(promise_id)
    return promise is not None and is_retired(promise, services.rules.retention, now)
