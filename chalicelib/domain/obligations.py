"""What is owed, to whom, at which moment: the one question that every ring asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.durations import Duration
from chalicelib.domain.promise import Promise, Status, Word

# Once the due time has passed, a promise without a rhythm of its own is spoken of daily: silence would break it twice.
RHYTHM_ONCE_OVERDUE = Duration(days=1)


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
    """Return the words the promise owes next, one of each kind at most, in the order in which they should be said."""
    if promise.status is Status.KEPT:
        return _once(promise, Word.CLOSING, promise.ended_at)
    if promise.status is Status.WITHDRAWN:
        return _once(promise, Word.WITHDRAWN, promise.ended_at)
    overdue = _once(promise, Word.OVERDUE, promise.due_at)
    update_at = promise.tell_now or next_moment(promise, promise.heard_until)
    update = _owe(promise, Word.UPDATE, update_at) if update_at else ()
    if overdue and update and update[0].due_at >= promise.due_at:
        update = ()
    return (*_once(promise, Word.CONFIRMATION, promise.made_at), *overdue, *update)


def owed(promise: Promise, now: datetime) -> tuple[Obligation, ...]:
    """Return the words that are owed at `now`, first things first. Asking again changes nothing."""
    return tuple(each for each in upcoming(promise) if _try_at(promise, each) <= now)


def next_ring(promise: Promise) -> datetime | None:
    """Return when the clock must ring next (it may lie in the past), or None when nothing is owed any more."""
    return min((_try_at(promise, each) for each in upcoming(promise)), default=None)


def next_moment(promise: Promise, after: datetime) -> datetime | None:
    """Return the first promised contact moment later than `after`, apart from the due time itself."""
    named = [moment for moment in promise.rhythm.at if moment > after]
    if promise.rhythm.every:
        named.append(_first_beat(promise, promise.made_at, promise.rhythm.every, after))
    elif Word.OVERDUE in promise.told and not named:
        named.append(_first_beat(promise, promise.due_at, RHYTHM_ONCE_OVERDUE, after))
    return min(named, default=None)


def next_contact(promise: Promise, after: datetime) -> datetime | None:
    """Return when the customer was told to expect the next word after `after`: None once the promise is over."""
    if promise.is_over:
        return None
    moment = next_moment(promise, after)
    if promise.due_at > after:
        return min(moment, promise.due_at) if moment else promise.due_at
    if moment is None:
        return _first_beat(promise, promise.due_at, RHYTHM_ONCE_OVERDUE, after)
    return moment


def _once(promise: Promise, word: Word, at: datetime | None) -> tuple[Obligation, ...]:
    return () if word in promise.told or at is None else _owe(promise, word, at)


def _owe(promise: Promise, word: Word, at: datetime) -> tuple[Obligation, ...]:
    return (Obligation(promise.id, word, promise.notices.get(word, 0) + 1, at),)


def _try_at(promise: Promise, obligation: Obligation) -> datetime:
    trying = promise.trying
    if trying and trying.word is obligation.word and trying.retry_at:
        return max(trying.retry_at, obligation.due_at)
    return obligation.due_at


def _first_beat(promise: Promise, start: datetime, every: Duration, after: datetime) -> datetime:
    """Return the first `start + k * every` (k = 1, 2, ...) later than `after`, without walking all beats before it."""
    longest = timedelta(days=every.days + every.working_days * 7, seconds=every.seconds) + timedelta(hours=1)
    times = max(1, (after - start) // longest)
    while (moment := every.after(start, promise.zone, times=times)) <= after:
        times += 1
    return moment
