"""Compose: decide what a notice may say, and have it put into words."""

from datetime import datetime, timedelta

from chalicelib.domain.moments import next_contact
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.people import Channel, Customer, Promiser
from chalicelib.domain.promise import Kind, Promise, Word
from chalicelib.messages.views import NewsLine, NoticeView, Wording
from chalicelib.security.links import Purpose, Subject, sign
from chalicelib.usecases.ports import EmailMessage, SmsMessage
from chalicelib.usecases.services import Services

# A customer may come back to a message long after the matter is over; a season is enough, and bounds a leaked link.
LINK_LIFE = timedelta(days=90)

NOTICE_CODE = {
    Word.CONFIRMATION: "c",
    Word.UPDATE: "u",
    Word.OVERDUE: "o",
    Word.CLOSING: "k",
    Word.WITHDRAWN: "w",
}


def wording_of(promise: Promise, word: Word) -> Wording:
    """Return which text says this word, given how the promise stands."""
    if word is Word.UPDATE:
        return Wording.UPDATE_NEWS if promise.news else Wording.UPDATE_NO_NEWS
    if word is Word.CLOSING:
        return Wording.CLOSING_LATE if promise.is_late else Wording.CLOSING
    return {
        Word.CONFIRMATION: Wording.CONFIRMATION,
        Word.OVERDUE: Wording.OVERDUE,
        Word.WITHDRAWN: Wording.WITHDRAWN,
    }[word]


def compose(
    promise: Promise,
    obligation: Obligation,
    channel: Channel,
    customer: Customer,
    promiser: Promiser | None,
    now: datetime,
    services: Services,
) -> EmailMessage | SmsMessage:
    """Return the message that meets `obligation` as of `now`, with its signed link to the promise page."""
    notice_id = obligation.notice_id
    address = customer.address(channel)
    if address is None:
        raise ValueError(f"notice {notice_id} has no address on {channel}")
    view = NoticeView(
        wording=wording_of(promise, obligation.word),
        is_attempt=promise.kind is Kind.ATTEMPT,
        locale=customer.locale,
        zone=promise.zone,
        brand=services.rules.brand,
        now=now,
        what=promise.what,
        due_at=promise.due_at,
        next_contact_at=next_contact(promise, now),
        link=page_link(promise, obligation, now, services),
        customer_name=customer.name,
        promiser_name=promiser.name if promiser else None,
        promiser_team=promiser.team if promiser else None,
        news=tuple(NewsLine(each.at, each.note) for each in promise.news),
        note=promise.end_note,
        order=promise.about.get("order"),
        amount=promise.about.get("amount"),
        currency=promise.about.get("currency"),
    )
    if channel is Channel.SMS:
        return SmsMessage(address, services.texts.sms(view), notice_id, promise.id)
    text = services.texts.email(view)
    return EmailMessage(address, customer.name, text.subject, text.text, text.html, notice_id, promise.id)


def page_link(promise: Promise, obligation: Obligation, now: datetime, services: Services) -> str:
    """Return the address of the promise page, signed for the notice that carries it."""
    subject = Subject(promise.id, f"{NOTICE_CODE[obligation.word]}{obligation.n}")
    expires_at = max(promise.due_at, now) + LINK_LIFE
    return f"{services.rules.public_url}/p?t={sign(services.secrets.link_keys(), Purpose.PAGE, subject, expires_at)}"
