"""What is owed, to whom, at which moment: the one question that every ring asks."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.claimed import ClaimStatus
from chalicelib.domain.lapses import next_lapse
from chalicelib.domain.moments import next_moment
from chalicelib.domain.promise import OF_RECOVERY, Kind, Promise, Status, Trying, Word


@dataclass(frozen=True, slots=True)
class Obligation:
    """A word owed at a moment. `n` numbers the notices of this word, so that a notice's id can be derived."""

    promise_id: str
    word: Word
    n: int
    due_at: datetime

    @property
    def notice_id(self) -> str:
        """The id of the notice that will meet it: the same on every worker, so that only one can claim it."""
        return f"{self.promise_id}:{self.word}:{self.n}"


def upcoming(promise: Promise) -> tuple[Obligation, ...]:
    """Return the words the promise owes next, one of each kind at most, in the order in which they should be said.

    To a customer who was forgotten nothing is owed any more, whatever is learnt of the promise afterwards.
    """
    if promise.is_erased:
        return ()
    match promise.status:
        case Status.KEPT:
            return (*_once(promise, Word.CLOSING, promise.ended_at), *_finding(promise))
        case Status.WITHDRAWN:
            return _once(promise, Word.WITHDRAWN, promise.ended_at)
        case Status.CANCELLED:
            return _choice(promise)
    return (
        *_confirmation(promise),
        *_apology(promise),
        *_recovery(promise),
        *_choice(promise),
        *_finding(promise),
        *_check_in(promise),
        *_doubt(promise),
        *_overdue(promise),
        *_update(promise),
    )


def owed(promise: Promise, now: datetime) -> tuple[Obligation, ...]:
    """Return the words that are owed at `now`, first things first. Asking again changes nothing."""
    due = (each for each in upcoming(promise) if _try_at(promise, each) <= now)
    return tuple(each for each in due if not _is_stale(promise, each.word, now))


def next_ring(promise: Promise) -> datetime | None:
    """Return when the clock must ring next (it may lie in the past), or None when nothing is owed any more."""
    moments = [_try_at(promise, each) for each in upcoming(promise)]
    lapse = next_lapse(promise)
    return min(moments if lapse is None else [*moments, lapse], default=None)


def _is_stale(promise: Promise, word: Word, now: datetime) -> bool:
    """Tell whether a word would name a date as still to come that has passed: what says more is owed by then."""
    if word is Word.CONFIRMATION:
        return now >= promise.due_at
    new_due_at = promise.recovery.new_due_at if promise.recovery else None
    return word in OF_RECOVERY and new_due_at is not None and now >= new_due_at


def _confirmation(promise: Promise) -> tuple[Obligation, ...]:
    """What was promised and by when, until a word that says it too, and how it went, takes its place.

    That is the recovery of a broken promise, even before it was tried: with a due time that has passed it is too late
    to say more, and a clock that kept ringing for it would ring for nothing.
    """
    recovery = promise.recovery
    told_more = promise.status is Status.BROKEN or Word.RECOVERY in promise.notices
    recovered = recovery is not None and (not recovery.is_open or told_more)
    overdue = Word.OVERDUE in promise.told or Word.OVERDUE in promise.trying
    return () if recovered or overdue else _once(promise, Word.CONFIRMATION, _opened_at(promise))


def _apology(promise: Promise) -> tuple[Obligation, ...]:
    """The word to a customer who said that it was not kept: we are sorry, and we ask what happened."""
    contested = promise.contested
    return _once(promise, Word.APOLOGY, contested.opened_at) if contested else ()


def _recovery(promise: Promise) -> tuple[Obligation, ...]:
    """The recovery and, once it is told and while nothing is heard of it, its reminders: here, then elsewhere."""
    recovery = promise.recovery
    if recovery is None or not recovery.is_open:
        return ()
    if recovery.told_at is None:
        return _once(promise, Word.RECOVERY, recovery.opened_at)
    steps = recovery.steps(promise.zone)
    if recovery.acknowledged or recovery.calls or steps is None:
        return ()
    first, second, _ = steps
    return _once(promise, Word.REMINDER, first) or _once(promise, Word.REMINDER_ELSEWHERE, second)


def _choice(promise: Promise) -> tuple[Obligation, ...]:
    recovery = promise.recovery
    return _once(promise, Word.CHOICE, recovery.chosen_at) if recovery and recovery.choice else ()


def _finding(promise: Promise) -> tuple[Obligation, ...]:
    """The answer to a claim that is believed, unless it is what the customer heard last."""
    claim = promise.claim
    if claim is None or claim.status is not ClaimStatus.RATIFIED or promise.is_erased or claim.settled_at is None:
        return ()
    return () if claim.heard is claim.answer else _owe(promise, Word.FINDING, claim.settled_at)


def _check_in(promise: Promise) -> tuple[Obligation, ...]:
    """The promiser is asked ahead of the due time, and again when the promise broke without a word from them, or the
    customer says that it did."""
    if promise.leads is None or promise.checked_in:
        return ()
    if promise.status is Status.BROKEN:
        recovery = promise.recovery
        return _once(promise, Word.CHECK_IN, recovery.opened_at) if recovery and recovery.parts is None else ()
    return _once(promise, Word.CHECK_IN, promise.due_at - promise.leads.check_in)


def _doubt(promise: Promise) -> tuple[Obligation, ...]:
    """The word that it may not be kept, unless the promiser has said so: the recovery tells more than a doubt."""
    told_more = promise.recovery is not None and promise.recovery.is_open
    at_risk = promise.status is Status.AT_RISK and not told_more
    return _once(promise, Word.DOUBT, promise.warn_at) if at_risk else ()


def _overdue(promise: Promise) -> tuple[Obligation, ...]:
    """The word at a due time that passes unkept, unless a recovery or the customer told of it before."""
    if promise.contested:
        return ()
    recovery = promise.recovery
    told_before = recovery is not None and recovery.is_open
    return () if told_before and promise.kind is not Kind.ATTEMPT else _once(promise, Word.OVERDUE, promise.due_at)


def _update(promise: Promise) -> tuple[Obligation, ...]:
    at = promise.tell_now or next_moment(promise, promise.heard_until)
    if at is None or (at >= promise.due_at and _overdue(promise)):
        return ()
    return _owe(promise, Word.UPDATE, at)


def _opened_at(promise: Promise) -> datetime:
    """Return since when the promise is owed its confirmation: a review that began anew has one of its own."""
    return promise.claim.reopened_at or promise.made_at if promise.claim else promise.made_at


def _once(promise: Promise, word: Word, at: datetime | None) -> tuple[Obligation, ...]:
    return () if word in promise.told or at is None else _owe(promise, word, at)


def _owe(promise: Promise, word: Word, at: datetime) -> tuple[Obligation, ...]:
    return (Obligation(promise.id, word, promise.notices.get(word, 0) + 1, at),)


def _try_at(promise: Promise, obligation: Obligation) -> datetime:
    retry_at = promise.trying.get(obligation.word, Trying()).retry_at
    return max(retry_at, obligation.due_at) if retry_at else obligation.due_at
