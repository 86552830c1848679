"""The contact moments that were promised: when the next update comes, and by when the customer hears next."""

from datetime import datetime, timedelta

from chalicelib.domain.durations import Duration
from chalicelib.domain.promise import Promise, Word

# Once the due time has passed, or with it the time to decide, a promise without a rhythm of its own is spoken of daily:
# silence would break it twice.
RHYTHM_ONCE_OVERDUE = Duration(days=1)


def next_moment(promise: Promise, after: datetime) -> datetime | None:
    """Return the first promised contact moment later than `after`, apart from the due time itself."""
    if contested := promise.contested:
        # A closing has ended the rhythm that was promised; whoever says no to it is spoken to daily.
        return _first_beat(promise, contested.opened_at, RHYTHM_ONCE_OVERDUE, after)
    named = [moment for moment in promise.rhythm.at if moment > after]
    if promise.rhythm.every:
        named.append(_first_beat(promise, promise.made_at, promise.rhythm.every, after))
    elif (Word.OVERDUE in promise.told or _is_left_open(promise)) and not named:
        named.append(_first_beat(promise, promise.due_at, RHYTHM_ONCE_OVERDUE, after))
    return min(named, default=None)


def next_contact(promise: Promise, after: datetime) -> datetime | None:
    """Return when the customer was told to expect the next word after `after`: None once the promise is over."""
    if promise.is_over:
        return None
    recovery = promise.recovery
    moments = [next_moment(promise, after)]
    if recovery and recovery.is_open:
        moments.append(recovery.decide_by if recovery.decide_by and recovery.decide_by > after else None)
    elif promise.due_at > after and not promise.contested:
        moments.append(promise.due_at)
    known = [moment for moment in moments if moment]
    return min(known) if known else _first_beat(promise, promise.due_at, RHYTHM_ONCE_OVERDUE, after)


def _is_left_open(promise: Promise) -> bool:
    """Tell whether the customer has yet to choose, and the time by which silence would decide is over."""
    recovery = promise.recovery
    return recovery is not None and recovery.is_open and recovery.decide_by is None


def _first_beat(promise: Promise, start: datetime, every: Duration, after: datetime) -> datetime:
    """Return the first `start + k * every` (k = 1, 2, ...) later than `after`, without walking all beats before it."""
    longest = timedelta(days=every.days + every.working_days * 7, seconds=every.seconds) + timedelta(hours=1)
    times = max(1, (after - start) // longest)
    while (moment := every.after(start, promise.zone, times=times)) <= after:
        times += 1
    return moment
