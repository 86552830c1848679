"""List expectations: what customers said they had expected that nobody promised, in their own words, newest first.

They are what the next version of a standard is written from.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from chalicelib.domain.expectations import Expectation
from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing
from chalicelib.domain.promise import Kind, Promise
from chalicelib.usecases.list_promises import USUAL
from chalicelib.usecases.services import Services

# What is looked at for one answer: where few fit, the answer says where to go on rather than read everything.
_AT_ONCE, _MOST_TIMES = 100, 10


@dataclass(frozen=True, slots=True)
class AskedExpectations:
    """Which expectations are asked for: said on these days of the brand's, both included, of a kind and a standard."""

    since: date
    until: date
    kind: Kind | None = None
    standard: str | None = None
    limit: int = USUAL
    after: Listing | None = None


def list_expectations(asked: AskedExpectations, services: Services) -> dict[str, Any]:
    """Return a page as JSON-ready values, with what to ask `after` for the next one: None when this was the last.

    What was erased or removed by retention is passed over, so a page may hold fewer than were asked for, even none.
    Raises StoreUnavailable.
    """
    found, next_after = _matching(asked, services)
    promises = services.store.load([each.place.promise_id for each in found]) if found else {}
    facts = services.store.facts([(each.place.promise_id, each.seq) for each in found]) if found else []
    said = {(fact.promise_id, fact.seq): fact for fact in facts}
    shown = []
    for each in found:
        promise, fact = promises.get(each.place.promise_id), said.get((each.place.promise_id, each.seq))
        if promise and fact and fact.text and not promise.is_erased:
            shown.append(_shown(each, promise, fact))
    return {"expectations": shown, "next_after": str(next_after) if next_after else None}


def _matching(asked: AskedExpectations, services: Services) -> tuple[list[Expectation], Listing | None]:
    zone = services.rules.brand.time_zone
    since = datetime.combine(asked.since, time(), zone)
    until = datetime.combine(asked.until + timedelta(days=1), time(), zone)
    found: list[Expectation] = []
    after = asked.after
    for _ in range(_MOST_TIMES):
        page = services.store.expectations(since, until, _AT_ONCE, after)
        for n, each in enumerate(page, start=1):
            after = each.place
            if each.is_about(asked.kind, asked.standard):
                found.append(each)
            if len(found) == asked.limit:
                return found, None if n == len(page) < _AT_ONCE else after
        if len(page) < _AT_ONCE:
            return found, None
    return found, after


def _shown(heard: Expectation, promise: Promise, fact: Fact) -> dict[str, Any]:
    return {
        "at": fact.at.isoformat(),
        "language": fact.data["language"],
        "text": fact.text,
        "promise": {"id": promise.id, "source": promise.source, "ref": promise.ref, "what": promise.what},
        "kind": heard.kind.value,
        "standard": heard.standard,
        "promised_by": {"ref": promise.promiser_ref} if promise.promiser_ref else None,
    }
