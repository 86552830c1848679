"""Emails that say what no promiser has told us: that a promise is in doubt, that its time has passed unkept, and that
the customer does not find it kept."""

from collections.abc import Callable, Mapping

from chalicelib.messages.apology_words import asking
from chalicelib.messages.letter import Paragraph, lead, news
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView, Wording


def _subject_of_doubt(_: NoticeView, speech: Speech) -> str:
    return speech.say("doubt.subject", what=speech.what_in_subject)


def _subject_of_overdue(_: NoticeView, speech: Speech) -> str:
    return speech.say(f"overdue.subject.{speech.kind}", what=speech.what_in_subject)


def _subject_of_apology(_: NoticeView, speech: Speech) -> str:
    return speech.say("apology.subject", what=speech.what_in_subject)


def _doubt(view: NoticeView, speech: Speech) -> list[Paragraph]:
    first, term = speech.say("doubt.lead", what=speech.what), speech.dated("doubt.term", view.due_at)
    return [Paragraph(first), Paragraph(term), *news(view, speech), Paragraph(speech.say("doubt.sorry"))]


def _overdue(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Own a due time that passed. An attempt is simply still being tried; a promise may be cancelled at once."""
    first = f"{lead(view, speech)} {speech.dated(f'overdue.term.{speech.kind}', view.due_at)}"
    told = news(view, speech)
    if view.is_attempt:
        return [Paragraph(first), *told, Paragraph(speech.say(f"overdue.sorry.attempt.{speech.signed}"))]
    sorry = speech.say("overdue.sorry.promise")
    why = sorry if told else f"{sorry} {speech.say('overdue.why')}"
    return [Paragraph(first), *told, Paragraph(why), Paragraph(speech.say("overdue.cancel"))]


def _apology(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Own what the customer told us, before anybody has told us why; it may be cancelled at once."""
    first = f"{speech.say('apology.lead', what=speech.what)} {asking(view, speech)}"
    return [Paragraph(first), Paragraph(speech.say("overdue.cancel"))]


SUBJECTS: Mapping[Wording, Callable[[NoticeView, Speech], str]] = {
    Wording.DOUBT: _subject_of_doubt,
    Wording.OVERDUE: _subject_of_overdue,
    Wording.APOLOGY: _subject_of_apology,
}
BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    Wording.DOUBT: _doubt,
    Wording.OVERDUE: _overdue,
    Wording.APOLOGY: _apology,
}
