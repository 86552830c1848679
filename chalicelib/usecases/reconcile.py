"""Reconcile: go through everything that is stored, find what fell through each other net, mend it, and count it."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.usecases.apart import log_failure
from chalicelib.usecases.mend import FOUND, mend
from chalicelib.usecases.ports import Metric
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.survey_port import Round, Span

_log = logging.getLogger(__name__)

# A page is read, checked and mended in seconds; what is not begun by then is left to the next run.
ENOUGH_FOR_A_PAGE = timedelta(seconds=30)
# Several runs a night carry one round to its end; the next round belongs to the next night.
BETWEEN_ROUNDS = timedelta(hours=12)
# The stream's clock is not ours, and a fact is noted by a run's one now: up to a lease and some retries too early.
MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to: its round as far as that has come, and what was found, by name (nothing: none was due)."""

    round: Round
    found: Mapping[str, int] = field(default_factory=dict)


def reconcile(
    services: Services,
    time_left: Callable[[], timedelta],
    *,
    afresh: bool = False,
    republish: Sequence[Span] = (),
) -> Run:
    """Carry on the round that is under way, or begin one, as far as time allows; return what it came to.

    However little time there is, a run comes a page further, so that every round has an end.

    After a complete round nothing is done until the next night, unless `afresh` asks for a round at once; `republish`
    are stretches of time whose facts are published again, beside those that the stream has given up. A round that is
    begun before another has come to its end takes over what that was to publish; a run whose round was replaced stops,
    and its round stays incomplete. Everything found is looked at again before it is touched, so a round may meet any
    other work.

    A part in which something failed stays where it was until the next run, while the others go on; facts that are
    refused hold up nothing, and what the stream gave up is kept for the next round. Whatever happens, what was mended
    is reported. Raises StoreUnavailable when a part failed.
    """
    now = services.system.now()
    known = services.survey.latest()
    if known and not known.parts and not afresh and now - known.began_at < BETWEEN_ROUNDS:
        return Run(known)
    under_way = known if known and known.parts and not afresh else _begun(known, now, republish, services)
    found: Counter[str] = Counter(dict.fromkeys(FOUND, 0))
    failed: set[str] = set()
    # Before its first page: what it is to publish is then known to whoever carries it on.
    is_ours = under_way is known or services.survey.keep(under_way, known)
    try:
        while is_ours and (going := [each for each in under_way.parts if each not in failed]):
            further = _further(under_way, going, found, failed, services)
            is_ours = services.survey.keep(further, under_way)
            under_way = further if is_ours else under_way
            if time_left() < ENOUGH_FOR_A_PAGE:
                break
        if not under_way.parts:
            services.metrics.put([Metric("ReconcileHeartbeat", 1.0)])
            if not under_way.refused:
                services.given_up.remove(under_way.receipts)
    finally:
        services.metrics.put([Metric(name, float(times)) for name, times in found.items()])
    if not is_ours:
        _log.warning("another round was begun; the one of %s is left as it is", under_way.began_at.isoformat())
    elif failed:
        raise StoreUnavailable(f"{len(failed)} parts could not be gone through yet")
    return Run(under_way, dict(found))


def _begun(known: Round | None, now: datetime, republish: Sequence[Span], services: Services) -> Round:
    """Return a new round, which publishes again what was given up, what is asked for, and what another left undone."""
    given_up = services.given_up.spans()
    spans = [Span(each.first - MARGIN, each.last + MARGIN) for each in given_up.values()]
    left = known if known and known.parts else Round(now)
    return Round(
        began_at=now,
        token=services.system.token(),
        parts=dict.fromkeys(services.survey.parts, ""),
        spans=tuple(dict.fromkeys((*spans, *republish, *left.spans))),
        receipts=tuple(dict.fromkeys((*given_up, *left.receipts))),
    )


def _further(
    under_way: Round, going: Sequence[str], found: Counter[str], failed: set[str], services: Services
) -> Round:
    """Read and mend the next page of each part that is going on; add to what was found, and to what failed."""

    def mended(part: str) -> tuple[str | None, Counter[str], bool]:
        try:
            page = services.survey.page(part, under_way.parts[part], under_way.spans)
            return page.after, *mend(page, services)
        except StoreUnavailable:
            _log.warning("part %s could not be read yet", part)
            return None, Counter(), False
        except Exception as error:  # noqa: BLE001 - one part that cannot be gone through must not hold up the others
            log_failure(f"part {part}", error)
            return None, Counter(ReconcileFailed=1), False

    parts, refused = dict(under_way.parts), under_way.refused
    for part, (after, counts, is_done) in zip(going, services.system.together(mended, going), strict=True):
        found.update(counts)
        refused += counts["FactsRefused"]
        if not is_done:
            failed.add(part)
        elif after is None:
            del parts[part]
        else:
            parts[part] = after
    return replace(under_way, parts=parts, refused=refused)
