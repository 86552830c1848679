"""Text messages of a promise in doubt, of its recovery and of the choice: the ways to say each, the fullest first.

The choice is asked for by digits, as carriers take words such as CANCEL for an opt-out.
"""

from chalicelib.messages.choice_words import parts_of
from chalicelib.messages.given import clean
from chalicelib.messages.sms_draft import Draft, about, joined, next_word, next_words, plain
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView


def doubt(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say that a promise is in doubt."""
    following, tersely, shortest = next_words(view, speech)
    return [
        about(lambda what: joined(_main(view, speech, "full", what=what), following), speech),
        plain(_main(view, speech, "short"), following),
        plain(_main(view, speech, "short"), tersely),
        plain(_main(view, speech, "short"), shortest),
    ]


def apology(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say that we are sorry, and ask what happened, to who told us that it was not kept."""
    following, tersely = next_word(view, speech), next_word(view, speech, tersely=True)
    return [
        about(lambda what: joined(_main(view, speech, "full", what=what), following), speech),
        plain(_main(view, speech, "short"), following),
        plain(_main(view, speech, "short"), tersely),
        plain(_main(view, speech, "terse"), tersely),
    ]


def recovery(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say what went wrong, the new date, and how to choose; what silence means, where it fits."""
    new_date = parts_of(view.recovery).new_due_at
    dated = speech.dated_shortly("sms.new_date", new_date, zone=speech.zone) if new_date else ""
    tersely = speech.dated_shortly("sms.new_date.terse", new_date) if new_date else ""
    choose, digits = speech.say("sms.choose"), speech.say("sms.choose.terse")
    silence = _silence(view, speech, None if new_date else speech.zone)
    return [
        about(lambda what: joined(_main(view, speech, "full", what=what), dated, choose, silence), speech),
        about(lambda what: joined(_main(view, speech, "full", what=what), dated, choose), speech),
        plain(_main(view, speech, "short"), dated, choose, silence),
        plain(_main(view, speech, "short"), dated, choose),
        plain(_main(view, speech, "short"), dated, digits),
        plain(_main(view, speech, "short"), tersely, digits),
    ]


def reminder(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say that the choice is still open, how to choose, and what silence will mean."""
    choose, digits = speech.say("sms.choose"), speech.say("sms.choose.terse")
    silence, unzoned = _silence(view, speech, speech.zone), _silence(view, speech)
    return [
        about(lambda what: joined(_main(view, speech, "full", what=what), choose, silence), speech),
        plain(_main(view, speech, "short"), choose, silence),
        plain(choose, silence),
        plain(choose, unzoned),
        plain(digits, unzoned),
        plain(_main(view, speech, "short"), digits),
    ]


def stay(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to confirm that it goes on, by when, with the code of what was granted where it fits."""
    granted = view.recovery.offer.code if view.recovery else None
    code = speech.say("sms.code", code=granted) if granted else ""
    following = next_word(view, speech)
    # Where a next word follows, it names the zone for both.
    zone = speech.zone if view.next_contact_at is None else None
    return [
        about(lambda what: joined(_dated(view, speech, "full", zone, what), code, following), speech),
        plain(_dated(view, speech, "short", zone), code, following),
        plain(_dated(view, speech, "short", speech.zone), code),
        plain(_dated(view, speech, "short", None), code),
        plain(_dated(view, speech, "short", speech.zone)),
        plain(_dated(view, speech, "short", None)),
    ]


def cancel(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to confirm that it is called off, with the reference where it fits."""
    given = clean(view.recovery.reference) if view.recovery else ""
    reference = speech.say("sms.reference", reference=given) if given else ""
    return [
        about(lambda what: joined(_main(view, speech, "full", what=what), reference), speech),
        plain(_main(view, speech, "short"), reference),
        plain(_main(view, speech, "short")),
    ]


def _main(view: NoticeView, speech: Speech, length: str, **values: str) -> str:
    return speech.say(f"sms.{view.wording}.{length}", **values)


def _dated(view: NoticeView, speech: Speech, length: str, zone: str | None, what: str = "") -> str:
    return speech.dated_shortly(f"sms.{view.wording}.{length}", view.due_at, zone=zone, what=what)


def _silence(view: NoticeView, speech: Speech, zone: str | None = None) -> str:
    found = parts_of(view.recovery)
    if found.decide_by is None:
        return ""
    return speech.dated_shortly(f"sms.silence.{found.silence}", found.decide_by, zone=zone)
