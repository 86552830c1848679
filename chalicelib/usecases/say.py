"""Say: meet one obligation by one notice, the way money is moved: claim, send, record."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.delivery import (
    Sending,
    Spoken,
    after_sending,
    choose_channel,
    give_up_channel,
    unreachable,
)
from chalicelib.domain.notices import CLAIMED, Attempt, Notice, Outcome
from chalicelib.domain.obligations import Obligation, owed
from chalicelib.domain.people import Channel, Customer, Promiser
from chalicelib.domain.promise import Promise, Trying, Word
from chalicelib.domain.receipts import Delivery
from chalicelib.security.reply_keys import reply_key
from chalicelib.usecases import arm
from chalicelib.usecases.compose import compose, link_expires_at
from chalicelib.usecases.ports import EmailMessage, Sent, SmsMessage
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Commit, Committed, ReplyRoute, SentAs, StoreUnavailable
from chalicelib.usecases.take_receipts import IDS_KEPT, Report, take_receipts
from chalicelib.usecases.wordings import wording_of

_log = logging.getLogger(__name__)

ASKS_FOR_A_DIGIT = {Word.RECOVERY, Word.REMINDER, Word.REMINDER_ELSEWHERE}


@dataclass(frozen=True, slots=True)
class Said:
    """How it went: the send's outcome (None: nothing was sent), whether another worker is on it right now, whether it
    was sent once more because nobody knew what became of the first send, and whether the provider asked to wait."""

    outcome: Outcome | None = None
    held_by_another: bool = False
    resent: bool = False
    held_back: bool = False


def say(promise: Promise, obligation: Obligation, now: datetime, services: Services) -> Said:
    """Meet `obligation`, owed by `promise` at `now`.

    1. Claim the notice. Losing the race is not an error: another is sending it. A holder that vanished leaves an
       unknown send behind, which is recorded as such and handled by its own rule.
    2. Read the state again: a word that is not owed any more is not said, and the claim is released.
    3. Send, once, unless the lease is over by now.
    4. Record what became of it, on whatever the promise has become meanwhile.

    A crash after 1 leaves a claim that lapses. Raises StoreUnavailable when the store fails.
    """
    customer, promiser = _people(promise, now, services)
    channel = choose_channel(promise, obligation.word, customer, promiser)
    if channel is None:
        change = unreachable(promise, obligation, now)
        arm.store(change, Commit(change.promise, None), now, services)
        return Said()
    notice = _notice(promise, obligation, channel, now, services)
    held = services.store.claim(notice)
    if held is not None:
        return _meet_holder(held, now, services)
    fresh = _still_owing(promise.id, obligation, services)
    if fresh is None:
        services.store.release(notice)
        return Said()
    as_of = services.system.now()
    notice = replace(
        notice,
        wording=wording_of(fresh, obligation.word).value,
        as_of=as_of,
        news_seq=fresh.seq,
        news=tuple(each.seq for each in fresh.news),
    )
    try:
        message = compose(fresh, obligation, channel, customer, promiser, as_of, services)
        route = None if _is_over(notice, services) else _expect_reply(message, fresh, obligation.word, as_of, services)
    except Exception:
        services.store.release(notice)
        raise
    if _is_over(notice, services):
        services.store.release(notice)
        _forget(route, promise.id, services)
        return Said()
    sent = _send(message, services)
    spoken = Spoken(obligation, channel, as_of, fresh.seq, notice.wording, notice.news)
    other = choose_channel(give_up_channel(fresh, spoken), obligation.word, customer, promiser)
    sending = _sending(sent, services.system.now(), services, elsewhere=other is not None)
    _record(Commit(fresh, None, notice=notice), spoken, sent, sending, services, route)
    was_unknown = fresh.trying.get(obligation.word, Trying()).unknowns > 0
    # What was certainly not taken was not sent once more either: that is still to come.
    resent = was_unknown and sent.outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN}
    return Said(sent.outcome, resent=resent, held_back=sent.hold is not None)


def _people(promise: Promise, now: datetime, services: Services) -> tuple[Customer | None, Promiser | None]:
    """Return customer and promiser as they may be written to now: without addresses that are marked as bad."""
    customer = services.store.customers([promise.customer_ref]).get(promise.customer_ref)
    customer = customer.reachable(now) if customer else None
    if promise.promiser_ref is None:
        return customer, None
    promiser = services.store.promisers([promise.promiser_ref]).get(promise.promiser_ref)
    return customer, promiser.reachable(now) if promiser else None


def _notice(promise: Promise, obligation: Obligation, channel: Channel, now: datetime, services: Services) -> Notice:
    return Notice(
        promise_id=promise.id,
        word=obligation.word,
        n=obligation.n,
        channel=channel,
        due_at=obligation.due_at,
        token=services.system.token(),
        claimed_at=now,
        lease_until=now + services.rules.lease,
        wording=wording_of(promise, obligation.word).value,
        news_seq=promise.seq,
        news=tuple(each.seq for each in promise.news),
    )


def _meet_holder(held: Notice, now: datetime, services: Services) -> Said:
    """Leave the notice to its holder, or, when the holder has vanished, record that nobody knows what became of it."""
    if not held.lapsed(now):
        return Said(held_by_another=held.status == CLAIMED)
    promise = services.store.load([held.promise_id]).get(held.promise_id)
    if promise is None:
        return Said(held_by_another=True)
    return Said(Outcome.UNKNOWN) if record_vanished(promise, held, services) else Said()


def record_vanished(promise: Promise, held: Notice, services: Services) -> bool:
    """Record that nobody knows what became of a notice whose holder vanished; tell whether that was still so.

    Raises StoreUnavailable.
    """
    obligation = Obligation(held.promise_id, held.word, held.n, held.due_at)
    # What it said of news is unknown too: telling a piece of news again is better than never telling it.
    spoken = Spoken(obligation, held.channel, held.claimed_at, 0, held.wording)
    vanished = Sent(Outcome.UNKNOWN, reason="the worker vanished")
    sending = _sending(vanished, held.claimed_at, services)
    return _record(Commit(promise, None, notice=held), spoken, vanished, sending, services)


def _still_owing(promise_id: str, obligation: Obligation, services: Services) -> Promise | None:
    promise = services.store.load([promise_id]).get(promise_id)
    if promise is None:
        return None
    due = owed(promise, services.system.now())
    return promise if any((each.word, each.n) == (obligation.word, obligation.n) for each in due) else None


def _send(message: EmailMessage | SmsMessage, services: Services) -> Sent:
    return services.email.send(message) if isinstance(message, EmailMessage) else services.sms.send(message)


def _is_over(notice: Notice, services: Services) -> bool:
    """Tell whether a notice's lease is over: another may be on it, and what was to be said may be outdated."""
    return services.system.now() >= notice.lease_until


