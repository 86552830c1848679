"""What time brings by itself: nobody answers a check-in, a due time passes, a call becomes due, silence decides."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.choices import choose
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import Kind, Promise, Status, Word
from chalicelib.domain.recovery import MOST_CALLS, Choice, ChosenBy, Recovery, Silence

_STANDING = {Status.OPEN, Status.AT_RISK, Status.BROKEN}


def next_lapse(promise: Promise) -> datetime | None:
    """Return when the promise next changes by itself (it may lie in the past), or None."""
    return min((at for at, _ in _lapses(promise)), default=None)


def lapse(promise: Promise, now: datetime) -> Change:
    """Let everything happen that time has brought by `now`, first things first."""
    change = Change(promise)
    while due := sorted((at, name) for at, name in _lapses(change.promise) if at <= now):
        change = _happen(change, due[0][1], now)
    return change


def _lapses(promise: Promise) -> Iterator[tuple[datetime, str]]:
    if promise.is_erased or promise.status not in _STANDING or promise.kind is Kind.ATTEMPT:
        return
    if promise.status is not Status.BROKEN:
        yield promise.due_at, "break"
    asked = promise.leads is not None and Word.CHECK_IN in promise.told and not promise.checked_in
    if promise.status is Status.OPEN and asked and promise.warn_at and promise.warn_at < promise.due_at:
        yield promise.warn_at, "doubt"
    if promise.contested and promise.contested.call_at:
        yield promise.contested.call_at, "call"
    recovery = promise.recovery
    if recovery is None or not recovery.is_open:
        return
    if recovery.decide_by:
        yield recovery.decide_by, "silence"
    call_at = _call_at(recovery, promise.zone)
    if call_at:
        yield call_at, "call"


def _call_at(recovery: Recovery, zone: ZoneInfo) -> datetime | None:
    """Return when a person must call: once the reminders went unanswered, and again after each call unanswered."""
    if recovery.calls >= MOST_CALLS or recovery.acknowledged:
        return None
    if recovery.calls:
        return recovery.call_at
    steps = recovery.steps(zone)
    return steps[2] if steps else None


def _happen(change: Change, name: str, now: datetime) -> Change:
    match name:
        case "doubt":
            at_risk = replace(change.promise, status=Status.AT_RISK)
            return replace(change, promise=at_risk).told("PromiseAtRisk", now, by="no_answer")
        case "break":
            return _break(change, now)
        case "call":
            if change.promise.contested:
                return require_call(change, now, "not_kept", Word.APOLOGY)
            return require_call(change, now, "no_answer")
    return _decide(change, now)


def _break(change: Change, now: datetime) -> Change:
    """Break the promise; when nobody has opened a recovery, open a bare one: told at once, its reasons to follow."""
    promise = change.promise
    in_recovery = promise.recovery is not None and promise.recovery.is_open and promise.recovery.told_at is not None
    told_before = in_recovery or Word.DOUBT in promise.told
    change = replace(change, promise=replace(promise, status=Status.BROKEN))
    change = change.told("PromiseBroken", now, due_at=promise.due_at.isoformat(), told_before=int(told_before))
    broken = change.promise
    if broken.recovery and broken.recovery.is_open:
        return change
    bare = Recovery(n=broken.recoveries + 1, seq=broken.seq, opened_at=now, was_broken=True)
    told = broken.told - {Word.CHECK_IN}
    return replace(change, promise=replace(broken, recovery=bare, recoveries=bare.n, told=told, checked_in=False))


def require_call(change: Change, now: datetime, reason: str, word: Word = Word.RECOVERY) -> Change:
    """Wake a person: the customer of a recovery must be called."""
    recovery = change.promise.recovery
    if recovery:
        called = replace(recovery, calls=recovery.calls + 1, call_at=None)
        change = replace(change, promise=replace(change.promise, recovery=called))
    return change.told("CallRequired", now, word=word, reason=reason)


def _decide(change: Change, now: datetime) -> Change:
    """Let silence decide, as the notice said it would; a call leaves the choice open.

    Whoever could not be told yet was not silent: they get as long again.
    """
    recovery = change.promise.recovery
    if recovery and recovery.decide_by and recovery.told_at is None:
        later = replace(recovery, decide_by=now + (recovery.decide_by - recovery.opened_at))
        return replace(change, promise=replace(change.promise, recovery=later))
    if recovery is None or recovery.silence is Silence.CALL:
        quiet = replace(recovery, decide_by=None) if recovery else None
        if recovery and recovery.calls and recovery.call_at is None:
            # A person was asked to call already and has not told of it yet: one call decides.
            return replace(change, promise=replace(change.promise, recovery=quiet))
        return require_call(replace(change, promise=replace(change.promise, recovery=quiet)), now, "silence")
    decided = choose(change.promise, Choice(recovery.silence.value), ChosenBy.SILENCE, now)
    return replace(decided, facts=(*change.facts, *decided.facts))
