"""How a promise changes when something is told about it: each function returns the next state and its facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.claimed import ClaimStatus
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import Kind, Leads, News, Promise, Rhythm, Status, Trying, Word, promise_id


class NotPossibleAnyMore(Exception):
    """What was told contradicts how the promise has ended. A retry cannot help."""


@dataclass(frozen=True, slots=True)
class Making:
    """What was told when a promise was made. Times are aware; `digest` recognises the same telling again."""

    source: str
    ref: str
    kind: Kind
    what: str
    due_at: datetime
    customer_ref: str
    time_zone: str
    rhythm: Rhythm = field(default_factory=Rhythm)
    leads: Leads | None = None
    promiser_ref: str | None = None
    standard: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


def make(making: Making, now: datetime) -> Change:
    """Open a promise: its confirmation is owed at once."""
    promise = Promise(
        id=promise_id(making.source, making.ref),
        source=making.source,
        ref=making.ref,
        kind=making.kind,
        what=making.what,
        made_at=now,
        due_at=making.due_at,
        customer_ref=making.customer_ref,
        time_zone=making.time_zone,
        heard_until=now,
        rhythm=making.rhythm,
        leads=making.leads,
        promiser_ref=making.promiser_ref,
        standard=making.standard,
        about=making.about,
        made_digest=making.digest,
    )
    return Change(promise).told("PromiseMade", now, kind=making.kind.value, due_at=making.due_at.isoformat())


def progress(promise: Promise, note: str, now: datetime, *, tell_now: bool) -> Change:
    """Take news: told at once, or with the next update.

    Raises NotPossibleAnyMore when the promise is over, as its last word has been said.
    """
    if promise.is_over:
        raise NotPossibleAnyMore(f"the promise is already {promise.status}: there is no update left to carry this news")
    change = Change(promise).told("ProgressNoted", now, note, tell="now" if tell_now else "next")
    noted = replace(change.promise, news=(*promise.news, News(change.promise.seq, now, note)))
    if tell_now:
        noted = replace(noted, tell_now=now, trying=_hurried(noted))
    return Change(noted, change.facts)


def keep(promise: Promise, note: str | None, now: datetime) -> Change:
    """End a promise as kept: a closing is owed, and asks whether it was. Telling it again changes nothing.

    Raises NotPossibleAnyMore when it was withdrawn, and for a claim in review, which waits for an answer.
    """
    if promise.claim and promise.claim.status is ClaimStatus.IN_REVIEW and not promise.is_over:
        raise NotPossibleAnyMore(
            "the claim is still looked into, so there is nothing to keep yet: settle it by claim.settled"
        )
    return _end(promise, Status.KEPT, "PromiseKept", note, now)


def withdraw(promise: Promise, reason: str, now: datetime) -> Change:
    """End a promise as withdrawn: the customer is owed a word that says so. Telling it again changes nothing.

    Raises NotPossibleAnyMore when it was kept.
    """
    return _end(promise, Status.WITHDRAWN, "PromiseWithdrawn", reason, now)


def acknowledge(promise: Promise, now: datetime, notice: str | None = None) -> Change:
    """Record the customer's "got it, thank you": a recovery that is acknowledged is not escalated.

    Pressing again changes nothing, unless something new has been told since.
    """
    recovery = promise.recovery
    pending = recovery is not None and recovery.told_at is not None and not recovery.acknowledged
    if promise.acknowledged_at is not None and not pending:
        return Change(promise)
    seen = replace(recovery, acknowledged=True) if recovery and pending else recovery
    return Change(replace(promise, acknowledged_at=now, recovery=seen)).told("Acknowledged", now, notice=notice)


def _hurried(promise: Promise) -> dict[Word, Trying]:
    """Let the update wait no more. What is known of its sends stays, and so does what other words wait for."""
    update = promise.trying.get(Word.UPDATE)
    return {**promise.trying, **({Word.UPDATE: replace(update, retry_at=None)} if update else {})}


def _end(promise: Promise, status: Status, fact: str, note: str | None, now: datetime) -> Change:
    if promise.status is status:
        return Change(promise)
    if promise.is_over:
        raise NotPossibleAnyMore(f"the promise is already {promise.status} and cannot become {status}")
    ended = replace(promise, status=status, ended_at=now, end_note=note, news=(), tell_now=None, perceived=None)
    return Change(ended).told(fact, now, note, late=int(now > promise.due_at))
