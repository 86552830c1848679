"""Text messages of a promise's plain course, and of a due time that passed: the ways to say each, the fullest first."""

from chalicelib.messages.gsm import sayable
from chalicelib.messages.names import first_name
from chalicelib.messages.sms_draft import SHORTEST_NOTE, Draft, about, joined, next_words, noted, plain
from chalicelib.messages.speech import Speech, notes, wording_of
from chalicelib.messages.views import NoticeView, Wording

_CLOSINGS = {Wording.CLOSING, Wording.CLOSING_LATE}


def course(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say a notice after which another word comes."""
    wording = wording_of(view)
    following, tersely, shortest = next_words(view, speech)
    if wording is Wording.UPDATE_NEWS:
        latest = sayable(notes(view.news)[0][1])
        return [
            Draft(lambda words: joined(words, following), latest, SHORTEST_NOTE),
            Draft(lambda words: joined(words, tersely), latest, SHORTEST_NOTE),
            Draft(lambda words: joined(words, shortest), latest, 1),
            # News that text messages have no letters for stand on the page behind the link.
            *(plain(each) for each in (following, tersely, shortest)),
        ]
    fullest = []
    if wording is Wording.UPDATE_NO_NEWS and (promiser := sayable(first_name(view.promiser_name))):
        on_it = speech.say("sms.on_it", promiser=promiser)
        fullest = [about(lambda what: joined(_main(view, speech, "full", what), on_it, following), speech)]
    # Two moments of another year beside a long link: the one when the next word comes is the one to keep.
    least = [plain(_main(view, speech, "least"), shortest)] if wording is Wording.CONFIRMATION else []
    return [
        *fullest,
        about(lambda what: joined(_main(view, speech, "full", what), following), speech),
        plain(_main(view, speech, "short"), following),
        plain(_main(view, speech, "terse"), following),
        plain(_main(view, speech, "terse"), tersely),
        plain(_main(view, speech, "terse"), shortest),
        *least,
    ]


def ending(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say that it is kept or taken back, after which no further word comes.

    A closing asks how it was, right before the link to the page that takes the answer; where that would cost a second
    part, the page asks alone.
    """
    note = noted(view.note)
    asked = speech.say("sms.feedback.ask") if wording_of(view) in _CLOSINGS else ""
    with_note = [
        about(lambda what: joined(_main(view, speech, "full", what), note, asked), speech),
        Draft(lambda words: joined(_main(view, speech, "short"), words, asked), note, SHORTEST_NOTE),
        Draft(lambda words: joined(_main(view, speech, "short"), words), note, SHORTEST_NOTE),
    ]
    return [
        *(with_note if note else []),
        about(lambda what: joined(_main(view, speech, "full", what), asked), speech),
        plain(_main(view, speech, "short"), asked),
        *([plain(_main(view, speech, "short"))] if asked else []),
    ]


def _main(view: NoticeView, speech: Speech, length: str, what: str = "") -> str:
    wording = wording_of(view)
    if wording is Wording.UPDATE_NO_NEWS:
        return speech.say(f"sms.{wording}.{length}", what=what)
    # Where a next word follows, it names the zone for both.
    zone = speech.zone if view.next_contact_at is None else None
    return speech.dated_shortly(f"sms.{wording}.{speech.kind}.{length}", view.due_at, zone=zone, what=what)