def _forget(route: ReplyRoute | None, promise_id: str, services: Services) -> None:
    """Take back where replies belong, if the customer was erased while their message was under way."""
    if route is None:
        return
    promise = services.store.load([promise_id]).get(promise_id)
    if promise is None or promise.is_erased:
        services.store.remove_reply_route(route.key)


def _expect_reply(
    message: EmailMessage | SmsMessage, promise: Promise, word: Word, now: datetime, services: Services
) -> ReplyRoute | None:
    """Store where a reply to this message belongs, if it is a text message that asks for one: as long as its link.

    Before it is sent: whoever answers at once, or after a crash that left no record of it, must be understood.
    """
    if word not in ASKS_FOR_A_DIGIT or isinstance(message, EmailMessage):
        return None
    key = reply_key(services.secrets.link_keys()[-1], message.to)
    route = ReplyRoute(key, message.promise_id, link_expires_at(promise, now))
    services.store.set_reply_route(route)
    return route


def _sending(sent: Sent, at: datetime, services: Services, *, elsewhere: bool = False) -> Sending:
    return Sending(
        sent.outcome, at, services.rules.quiet_window, services.system.jitter(), sent.hold, elsewhere=elsewhere
    )


def _record(
    commit: Commit,
    spoken: Spoken,
    sent: Sent,
    sending: Sending,
    services: Services,
    route: ReplyRoute | None = None,
) -> bool:
    """Record a send on the promise as it stands by now; the notice of `commit` is the one that was claimed.

    Tell whether it was recorded: not if another worker or a receipt has settled the notice meanwhile.

    1. Store whose the provider's id is: beside the record and not in it, as a receipt nearly always brings the notice's
       own id, and before it, so that a crash in between leaves an unknown send that any receipt can settle.
    2. Record; where 1 failed, together with it.
    3. Take the receipts that came before. They stay where they are: where 3 failed, the next report on the message
       brings them, or a reconcile.

    Whoever was erased while the message was on its way has no `route` back either.
    """
    promise, notice = commit.promise, commit.notice
    if notice is None:
        raise ValueError("a send is recorded on its notice")
    attempt = Attempt(sending.at, spoken.channel, sent.outcome, sent.provider_id, sent.reason)
    done = replace(notice, status=sent.outcome.value, attempts=(*notice.attempts, attempt))
    early, unsaid = _remember(sent, notice, services)
    for _ in range(arm.MOST_RACES):
        change = after_sending(promise, spoken, sending)
        recorded = replace(commit, notice=done, notice_was=CLAIMED, sent_as=unsaid)
        outcome = arm.store(change, recorded, services.system.now(), services)
        if outcome is not Committed.STALE:
            break
        promise = services.store.load([promise.id])[promise.id]
    else:
        raise StoreUnavailable("the promise kept changing while its notice was recorded")
    if outcome is Committed.FENCED:
        _log.warning("notice %s was settled by another worker or a receipt, whose record stands", notice.id)
        _forget(route, promise.id, services)
    elif route and promise.is_erased:
        services.store.remove_reply_route(route.key)
    take_receipts([Report(each, notice.id) for each in early.receipts], services)
    return outcome is Committed.DONE


def _remember(sent: Sent, notice: Notice, services: Services) -> tuple[Delivery, SentAs | None]:
    """Store whose the provider's id is; return the receipts that came before, and what could not be stored."""
    if sent.outcome is not Outcome.ACCEPTED or not sent.provider_id:
        return Delivery(), None
    sent_as = SentAs(sent.provider_id, notice.id, services.system.now() + IDS_KEPT)
    try:
        return services.store.remember(sent_as), None
    except StoreUnavailable:
        _log.warning("a provider's id of notice %s could not be remembered yet", notice.id)
        return Delivery(), sent_as
