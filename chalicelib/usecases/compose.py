"""Compose: decide what a notice may say, and have it put into words."""

from datetime import datetime, timedelta

from chalicelib.domain.choices import reference
from chalicelib.domain.claimed import ClaimStatus
from chalicelib.domain.moments import next_contact
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.people import Channel, Customer, Promiser
from chalicelib.domain.promise import Kind, Promise, Word
from chalicelib.domain.recovery import Choice, concession_code
from chalicelib.messages.views import ClaimView, NewsLine, NoticeView, OfferView, RecoveryView
from chalicelib.security.links import Purpose, Subject, sign
from chalicelib.usecases.ports import EmailMessage, SmsMessage
from chalicelib.usecases.services import Services
from chalicelib.usecases.wordings import wording_of

# A customer may come back to a message long after the matter is over; a season is enough, and bounds a leaked link.
LINK_LIFE = timedelta(days=90)

NOTICE_CODE = {
    Word.CONFIRMATION: "c",
    Word.UPDATE: "u",
    Word.CHECK_IN: "i",
    Word.DOUBT: "d",
    Word.OVERDUE: "o",
    Word.APOLOGY: "a",
    Word.RECOVERY: "r",
    Word.REMINDER: "m",
    Word.REMINDER_ELSEWHERE: "e",
    Word.CHOICE: "h",
    Word.FINDING: "f",
    Word.CLOSING: "k",
    Word.WITHDRAWN: "w",
}


def compose(
    promise: Promise,
    obligation: Obligation,
    channel: Channel,
    customer: Customer | None,
    promiser: Promiser | None,
    now: datetime,
    services: Services,
) -> EmailMessage | SmsMessage:
    """Return the message that meets `obligation` as of `now`, with its signed link."""
    notice_id = obligation.notice_id
    if obligation.word is Word.CHECK_IN:
        address, name = (promiser.email, promiser.name) if promiser else (None, None)
    else:
        address, name = (customer.address(channel), customer.name) if customer else (None, None)
    if address is None:
        raise ValueError(f"notice {notice_id} has no address on {channel}")
    view = view_of(promise, obligation, customer, promiser, now, services)
    if channel is Channel.SMS:
        return SmsMessage(address, services.texts.sms(view), notice_id, promise.id)
    text = services.texts.email(view)
    return EmailMessage(address, name, text.subject, text.text, text.html, notice_id, promise.id)


def view_of(
    promise: Promise,
    obligation: Obligation,
    customer: Customer | None,
    promiser: Promiser | None,
    now: datetime,
    services: Services,
) -> NoticeView:
    """Return all that the notice which meets `obligation` may say as of `now`."""
    to_promiser = obligation.word is Word.CHECK_IN
    brand = services.rules.brand
    # The person of whom a claim speaks is named in its first answer, and does not sign what follows.
    named = promise.claim is None or obligation.word is Word.CONFIRMATION
    speaker = promiser if named else None
    link = link_to(promise, obligation, now, services)
    amount, currency = amount_of(promise)
    return NoticeView(
        wording=wording_of(promise, obligation.word),
        is_attempt=promise.kind is Kind.ATTEMPT,
        is_expectation=promise.kind is Kind.EXPECTATION,
        is_limit=is_limit(promise, services),
        locale=brand.locale if to_promiser or customer is None else customer.locale,
        zone=brand.time_zone if to_promiser else promise.zone,
        brand=brand,
        now=now,
        what=promise.what,
        due_at=promise.due_at,
        next_contact_at=_answer_by(promise, now) if to_promiser else next_contact(promise, now),
        link=link,
        customer_name=customer.name if customer else None,
        promiser_name=speaker.name if speaker else None,
        promiser_team=speaker.team if speaker else None,
        news=tuple(NewsLine(each.at, each.note) for each in promise.news),
        note=promise.claim.note if promise.claim and obligation.word is Word.FINDING else promise.end_note,
        order=promise.about.get("order"),
        amount=amount,
        currency=currency,
        recovery=recovery_view(promise, link),
        claim=claim_view(promise),
    )


def _answer_by(promise: Promise, now: datetime) -> datetime | None:
    """Return by when the promiser's answer still spares the customer a doubt."""
    return promise.warn_at if promise.warn_at and promise.warn_at > now else None


def recovery_view(promise: Promise, link: str) -> RecoveryView | None:
    """Return what is to be said of the promise's recovery; None without one whose parts are known."""
    recovery = promise.recovery
    if recovery is None or recovery.parts is None:
        return None
    parts = recovery.parts
    code = concession_code(promise.id, recovery.n) if recovery.choice is Choice.STAY else None
    return RecoveryView(
        reason=parts.reason,
        done_so_far=parts.done_so_far,
        solution=parts.solution,
        offer=OfferView(parts.offer.text, code, parts.offer.valid_until),
        silence=recovery.silence.value,
        stay_link=f"{link}&choose=stay",
        cancel_link=f"{link}&choose=cancel",
        reference=reference(promise.id, recovery.n),
        new_due_at=recovery.new_due_at,
        decide_by=recovery.decide_by,
        choice=recovery.choice.value if recovery.choice else None,
        may_change=not recovery.final,
    )


def is_limit(promise: Promise, services: Services) -> bool:
    """Tell whether a promise's due time is but the limit of a word given without a date, as its standard says."""
    return promise.standard is not None and services.rules.standards().limits(promise)


def claim_view(promise: Promise) -> ClaimView | None:
    """Return how the claim that the promise began as was answered; None for every other promise."""
    claim = promise.claim
    if claim is None:
        return None
    answered = claim.status is ClaimStatus.DECLINED or (claim.status is ClaimStatus.RATIFIED and claim.heard is None)
    return ClaimView(
        claim.status.value,
        claim.finding.value if claim.finding else None,
        claim.by_whom,
        claim.when,
        percent=claim.corrects.percent if claim.corrects else None,
        term=claim.corrects.term if claim.corrects else None,
        review=("late" if claim.answered_late else "done") if answered else None,
        again=claim.reopened_at is not None,
    )


def amount_of(promise: Promise) -> tuple[str | None, str | None]:
    """Return the amount that a promise is about, with its currency: of a claim, what must be corrected."""
    corrects = promise.claim.corrects if promise.claim else None
    if corrects:
        return corrects.amount, corrects.currency
    return promise.about.get("amount"), promise.about.get("currency")


def link_expires_at(promise: Promise, now: datetime) -> datetime:
    """Return until when a link, or a reply, that is sent out now opens anything."""
    return max(promise.due_at, now) + LINK_LIFE


def link_to(promise: Promise, obligation: Obligation, now: datetime, services: Services) -> str:
    """Return the address of the page for whom the notice is, signed for the notice that carries it."""
    subject = Subject(promise.id, f"{NOTICE_CODE[obligation.word]}{obligation.n}")
    expires_at = link_expires_at(promise, now)
    to_promiser = obligation.word is Word.CHECK_IN
    purpose, path = (Purpose.CHECK_IN, "c") if to_promiser else (Purpose.PAGE, "p")
    return f"{services.rules.public_url}/{path}?t={sign(services.secrets.link_keys(), purpose, subject, expires_at)}"
