"""Reconcile: go through everything that is stored, find what fell through each other net, mend it, and count it."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.clocks import Clock, clock_of
from chalicelib.domain.facts import Change
from chalicelib.domain.notices import Notice
from chalicelib.domain.obligations import upcoming
from chalicelib.domain.promise import Promise
from chalicelib.domain.retention import is_retired
from chalicelib.usecases import arm
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.ports import Commit, Committed, Metric, StoreUnavailable
from chalicelib.usecases.publish import publish
from chalicelib.usecases.say import record_vanished
from chalicelib.usecases.services import Services
from chalicelib.usecases.survey_port import Page, Round, Span

_log = logging.getLogger(__name__)

# What was found is counted under these names, zeros included: a metric that is never reported says nothing.
FOUND = ("ClocksMissing", "ClocksStray", "ClaimsLapsed", "FactsRepublished", "PromisesRetired")
# A page is read, checked and mended in seconds; what is not begun by then is left to the next run.
ENOUGH_FOR_A_PAGE = timedelta(seconds=30)
# Several runs a night carry one round to its end; the next round belongs to the next night.
BETWEEN_ROUNDS = timedelta(hours=12)
# A lapsed claim is the business of the next ring; only when none has come for so long has it been forgotten.
FORGOTTEN = timedelta(hours=1)
# A fact is dated when it was decided, up to a lease and some retries before it was stored.
MARGIN = timedelta(hours=1)


def reconcile(
    services: Services,
    time_left: Callable[[], timedelta],
    *,
    afresh: bool = False,
    republish: Sequence[Span] = (),
) -> dict[str, int]:
    """Carry on the round that is under way, or begin one, as far as time allows; return what was found, by name.

    However little time there is, a run comes a page further, so that every round has an end.

    After a complete round nothing is done until the next night, unless `afresh` asks for a round at once; `republish`
    are stretches of time whose facts are published again, beside those that the stream has given up. Everything found
    is looked at again before it is touched, so a round may meet any other work. Raises StoreUnavailable.
    """
    now = services.system.now()
    known = services.survey.latest()
    if known and not known.parts and not afresh and now - known.began_at < BETWEEN_ROUNDS:
        return {}
    under_way = known if known and known.parts and not afresh else _begun(now, republish, services)
    found: Counter[str] = Counter(dict.fromkeys(FOUND, 0))
    while under_way.parts:
        under_way = _further(under_way, found, services)
        services.survey.keep(under_way)
        if time_left() < ENOUGH_FOR_A_PAGE:
            break
    if not under_way.parts:
        services.given_up.remove(under_way.receipts)
        services.metrics.put([Metric("ReconcileHeartbeat", 1.0)])
    services.metrics.put([Metric(name, float(times)) for name, times in found.items()])
    return dict(found)


def _begun(now: datetime, republish: Sequence[Span], services: Services) -> Round:
    given_up = services.given_up.spans()
    spans = [Span(each.first - MARGIN, each.last + MARGIN) for each in given_up.values()]
    return Round(now, dict.fromkeys(services.survey.parts, ""), (*spans, *republish), tuple(given_up))


def _further(under_way: Round, found: Counter[str], services: Services) -> Round:
    """Read and mend the next page of every part that is not finished."""

    def mended(part: str) -> tuple[str, str | None, Counter[str]]:
        page = services.survey.page(part, under_way.parts[part], under_way.spans)
        return part, page.after, _mended(page, services)

    parts: dict[str, str] = {}
    for part, after, counts in services.system.together(mended, list(under_way.parts)):
        found.update(counts)
        if after is not None:
            parts[part] = after
    return replace(under_way, parts=parts)


def _mended(page: Page, services: Services) -> Counter[str]:
    counts: Counter[str] = Counter()
    owing = [each.id for each in page.promises if clock_of(each)]
    armed = services.clocks.armed(owing) if owing else frozenset()
    counts["ClocksMissing"] += sum(_rearm(each, services) for each in owing if each not in armed)
    counts["ClocksStray"] += _remove_strays(page.clocks, services)
    counts["ClaimsLapsed"] += sum(_settle(each, services) for each in page.claimed)
    counts["PromisesRetired"] += _retire(page.promises, services)
    counts["FactsRepublished"] += _republish(page.facts, services)
    return counts


def _rearm(promise_id: str, services: Services) -> bool:
    """Arm a promise that owes something and has no clock; tell whether that was so."""
    promise = services.store.load([promise_id]).get(promise_id)
    if promise is None or clock_of(promise) is None or services.clocks.get(promise_id):
        return False
    _log.error("promise %s owed something and had no clock", promise_id)
    now = services.system.now()
    return arm.store(Change(promise), Commit(promise, None), now, services) is Committed.DONE


def _remove_strays(clocks: Sequence[Clock], services: Services) -> int:
    """Remove the clocks that ring for nothing, as their promise owes nothing or is not there; return how many."""
    promises = services.store.load([each.promise_id for each in clocks]) if clocks else {}
    stray = [each for each in clocks if each.promise_id not in promises or clock_of(promises[each.promise_id]) is None]
    for clock in stray:
        promise = promises.get(clock.promise_id)
        _log.error("the clock of promise %s rang for nothing", clock.promise_id)
        if promise is None:
            services.survey.remove_clock(clock)
        else:
            arm.store(Change(promise), Commit(promise, None), services.system.now(), services)
    return len(stray)


def _settle(notice: Notice, services: Services) -> bool:
    """Settle a claim whose holder vanished: by a ring while its word is owed, else as a send of which nobody knows."""
    now = services.system.now()
    if not notice.lapsed(now - FORGOTTEN):
        return False
    promise = services.store.load([notice.promise_id]).get(notice.promise_id)
    if promise is None:
        return False
    if any((each.word, each.n) == (notice.word, notice.n) for each in upcoming(promise)):
        services.rings.put([Clock(promise.id, now)], now)
    else:
        record_vanished(promise, notice, services)
    _log.error("the claim of notice %s had lapsed and was forgotten", notice.id)
    return True


def _retire(promises: Sequence[Promise], services: Services) -> int:
    """Give an expiry to what belongs to promises that have been kept long enough; return how many there were.

    The table's TTL then removes it within days. An expiry that was given stays, so that a second round is harmless.
    """
    now = services.system.now()

    def retired_of(known: Iterable[Promise]) -> list[str]:
        return [each.id for each in known if is_retired(each, services.rules.retention, now)]

    # Looked at again: a page is a moment old, and what was reopened since must not vanish.
    found = retired_of(promises)
    retired = retired_of(services.store.load(found).values()) if found else []
    for promise_id in retired:
        services.store.expire(promise_id, now)
    return len(retired)


def _republish(keys: Sequence[tuple[str, int]], services: Services) -> int:
    """Publish facts again, which consumers drop when they had them. Raises StoreUnavailable when some are refused."""
    if not keys:
        return 0
    if failed := publish(keys, services) | count_facts(keys, services):
        raise StoreUnavailable(f"{len(failed)} facts could not be published again yet")
    return len(keys)
