"""Text messages about a claim: the ways to say each, the fullest first."""

from collections.abc import Callable, Mapping

from chalicelib.messages.sms_draft import SHORTEST_NOTE, Draft, about, joined, next_word, next_words, noted, plain
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView, Wording


def _answered(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say what happens and by when; the next word too where it comes before that."""
    following = "" if view.next_contact_at in {None, view.due_at} else next_word(view, speech)
    if view.wording is not Wording.CLAIM_REVIEW and (view.next_contact_at is None or view.now > view.due_at):
        key = f"sms.{view.wording}.bare"
        return [
            about(lambda what: joined(speech.say(f"{key}.full", what=what), following), speech),
            plain(speech.say(f"{key}.short"), following),
            plain(speech.say(f"{key}.short")),
        ]
    return [
        # Where a next word follows, it names the zone for both.
        about(lambda what: joined(_dated(view, speech, "full", what, zoned=not following), following), speech),
        about(lambda what: _dated(view, speech, "full", what), speech),
        plain(_dated(view, speech, "short", zoned=not following), following),
        plain(_dated(view, speech, "short")),
        plain(_dated(view, speech, "short", zoned=False)),
        plain(_dated(view, speech, "terse", zoned=False)),
    ]


def _late(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say that our answer is late, and when the next word comes."""
    following, tersely, shortest = next_words(view, speech)
    key = f"sms.{view.wording}"
    return [
        about(lambda what: joined(speech.say(f"{key}.full", what=what), following), speech),
        plain(speech.say(f"{key}.short"), following),
        plain(speech.say(f"{key}.terse"), following),
        plain(speech.say(f"{key}.terse"), tersely),
        plain(speech.say(f"{key}.terse"), shortest),
    ]


def _over(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say that it is put right, or not looked into any more, with a word about it where it fits."""
    key, note = f"sms.{view.wording}", noted(view.note)
    with_note = [
        about(lambda what: joined(speech.say(f"{key}.full", what=what), note), speech),
        Draft(lambda words: joined(speech.say(f"{key}.short"), words), note, SHORTEST_NOTE),
    ]
    return [*(with_note if note else []), *_found(view, speech)]


def _mistaken(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say that it was not found; that our answer is late, where it is and where that fits."""
    late = view.claim is not None and view.claim.review == "late"
    return [*(_said(f"sms.{view.wording}.late", speech) if late else []), *_found(view, speech)]


def _found(view: NoticeView, speech: Speech) -> list[Draft]:
    """Return the ways to say what was found; the page that follows says more, and what the customer can do."""
    return _said(f"sms.{view.wording}", speech)


def _said(key: str, speech: Speech) -> list[Draft]:
    return [
        about(lambda what: speech.say(f"{key}.full", what=what), speech),
        plain(speech.say(f"{key}.short")),
    ]


def _dated(view: NoticeView, speech: Speech, length: str, what: str = "", *, zoned: bool = True) -> str:
    zone = speech.zone if zoned else None
    return speech.dated_shortly(f"sms.{view.wording}.{length}", view.due_at, zone=zone, what=what)


DRAFTS: Mapping[Wording, Callable[[NoticeView, Speech], list[Draft]]] = {
    Wording.CLAIM_RATIFIED: _answered,
    Wording.CLAIM_RIGHT: _answered,
    Wording.CLAIM_REVIEW: _answered,
    Wording.CLAIM_REVIEW_LATE: _late,
    Wording.CLAIM_LATE: _late,
    Wording.CLAIM_MISTAKEN: _mistaken,
    Wording.CLAIM_MISTAKEN_HONOURED: _found,
    Wording.CLAIM_CLOSED: _over,
    Wording.CLAIM_CLOSED_LATE: _over,
    Wording.CLAIM_DROPPED: _over,
}
