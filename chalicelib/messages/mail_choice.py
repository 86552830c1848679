"""Emails that confirm a choice: what was chosen, what happens next, the reference, and how to think again."""

from collections.abc import Callable, Mapping

from chalicelib.messages import choice_words
from chalicelib.messages.letter import Paragraph
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView, RecoveryView, Wording


def _subject_of_stay(view: NoticeView, speech: Speech) -> str:
    return speech.dated(f"{view.wording}.subject", view.due_at, what=speech.what_in_subject)


def _subject_of_cancel(view: NoticeView, speech: Speech) -> str:
    return speech.say(f"{view.wording}.subject", what=speech.what_in_subject)


def _stay(view: NoticeView, speech: Speech) -> list[Paragraph]:
    lead = speech.say(f"{view.wording}.lead", what=speech.what)
    term = speech.dated("confirmation.term.promise", view.due_at)
    thanks = speech.say(f"{view.wording}.thanks")
    recovery = view.recovery
    granted = [Paragraph(speech.say("stay.granted"), (choice_words.offer(recovery, speech),))] if recovery else []
    return [Paragraph(f"{lead} {term}"), *granted, *_reference(recovery, speech, "stay.change"), Paragraph(thanks)]


def _cancel(view: NoticeView, speech: Speech) -> list[Paragraph]:
    lead = speech.say(f"{view.wording}.lead", what=speech.what)
    after, sorry = speech.say("cancel.after"), speech.say(f"cancel.sorry.{speech.signed}")
    may_change = view.recovery is not None and view.recovery.may_change
    last = [] if may_change else [Paragraph(speech.say("withdrawn.last"))]
    told = _reference(view.recovery, speech, "cancel.change")
    return [Paragraph(f"{lead} {after}"), Paragraph(sorry), *told, *last]


def _reference(recovery: RecoveryView | None, speech: Speech, change: str) -> list[Paragraph]:
    if recovery is None:
        return []
    said = speech.say("choice.reference", reference=recovery.reference)
    return [Paragraph(f"{said} {speech.say(change)}" if recovery.may_change else said)]


SUBJECTS: Mapping[Wording, Callable[[NoticeView, Speech], str]] = {
    Wording.STAY_CONFIRMED: _subject_of_stay,
    Wording.STAY_BY_SILENCE: _subject_of_stay,
    Wording.CANCEL_CONFIRMED: _subject_of_cancel,
    Wording.CANCEL_BY_SILENCE: _subject_of_cancel,
}
BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    Wording.STAY_CONFIRMED: _stay,
    Wording.STAY_BY_SILENCE: _stay,
    Wording.CANCEL_CONFIRMED: _cancel,
    Wording.CANCEL_BY_SILENCE: _cancel,
}
