"""The customer's choice: stay renews the promise and grants the offer, cancel ends it; it stands until they rethink."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.afresh import afresh
from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import OF_DUE_TIME, Leads, Promise, Status, Word
from chalicelib.domain.recovery import Choice, ChosenBy, Concession, Recovery, Silence, concession_code

# A customer who stays without a new date having been given hears how it went within a week.
RENEWAL = timedelta(days=7)
# There is no time to ask a promiser about a date so near, nor for them to answer.
SHORTEST_ASKED_ABOUT = timedelta(hours=1)


def choose(promise: Promise, choice: Choice, by: ChosenBy, now: datetime) -> Change:
    """Record a choice. The same choice again changes nothing; another one takes its place until it is final.

    Raises NotPossibleAnyMore when there is nothing to choose, or when it is too late to think again.
    """
    recovery = promise.recovery
    if promise.status in {Status.KEPT, Status.WITHDRAWN}:
        raise NotPossibleAnyMore(f"the promise is already {promise.status}: there is nothing left to choose")
    if recovery is None:
        raise NotPossibleAnyMore("the promise stands as it was made: there is nothing to choose")
    if recovery.choice is choice:
        return Change(promise)
    if recovery.final:
        raise NotPossibleAnyMore("the choice is final")
    if recovery.parts is None and promise.claim:
        raise NotPossibleAnyMore("a claim whose answer is late is not cancelled: it is still to be answered")
    if recovery.parts is None and choice is Choice.STAY:
        raise NotPossibleAnyMore("there is no new date to stay for yet")
    chosen = replace(
        recovery,
        choice=choice,
        choice_seq=promise.seq + 1,
        chosen_at=now,
        chosen_by=by,
        acknowledged=True,
        call_at=None,
    )
    settled = afresh(replace(promise, recovery=chosen), {Word.CHOICE})
    settled = _renew(settled, chosen, now) if choice is Choice.STAY else _cancel(settled, now)
    change = Change(settled).told(
        "ChoiceRecorded",
        now,
        choice=choice,
        by=by,
        recovery=recovery.n,
        reference=reference(promise.id, recovery.n),
        due_at=settled.due_at.isoformat() if choice is Choice.STAY else None,
    )
    return _grant_or_void(change, chosen, now)


def heard_otherwise(promise: Promise) -> Change:
    """Take it that the customer answered, but not by a choice: silence cannot decide for them, a call must."""
    recovery = promise.recovery
    if recovery is None or not recovery.is_open or recovery.silence is Silence.CALL:
        return Change(promise)
    return Change(replace(promise, recovery=replace(recovery, silence=Silence.CALL)))


def make_final(promise: Promise, now: datetime) -> Change:
    """Mark the choice final, as the owning service has acted on it. Telling it again changes nothing.

    Raises NotPossibleAnyMore when no choice was made.
    """
    recovery = promise.recovery
    if recovery is None or recovery.choice is None:
        raise NotPossibleAnyMore("no choice was made that could be final")
    if recovery.final:
        return Change(promise)
    final = replace(promise, recovery=replace(recovery, final=True))
    return Change(final).told("ChoiceFinal", now, choice=recovery.choice, recovery=recovery.n)


def reference(promise_id: str, recovery_n: int) -> str:
    """Return the reference of a choice for people to quote: ten characters, the same for each change of mind."""
    return f"{promise_id[:8].upper()}-{recovery_n}"


def _renew(promise: Promise, recovery: Recovery, now: datetime) -> Promise:
    dates = (recovery.new_due_at, promise.due_at)
    due_at = next((each for each in dates if each and each > now), now + RENEWAL)
    return replace(
        afresh(promise, OF_DUE_TIME),
        leads=_drawn_in(promise.leads, due_at - now),
        status=Status.OPEN,
        due_at=due_at,
        due_seq=promise.seq + 1,
        heard_until=max(promise.heard_until, now),
        checked_in=False,
        ended_at=None,
    )


def _drawn_in(leads: Leads | None, length: timedelta) -> Leads | None:
    """Return the leads for a due time so far ahead: the promiser is asked no sooner than half-way, or not at all."""
    if leads is None or length < SHORTEST_ASKED_ABOUT:
        return None
    check_in = min(leads.check_in, length / 2)
    return Leads(check_in, min(leads.warn, check_in / 2))


def _cancel(promise: Promise, now: datetime) -> Promise:
    # What was not told yet is kept: whoever thinks again must hear it.
    return replace(promise, status=Status.CANCELLED, ended_at=now)


def _grant_or_void(change: Change, recovery: Recovery, now: datetime) -> Change:
    """Grant the offer to a customer who stays; void what was granted when they cancel after all."""
    promise = change.promise
    if recovery.parts is None or (recovery.choice is Choice.CANCEL and not recovery.granted_at):
        return change
    void = recovery.choice is Choice.CANCEL
    code = concession_code(promise.id, recovery.n)
    concession = Concession(
        code=code,
        promise_id=promise.id,
        recovery_n=recovery.n,
        customer_ref=promise.customer_ref,
        offer=recovery.parts.offer,
        granted_at=recovery.granted_at or now,
        void=void,
    )
    granted = replace(promise, recovery=replace(recovery, granted_at=concession.granted_at))
    change = replace(change, promise=granted, concession=concession)
    name = "ConcessionVoided" if void else "ConcessionGranted"
    offer = recovery.parts.offer
    return change.told(name, now, code=code, kind=offer.kind, minor_units=offer.minor_units, currency=offer.currency)
