"""Emails: the news first, then what it is about, then the next word; the same words in plain text and in HTML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.messages.given import begun, clean, sentence, shorten
from chalicelib.messages.money import money
from chalicelib.messages.names import first_name
from chalicelib.messages.phrases import MissingPhrase
from chalicelib.messages.rendering import render
from chalicelib.messages.speech import LAST_WORDS, Speech, notes, wording_of
from chalicelib.messages.views import EmailText, NoticeView, Wording

# A list of emails shows some 40 characters of a subject on a phone and 90 on a desk: the news goes first, and is long.
_SUBJECT_NOTE = 90
_SUBJECT_WHAT = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, and the list under it if there is one."""

    text: str
    items: tuple[str, ...] = ()


def email(view: NoticeView) -> EmailText:
    """Return the email that says a notice: one-line subject, plain text, and HTML that says the same."""
    subject = _subject(view, Speech(view))
    speech = Speech(view)
    parts = {
        "tag": speech.tag,
        "subject": subject,
        "greeting": _greeting(view, speech),
        "paragraphs": [*_body(view, speech), *_next_word(view, speech)],
        "link": view.link,
        "link_text": speech.say("link.over" if view.wording in LAST_WORDS else "link.open"),
        "signoff": speech.say("signoff"),
        "signature": _signature(view, speech),
    }
    return EmailText(subject, render("email.txt", **parts), render("email.html", **parts))


def _subject(view: NoticeView, speech: Speech) -> str:
    what = shorten(speech.what, _SUBJECT_WHAT)
    wording = wording_of(view)
    if wording is Wording.UPDATE_NEWS:
        latest = notes(view.news)[0][1]
        return speech.say("update_news.subject", note=shorten(latest.removesuffix("."), _SUBJECT_NOTE), what=what)
    if wording is Wording.UPDATE_NO_NEWS:
        return speech.say("update_no_news.subject", what=what)
    return speech.dated(f"{wording}.subject.{speech.kind}", view.due_at, what=what)


def _greeting(view: NoticeView, speech: Speech) -> str:
    name = first_name(view.customer_name)
    return speech.say("greeting.named", name=name) if name else speech.say("greeting.plain")


def _body(view: NoticeView, speech: Speech) -> list[Paragraph]:
    try:
        return _BODIES[wording_of(view)](view, speech)
    except KeyError as unwritten:
        raise MissingPhrase(f"no email is written for {view.wording}") from unwritten


def _confirmation(view: NoticeView, speech: Speech) -> list[Paragraph]:
    term = speech.dated(f"confirmation.term.{speech.kind}", view.due_at)
    return [Paragraph(f"{_lead(view, speech)} {term}"), *_about(view, speech)]


def _update_news(view: NoticeView, speech: Speech) -> list[Paragraph]:
    about = speech.say("about.what", what=speech.what)
    return [*_news(view, speech), Paragraph(f"{about} {_standing(view, speech)}")]


def _update_no_news(view: NoticeView, speech: Speech) -> list[Paragraph]:
    lead, still = speech.say("update_no_news.lead", what=speech.what), speech.say(f"on_it.{speech.signed}")
    return [Paragraph(f"{lead} {still}"), Paragraph(_standing(view, speech))]


def _closing(view: NoticeView, speech: Speech) -> list[Paragraph]:
    thanks = speech.say(f"closing.thanks.{speech.kind}")
    return _ending(view, speech, f"{speech.dated(f'closing.term.{speech.kind}', view.due_at)} {thanks}")


def _closing_late(view: NoticeView, speech: Speech) -> list[Paragraph]:
    term = speech.dated(f"closing_late.term.{speech.kind}.{speech.signed}", view.due_at)
    return _ending(view, speech, f"{term} {speech.say('closing_late.thanks')}")


def _withdrawn(view: NoticeView, speech: Speech) -> list[Paragraph]:
    term = speech.dated(f"withdrawn.term.{speech.kind}.{speech.signed}", view.due_at)
    return _ending(view, speech, f"{term} {speech.say('withdrawn.last')}")


def _lead(view: NoticeView, speech: Speech) -> str:
    return speech.say(f"{view.wording}.lead.{speech.kind}", what=speech.what)


def _standing(view: NoticeView, speech: Speech) -> str:
    moment = "after" if view.now > view.due_at else "before"
    return speech.dated(f"term.{moment}.{speech.kind}", view.due_at)


def _overdue(view: NoticeView, speech: Speech) -> list[Paragraph]:
    term = speech.dated(f"overdue.term.{speech.kind}", view.due_at)
    sorry = speech.say(f"overdue.sorry.{speech.kind}.{speech.signed}")
    if not view.is_attempt:  # an attempt's term has said that we are still trying
        sorry = f"{sorry} {speech.say(f'on_it.{speech.signed}')}"
    return [Paragraph(f"{_lead(view, speech)} {term}"), *_news(view, speech), Paragraph(sorry)]


def _ending(view: NoticeView, speech: Speech, term: str) -> list[Paragraph]:
    note = sentence(view.note)
    return [Paragraph(_lead(view, speech)), *([Paragraph(note)] if note else []), Paragraph(term)]


def _news(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Return the latest news as a paragraph, and what else is new as a list under the next."""
    told = notes(view.news)
    if not told:
        return []
    older = tuple(
        speech.say("update_news.older", when=begun(speech.calendar.say(at).plain), note=note) for at, note in told[1:]
    )
    more = [Paragraph(speech.say.counted("update_news.more", len(older)), older)] if older else []
    return [Paragraph(told[0][1]), *more]


def _about(view: NoticeView, speech: Speech) -> list[Paragraph]:
    order = clean(view.order)
    if order in speech.what:
        order = ""  # the title names it already
    amount = money(view.amount, view.currency, speech.tag)
    if order and amount:
        return [Paragraph(speech.say("about.order_amount", order=order, amount=amount))]
    if order:
        return [Paragraph(speech.say("about.order", order=order))]
    return [Paragraph(speech.say("about.amount", amount=amount))] if amount else []


def _next_word(view: NoticeView, speech: Speech) -> list[Paragraph]:
    if view.next_contact_at is None:
        return [] if view.wording in LAST_WORDS else [Paragraph(speech.say("next.none"))]
    key = "next.first" if view.wording is Wording.CONFIRMATION else "next.again"
    return [Paragraph(speech.dated(key, view.next_contact_at))]


def _signature(view: NoticeView, speech: Speech) -> list[str]:
    name, team, brand = clean(view.promiser_name), begun(clean(view.promiser_team)), clean(view.brand.name)
    last = speech.say("signature.team", team=team, brand=brand) if team else brand
    return [name, last] if name else [last]


_BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    Wording.CONFIRMATION: _confirmation,
    Wording.UPDATE_NEWS: _update_news,
    Wording.UPDATE_NO_NEWS: _update_no_news,
    Wording.OVERDUE: _overdue,
    Wording.CLOSING: _closing,
    Wording.CLOSING_LATE: _closing_late,
    Wording.WITHDRAWN: _withdrawn,
}
