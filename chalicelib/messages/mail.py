"""Emails: the news first, then what it is about, then the next word; the same words in plain text and in HTML."""

from collections.abc import Callable, Mapping

from chalicelib.messages import mail_check_in, mail_choice, mail_claims, mail_course, mail_recovery, mail_trouble
from chalicelib.messages.given import begun, clean
from chalicelib.messages.letter import Link, Paragraph, next_word
from chalicelib.messages.names import first_name
from chalicelib.messages.phrases import MissingPhrase
from chalicelib.messages.rendering import render
from chalicelib.messages.speech import LAST_WORDS, Speech, wording_of
from chalicelib.messages.views import EmailText, NoticeView, Wording

_SUBJECTS: Mapping[Wording, Callable[[NoticeView, Speech], str]] = {
    **mail_course.SUBJECTS,
    **mail_trouble.SUBJECTS,
    **mail_recovery.SUBJECTS,
    **mail_choice.SUBJECTS,
    **mail_claims.SUBJECTS,
    **mail_check_in.SUBJECTS,
}
_BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    **mail_course.BODIES,
    **mail_trouble.BODIES,
    **mail_recovery.BODIES,
    **mail_choice.BODIES,
    **mail_claims.BODIES,
    **mail_check_in.BODIES,
}


def email(view: NoticeView) -> EmailText:
    """Return the email that says a notice: one-line subject, plain text, and HTML that says the same.

    Raises MissingPhrase for a wording that is not written, and for a recovery without its parts.
    """
    wording = wording_of(view)
    if wording not in _BODIES:
        raise MissingPhrase(f"no email is written for {wording}")
    subject = _SUBJECTS[wording](view, Speech(view))
    speech = Speech(view)
    parts = {
        "tag": speech.tag,
        "subject": subject,
        "greeting": _greeting(view, speech),
        "paragraphs": _ended(_BODIES[wording](view, speech), view, speech),
        "signoff": speech.say("signoff"),
        "signature": _signature(view, speech),
    }
    return EmailText(subject, render("email.txt", **parts), render("email.html", **parts))


def _ended(body: list[Paragraph], view: NoticeView, speech: Speech) -> list[Paragraph]:
    """End a letter with the next word and the link to the page, unless it asks for an answer by links of its own."""
    if any(paragraph.links for paragraph in body):
        return body
    return [*body, *next_word(view, speech), Paragraph(links=(Link(_link_text(view, speech), view.link),))]


def _link_text(view: NoticeView, speech: Speech) -> str:
    if view.recovery and view.recovery.choice and view.recovery.may_change and view.wording in mail_choice.BODIES:
        return speech.say("link.choice")
    return speech.say("link.over" if view.wording in LAST_WORDS else "link.open")


def _greeting(view: NoticeView, speech: Speech) -> str:
    name = first_name(view.promiser_name if speech.to_promiser else view.customer_name)
    return speech.say("greeting.named", name=name) if name else speech.say("greeting.plain")


def _signature(view: NoticeView, speech: Speech) -> list[str]:
    brand = clean(view.brand.name)
    if speech.to_promiser or view.wording in mail_claims.BODIES:
        return [brand]
    name, team = clean(view.promiser_name) if speech.signed == "person" else "", begun(clean(view.promiser_team))
    last = speech.say("signature.team", team=team, brand=brand) if team else brand
    return [name, last] if name else [last]
