"""What time brings by itself: nobody answers a check-in, a due time nears or passes, a call is due, silence decides."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.afresh import afresh
from chalicelib.domain.choices import choose
from chalicelib.domain.claimed import ClaimStatus
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import OF_RECOVERY, Kind, Promise, Status, Word
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
    # A promiser who cannot be asked is as one who does not answer.
    unanswered = promise.leads is not None and not promise.checked_in
    if promise.status is Status.OPEN and unanswered and promise.warn_at and promise.warn_at < promise.due_at:
        yield promise.warn_at, "doubt"
    if promise.contested and promise.contested.call_at:
        yield promise.contested.call_at, "call"
    if promise.claim and promise.claim.warn_at and promise.status is not Status.BROKEN:
        yield promise.claim.warn_at, "warn"
    recovery = promise.recovery
    if recovery is None or not recovery.is_open:
        return
    if recovery.told_at is None and recovery.new_due_at:
        yield recovery.new_due_at, "outdate"
    if recovery.silence_at:
        yield recovery.silence_at, "silence"
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
        case "warn":
            return _warn(change, now)
        case "break":
            return _break(change, now)
        case "outdate":
            return replace(change, promise=_outdated(change.promise, now))
        case "call":
            if change.promise.contested:
                return require_call(change, now, "not_kept", Word.APOLOGY)
            return require_call(change, now, "no_answer")
    return _decide(change, now)


def _warn(change: Change, now: datetime) -> Change:
    """Tell the team that the answer to a claim is due: nobody else is asked about it ahead of time."""
    promise = change.promise
    if promise.claim is None:
        return change
    warned = replace(promise, claim=replace(promise.claim, warn_at=None))
    answer = "review" if promise.claim.status is ClaimStatus.IN_REVIEW else "correction"
    return replace(change, promise=warned).told("TeamWarned", now, answer=answer, due_at=promise.due_at.isoformat())


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
    return replace(change, promise=_bare(broken, broken.seq, now))


def _bare(promise: Promise, seq: int, now: datetime) -> Promise:
    """Open a recovery whose reasons are yet to follow: the promiser is asked for them."""
    bare = Recovery(n=promise.recoveries + 1, seq=seq, opened_at=now, was_broken=True)
    return replace(afresh(promise, {Word.CHECK_IN}), recovery=bare, recoveries=bare.n, checked_in=False)


def _outdated(promise: Promise, now: datetime) -> Promise:
    """Take back a new date that passed before the customer could be told of it.

    They hear that the promise is late, and the promiser is asked anew; while its own due time still lies ahead, the
    recovery is told without a new date.
    """
    if promise.recovery and now < promise.due_at:
        return replace(promise, recovery=replace(promise.recovery, new_due_at=None))
    # What is on its way as of the last fact speaks of the recovery before.
    return _bare(afresh(promise, OF_RECOVERY), promise.seq + 1, now)


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
        later = recovery.from_when_told(now)
        return replace(change, promise=replace(change.promise, recovery=later))
    if recovery is None or recovery.silence is Silence.CALL:
        quiet = replace(recovery, decide_by=None) if recovery else None
        if recovery and recovery.calls and recovery.call_at is None:
            # A person was asked to call already and has not told of it yet: one call decides.
            return replace(change, promise=replace(change.promise, recovery=quiet))
        return require_call(replace(change, promise=replace(change.promise, recovery=quiet)), now, "silence")
    decided = choose(change.promise, Choice(recovery.silence.value), ChosenBy.SILENCE, now)
    return replace(decided, facts=(*change.facts, *decided.facts))
