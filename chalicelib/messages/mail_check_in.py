"""Emails to the promiser, as a colleague would write: is it on track, and what happened?"""

from collections.abc import Callable, Mapping

from chalicelib.messages.given import clean
from chalicelib.messages.letter import Link, Paragraph
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView, Wording


def _subject_of_check_in(view: NoticeView, speech: Speech) -> str:
    return speech.dated("check_in.subject", view.due_at, what=speech.what_in_subject)


def _subject_of_broken(view: NoticeView, speech: Speech) -> str:
    return speech.say(f"{view.wording}.subject", what=speech.what_in_subject)


def _check_in(view: NoticeView, speech: Speech) -> list[Paragraph]:
    answers = tuple(Link(speech.say(f"check_in.link.{each}"), _answer(view, each)) for each in ("on_track", "late"))
    done = Link(speech.say("check_in.link.done"), _answer(view, "done"))
    asked = Paragraph(_lead(view, speech), links=(*answers, done))
    # Once the warning time has passed, the customer is told without another date being named.
    if view.next_contact_at is None or view.next_contact_at <= view.now:
        return [asked, Paragraph(speech.say("check_in.silence"))]
    return [asked, Paragraph(speech.dated("check_in.silence.dated", view.next_contact_at))]


def _broken(view: NoticeView, speech: Speech) -> list[Paragraph]:
    late = Link(speech.say("check_in_broken.link.late"), _answer(view, "late"))
    done = Link(speech.say("check_in.link.done"), _answer(view, "done"))
    return [Paragraph(_lead(view, speech)), Paragraph(speech.say(f"{view.wording}.ask"), links=(late, done))]


def _lead(view: NoticeView, speech: Speech) -> str:
    customer = clean(view.customer_name)
    key = f"{view.wording}.lead.{'named' if customer else 'unnamed'}"
    named = {"customer": customer} if customer else {}
    return speech.dated(key, view.due_at, what=speech.what, **named)


def _answer(view: NoticeView, answer: str) -> str:
    return f"{view.link}&answer={answer}"


SUBJECTS: Mapping[Wording, Callable[[NoticeView, Speech], str]] = {
    Wording.CHECK_IN: _subject_of_check_in,
    Wording.CHECK_IN_BROKEN: _subject_of_broken,
    Wording.CHECK_IN_CONTESTED: _subject_of_broken,
}
BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    Wording.CHECK_IN: _check_in,
    Wording.CHECK_IN_BROKEN: _broken,
    Wording.CHECK_IN_CONTESTED: _broken,
}
