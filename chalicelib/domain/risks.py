"""A promise that will not be kept, or was not: what its promiser says of it, ahead of time or after."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.afresh import afresh
from chalicelib.domain.changes import NotPossibleAnyMore, keep, progress
from chalicelib.domain.choices import choose
from chalicelib.domain.claimed import ClaimStatus
from chalicelib.domain.facts import Change
from chalicelib.domain.offers import Offers
from chalicelib.domain.promise import OF_RECOVERY, Kind, Promise, Status, Word
from chalicelib.domain.quiet import Quiet
from chalicelib.domain.recovery import (
    MOST_CALLS,
    TIME_TO_DECIDE,
    AfterNo,
    Choice,
    ChosenBy,
    Ladder,
    Parts,
    Recovery,
    Silence,
    silence_rule,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a Standard or the house decides where the promiser does not: ladder, silence, what may be offered, and what
    follows when the customer answers at the end that the word was not kept."""

    ladder: Ladder = field(default_factory=Ladder)
    first_silence: Silence = Silence.STAY
    later_silence: Silence = Silence.CALL
    quiet: Quiet | None = None
    offers: Offers = field(default_factory=Offers)
    after_no: AfterNo = AfterNo.CALL


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the promiser says: the parts of a recovery, the new date if there is one, and by when to decide."""

    parts: Parts
    new_due_at: datetime | None = None
    decide_by: datetime | None = None
    broken: bool = False


def open_recovery(promise: Promise, trouble: Trouble, policy: Policy, now: datetime) -> Change:
    """Open a recovery: the customer is owed its notice at once. A newer one takes the place of an open one.

    Raises NotPossibleAnyMore when the promise is over, for an attempt, which cannot be broken, and for a claim in
    review, which has nothing to recover; OfferNotAllowed when the policy does not allow what is offered.
    """
    if promise.is_over:
        raise NotPossibleAnyMore(f"the promise is already {promise.status}: there is nothing left to recover")
    if promise.kind is Kind.ATTEMPT:
        raise NotPossibleAnyMore(
            "an attempt is not a promise and cannot be broken: tell it by promise.progressed or promise.withdrawn"
        )
    if promise.claim and promise.claim.status is ClaimStatus.IN_REVIEW:
        raise NotPossibleAnyMore(
            "the claim is still looked into, so there is nothing to recover yet: tell news by promise.progressed"
        )
    policy.offers.check(trouble.parts.offer)
    if _says_nothing_new(promise, trouble):
        return Change(promise)
    broken = trouble.broken or now >= promise.due_at
    n = promise.recoveries + 1
    decide_by = _deadline(trouble, now)
    recovery = Recovery(
        n=n,
        seq=promise.seq + 1,
        opened_at=now,
        was_broken=now >= promise.due_at,
        parts=trouble.parts,
        new_due_at=trouble.new_due_at,
        decide_by=decide_by,
        time_to_decide=decide_by - now,
        silence=silence_rule(
            trouble.parts.case,
            promise.delays + 1,
            promise.due_at,
            trouble.new_due_at,
            first=policy.first_silence,
            later=policy.later_silence,
        ),
        ladder=policy.ladder,
        quiet=policy.quiet,
    )
    opened = replace(
        afresh(promise, {*OF_RECOVERY, Word.CHOICE}),
        status=Status.BROKEN if broken else Status.AT_RISK,
        recovery=recovery,
        recoveries=n,
        delays=promise.delays + 1,
        checked_in=True,
    )
    name = "PromiseBroken" if broken else "PromiseAtRisk"
    return Change(opened).told(name, now, trouble.parts.reason, by="promiser", case=trouble.parts.case, recovery=n)


def _deadline(trouble: Trouble, now: datetime) -> datetime:
    """Return by when to decide: never after the new date, which must find a promise that somebody has chosen."""
    deadline = trouble.decide_by or now + TIME_TO_DECIDE
    return min(deadline, trouble.new_due_at) if trouble.new_due_at else deadline


def _says_nothing_new(promise: Promise, trouble: Trouble) -> bool:
    """Tell whether the customer has been given these very parts and date, and is still asked."""
    recovery = promise.recovery
    if recovery is None or not recovery.is_open or (trouble.broken and promise.status is not Status.BROKEN):
        return False
    return (recovery.parts, recovery.new_due_at) == (trouble.parts, trouble.new_due_at)


def on_track(promise: Promise, word: str | None, now: datetime) -> Change:
    """Take the promiser's answer that all is well, with a word for the customer if they gave one.

    Raises NotPossibleAnyMore when the promise is over.
    """
    if promise.is_over:
        raise NotPossibleAnyMore(f"the promise is already {promise.status}")
    status = Status.OPEN if promise.status is Status.AT_RISK and not _is_in_recovery(promise) else promise.status
    change = Change(replace(promise, checked_in=True, status=status)).told("CheckInAnswered", now, answer="on_track")
    return _and_then(change, progress(change.promise, word, now, tell_now=True)) if word else change


def late(promise: Promise, trouble: Trouble, policy: Policy, now: datetime) -> Change:
    """Take the promiser's answer that it will be late or not as promised. Raises as `open_recovery`."""
    change = Change(promise).told("CheckInAnswered", now, answer="late")
    return _and_then(change, open_recovery(change.promise, trouble, policy, now))


def done(promise: Promise, note: str | None, now: datetime) -> Change:
    """Take the promiser's answer that it is done. Raises NotPossibleAnyMore when it ended otherwise."""
    change = Change(promise).told("CheckInAnswered", now, answer="done")
    return _and_then(change, keep(change.promise, note, now))


def call_made(promise: Promise, reached: bool, choice: Choice | None, note: str | None, now: datetime) -> Change:
    """Take what came of a call: a choice, the customer informed, or nobody reached, so that it is repeated or closed.

    Raises NotPossibleAnyMore when a choice was made on the phone and it is too late for one.
    """
    outcome = "reached" if reached else "no_answer"
    change = Change(promise).told("CallMade", now, note, outcome=outcome)
    recovery = promise.recovery
    if not reached:
        return replace(change, promise=replace(change.promise, recovery=_called_again(promise, now)))
    if recovery is None or not recovery.is_open:
        if recovery and promise.contested:
            change = replace(change, promise=replace(change.promise, recovery=replace(recovery, call_at=None)))
        return _and_then(change, choose(change.promise, choice, ChosenBy.CALL, now)) if choice else change
    heard = replace(recovery, acknowledged=True, told_at=recovery.told_at or now)
    change = replace(change, promise=replace(change.promise, recovery=heard, told=promise.told | {Word.RECOVERY}))
    return _and_then(change, choose(change.promise, choice, ChosenBy.CALL, now)) if choice else change


def _called_again(promise: Promise, now: datetime) -> Recovery | None:
    """Return the recovery with the next call after one that nobody answered, unless that was the last one."""
    recovery = promise.recovery
    if recovery is None or not (recovery.is_open or promise.contested) or not 0 < recovery.calls < MOST_CALLS:
        return recovery
    return replace(recovery, call_at=recovery.awake(now + recovery.ladder.between_calls, promise.zone))


def _is_in_recovery(promise: Promise) -> bool:
    return promise.recovery is not None and promise.recovery.is_open


def _and_then(first: Change, second: Change) -> Change:
    return replace(second, facts=(*first.facts, *second.facts))
