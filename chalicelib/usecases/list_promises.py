"""List promises: a customer's or a promiser's, claims among them, page by page and the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.listings import Listing, Party
from chalicelib.domain.promise import Promise
from chalicelib.domain.subjects import subject
from chalicelib.usecases.services import Services
from chalicelib.usecases.take_event import claim_summary, summary

# A screen or two of a CRM; the most is what the store reads in one call.
USUAL, MOST = 25, 100


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is asked for: how many promises, made before the one at `after` (None: the newest)."""

    limit: int = USUAL
    after: Listing | None = None


NEWEST = Asked()


def list_promises(party: Party, ref: str, asked: Asked, services: Services) -> dict[str, Any]:
    """Return a page as JSON-ready values, with what to ask `after` for the next one: None when this was the last.

    A page may hold fewer than were asked for: what retention has removed is passed over, and so is a claim
    that counts on this promiser no more. Raises StoreUnavailable.
    """
    found = services.store.newest(party, ref, asked.limit + 1, asked.after)
    listed = found[: asked.limit]
    promises = services.store.load([each.promise_id for each in listed]) if listed else {}
    now = services.system.now()
    known = (promises[each.promise_id] for each in listed if each.promise_id in promises)
    shown = [_shown(each, now) for each in known if ref in _parties(each, party)]
    return {"promises": shown, "next_after": str(listed[-1]) if len(found) > len(listed) else None}


def _parties(promise: Promise, party: Party) -> set[str | None]:
    return {promise.customer_ref} if party is Party.CUSTOMER else {promise.promiser_ref, promise.counted_on}


def _shown(promise: Promise, now: datetime) -> dict[str, Any]:
    claim = {"claim": claim_summary(promise) | {"subject": _subject(promise)}} if promise.claim else {}
    known = {
        "source": promise.source,
        "ref": promise.ref,
        "kind": promise.kind.value,
        "what": promise.what,
        "made_at": promise.made_at.isoformat(),
        "customer": {"ref": promise.customer_ref},
        "promised_by": {"ref": promise.promiser_ref} if promise.promiser_ref else None,
    }
    return summary(promise, now) | known | claim


def _subject(promise: Promise) -> str | None:
    """Return what a claim is about, as ledgers count what was promised again; None once it is erased."""
    return None if promise.is_erased else subject(promise.what)
