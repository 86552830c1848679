"""Emails of a promise's plain course: made, spoken of, kept or taken back."""

from collections.abc import Callable, Mapping

from chalicelib.messages.feedback_words import asked
from chalicelib.messages.given import clean, sentence, shorten
from chalicelib.messages.letter import Paragraph, lead, news
from chalicelib.messages.money import money
from chalicelib.messages.page_claimed import term
from chalicelib.messages.speech import SUBJECT_WHAT, Speech, notes, wording_of
from chalicelib.messages.views import NoticeView, Wording

# A list of emails shows some 40 characters of a subject on a phone and 90 on a desk: the news goes first, and is long.
_SUBJECT_NOTE = 90


def _subject(view: NoticeView, speech: Speech) -> str:
    return speech.dated(f"{wording_of(view)}.subject.{speech.kind}", view.due_at, what=speech.what_in_subject)


def _subject_of_news(view: NoticeView, speech: Speech) -> str:
    note = shorten(notes(view.news)[0][1].removesuffix("."), _SUBJECT_NOTE)
    return speech.say("update_news.subject", note=note, what=shorten(speech.what, SUBJECT_WHAT))


def _subject_of_no_news(_: NoticeView, speech: Speech) -> str:
    return speech.say("update_no_news.subject", what=speech.what_in_subject)


def _confirmation(view: NoticeView, speech: Speech) -> list[Paragraph]:
    term = speech.dated(f"confirmation.term.{speech.kind}", view.due_at)
    return [Paragraph(f"{lead(view, speech)} {term}"), *_about(view, speech)]


def _update_news(view: NoticeView, speech: Speech) -> list[Paragraph]:
    about = speech.say("about.what", what=speech.what)
    return [*news(view, speech), Paragraph(f"{about} {_standing(view, speech)}")]


def _update_no_news(view: NoticeView, speech: Speech) -> list[Paragraph]:
    first, still = speech.say("update_no_news.lead", what=speech.what), speech.say(f"on_it.{speech.signed}")
    return [Paragraph(f"{first} {still}"), Paragraph(_standing(view, speech))]


def _closing(view: NoticeView, speech: Speech) -> list[Paragraph]:
    thanks = speech.say(f"closing.thanks.{speech.kind}")
    term = speech.dated(f"closing.term.{speech.kind}", view.due_at)
    return [*_ending(view, speech, f"{term} {thanks}"), asked(view, speech)]


def _closing_late(view: NoticeView, speech: Speech) -> list[Paragraph]:
    term = speech.dated(f"closing_late.term.{speech.kind}.{speech.signed}", view.due_at)
    return [*_ending(view, speech, f"{term} {speech.say('closing_late.thanks')}"), asked(view, speech)]


def _withdrawn(view: NoticeView, speech: Speech) -> list[Paragraph]:
    term = speech.dated(f"withdrawn.term.{speech.kind}.{speech.signed}", view.due_at)
    return _ending(view, speech, f"{term} {speech.say('withdrawn.last')}")


def _standing(view: NoticeView, speech: Speech) -> str:
    if view.claim:
        return term(view.claim, view.due_at, view.now, speech)
    moment = "after" if view.now > view.due_at else "before"
    return speech.dated(f"term.{moment}.{speech.kind}", view.due_at)


def _ending(view: NoticeView, speech: Speech, term: str) -> list[Paragraph]:
    note = sentence(view.note)
    return [Paragraph(lead(view, speech)), *([Paragraph(note)] if note else []), Paragraph(term)]


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


SUBJECTS: Mapping[Wording, Callable[[NoticeView, Speech], str]] = {
    Wording.CONFIRMATION: _subject,
    Wording.UPDATE_NEWS: _subject_of_news,
    Wording.UPDATE_NO_NEWS: _subject_of_no_news,
    Wording.CLOSING: _subject,
    Wording.CLOSING_LATE: _subject,
    Wording.WITHDRAWN: _subject,
}
BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    Wording.CONFIRMATION: _confirmation,
    Wording.UPDATE_NEWS: _update_news,
    Wording.UPDATE_NO_NEWS: _update_no_news,
    Wording.CLOSING: _closing,
    Wording.CLOSING_LATE: _closing_late,
    Wording.WITHDRAWN: _withdrawn,
}
