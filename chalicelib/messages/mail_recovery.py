"""Emails that give the choice: the recovery in its eight parts, and the reminder that the choice is still open."""

from collections.abc import Callable, Mapping

from chalicelib.messages import choice_words
from chalicelib.messages.choice_words import parts_of
from chalicelib.messages.letter import Link, Paragraph, next_word
from chalicelib.messages.speech import RECOVERIES, Speech
from chalicelib.messages.views import NoticeView, RecoveryView, Wording


def _subject(view: NoticeView, speech: Speech) -> str:
    new_date = parts_of(view.recovery).new_due_at
    if new_date is None:
        return speech.say(f"{view.wording}.subject", what=speech.what_in_subject)
    return speech.dated(f"{view.wording}.subject.dated", new_date, what=speech.what_in_subject)


def _subject_of_reminder(view: NoticeView, speech: Speech) -> str:
    decide_by = parts_of(view.recovery).decide_by
    if decide_by is None:
        return speech.say("reminder.subject", what=speech.what_in_subject)
    return speech.dated("reminder.subject.dated", decide_by, what=speech.what_in_subject)


def _recovery(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Inform and apologise; explain and say what was done; solve; offer; thank and give the choice; the next word."""
    recovery = parts_of(view.recovery)
    thanks, ask = speech.say("recovery.thanks"), speech.say("choice.ask")
    return [
        Paragraph(speech.dated(f"{view.wording}.lead.{speech.signed}", view.due_at, what=speech.what)),
        Paragraph(choice_words.why(recovery)),
        Paragraph(choice_words.solution(recovery, speech)),
        Paragraph(speech.say("recovery.offer"), (choice_words.offer(recovery, speech),)),
        Paragraph(f"{thanks} {ask}"),
        *_choice(view, recovery, speech),
    ]


def _reminder(view: NoticeView, speech: Speech) -> list[Paragraph]:
    recovery = parts_of(view.recovery)
    solution = choice_words.solution(recovery, speech)
    return [
        Paragraph(speech.say("reminder.lead", what=speech.what)),
        Paragraph(f"{speech.say('reminder.why')} {solution}"),
        Paragraph(speech.say("recovery.offer"), (choice_words.offer(recovery, speech),)),
        *_choice(view, recovery, speech),
    ]


def _choice(view: NoticeView, recovery: RecoveryView, speech: Speech) -> list[Paragraph]:
    both = [
        Paragraph(way.text, links=(Link(way.label, way.link),))
        for way in choice_words.ways(recovery, view.order, speech)
    ]
    silence = choice_words.silence(recovery, speech)
    if recovery.decide_by and view.next_contact_at == recovery.decide_by:
        return [*both, Paragraph(f"{silence} {speech.say('next.then')}")]
    return [*both, Paragraph(silence), *next_word(view, speech)]


SUBJECTS: Mapping[Wording, Callable[[NoticeView, Speech], str]] = {
    **dict.fromkeys(RECOVERIES, _subject),
    Wording.REMINDER: _subject_of_reminder,
}
BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    **dict.fromkeys(RECOVERIES, _recovery),
    Wording.REMINDER: _reminder,
}
