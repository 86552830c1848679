"""Emails about a claim: believed, looked into, late, not found, right after all, put right. The brand speaks."""

from collections.abc import Callable, Mapping
from datetime import date

from chalicelib.messages.feedback_words import asked
from chalicelib.messages.given import clean, sentence, title
from chalicelib.messages.letter import Link, Paragraph, news, next_word
from chalicelib.messages.money import money, percentage
from chalicelib.messages.numbers import Numbers
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView, Wording


def _subject(view: NoticeView, speech: Speech) -> str:
    return speech.say(f"{view.wording}.subject", what=speech.what_in_subject)


def _subject_of_review(view: NoticeView, speech: Speech) -> str:
    return speech.dated("claim_review.subject", view.due_at, what=speech.what_in_subject)


def _ratified(view: NoticeView, speech: Speech) -> list[Paragraph]:
    promiser = clean(view.promiser_name)
    if promiser:
        believed = speech.say("claim_ratified.believed.named", promiser=promiser)
    else:
        believed = speech.say("claim_ratified.believed")
    looked = _looked_into(view, speech)
    return [
        Paragraph(" ".join((_lead(view, speech), *looked, believed))),
        Paragraph(_correction(view, speech)),
        Paragraph(speech.say("claim_ratified.sorry")),
        *_ending(view, speech),
    ]


def _right(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Take back that it was not found, which the customer has read."""
    return [
        Paragraph(f"{_lead(view, speech)} {speech.say('claim_right.again')}"),
        Paragraph(_correction(view, speech)),
        Paragraph(speech.say("claim_right.sorry")),
        *_ending(view, speech),
    ]


def _review(view: NoticeView, speech: Speech) -> list[Paragraph]:
    again = view.claim is not None and view.claim.again
    lead = speech.say("claim_review.lead.again", what=speech.what) if again else _lead(view, speech)
    first = f"{lead} {speech.say('claim_review.thanks')}"
    answer = f"{speech.say('claim_review.why')} {speech.dated('claim_review.term', view.due_at)}"
    return [Paragraph(first), Paragraph(answer), *_ending(view, speech)]


def _late(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Own that the answer, or the correction, is late; before an answer, nothing is either believed or doubted."""
    first = f"{_lead(view, speech)} {speech.dated(f'{view.wording}.term', view.due_at)}"
    sorry = Paragraph(speech.say(f"{view.wording}.sorry"))
    return [Paragraph(first), *news(view, speech), sorry, *_ending(view, speech)]


def _closed(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Say that it is put right. What was found of it is no matter here: it was said, and done."""
    done = f"{speech.dated(f'{view.wording}.term', view.due_at)} {speech.say(f'{view.wording}.thanks')}"
    return [Paragraph(_lead(view, speech)), *_found(view), Paragraph(done), asked(view, speech)]


def _dropped(view: NoticeView, speech: Speech) -> list[Paragraph]:
    last = speech.say("withdrawn.last")
    return [Paragraph(_lead(view, speech)), *_found(view), Paragraph(last), *_ending(view, speech)]


def _mistaken(view: NoticeView, speech: Speech) -> list[Paragraph]:
    after = f"{speech.say('claim_mistaken.after')} {speech.say('claim_mistaken.clear')}"
    late = [speech.say("claim_mistaken.late")] if view.claim and view.claim.review == "late" else []
    return [
        Paragraph(" ".join((_lead(view, speech), *late))),
        *_found(view),
        Paragraph(after),
        Paragraph(speech.say("claim_mistaken.can")),
        Paragraph(speech.say("claim_mistaken.thanks"), links=(_link(view, speech, "claim_mistaken.link"),)),
    ]


def _honoured(view: NoticeView, speech: Speech) -> list[Paragraph]:
    after = speech.say("claim_mistaken_honoured.after")
    # Once it is over or late, another message has said so: to name its day again would be to promise it twice.
    awaited = view.next_contact_at is not None and view.due_at > view.now
    term = [_term(view, speech)] if awaited else []
    return [
        Paragraph(f"{_lead(view, speech)} {speech.say('claim_mistaken_honoured.found')}"),
        *_found(view),
        Paragraph(" ".join((after, *term))),
        Paragraph(f"{speech.say('claim_mistaken.clear')} {speech.say('claim_review.thanks')}"),
        *_ending(view, speech),
    ]


def _lead(view: NoticeView, speech: Speech) -> str:
    return speech.say(f"{view.wording}.lead", what=speech.what)


def _found(view: NoticeView) -> list[Paragraph]:
    found = sentence(view.note)
    return [Paragraph(found)] if found else []


def _corrected(view: NoticeView, speech: Speech) -> str:
    order, term = clean(view.order), _term_given(view, speech)
    if order and term:
        return speech.say("claim_ratified.correct.order_term", order=order, term=term)
    if term:
        return speech.say("claim_ratified.correct.term", term=term)
    amount = money(view.amount, view.currency, speech.tag) or percentage(
        view.claim.percent if view.claim else None, speech.tag
    )
    if order and amount:
        return speech.say("claim_ratified.correct.order_amount", order=order, amount=amount)
    if order:
        return speech.say("claim_ratified.correct.order", order=order)
    if amount:
        return speech.say("claim_ratified.correct.amount", amount=amount)
    return speech.say("claim_ratified.correct")


def _term_given(view: NoticeView, speech: Speech) -> str | None:
    """Return the term that is corrected: as it was told, or as people write a day, where it is one."""
    term = view.claim.term if view.claim else None
    if not term:
        return None
    try:
        return Numbers(speech.tag).day(date.fromisoformat(term))
    except ValueError:
        return title(term)


def _looked_into(view: NoticeView, speech: Speech) -> list[str]:
    """Say, after a review, that we have looked into it, and when that took longer than we had said."""
    review = view.claim.review if view.claim else None
    return [speech.say(f"claim_ratified.reviewed.{review}")] if review else []


def _correction(view: NoticeView, speech: Speech) -> str:
    """Return what is being put right and by when; once it is done or late, that it is."""
    if view.next_contact_at is None:
        return speech.say("claim.done")
    if view.now > view.due_at:
        return f"{_corrected(view, speech)} {speech.dated('claim.late', view.due_at)}"
    return f"{_corrected(view, speech)} {_term(view, speech)}"


def _term(view: NoticeView, speech: Speech) -> str:
    """Return by when it is put right, and that the next word comes then, where it does."""
    term = speech.dated("claim.term", view.due_at)
    return f"{term} {speech.say('claim.then')}" if view.next_contact_at == view.due_at else term


def _ending(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Return the next word, unless it comes at the moment named already, and the link to the page."""
    if view.next_contact_at is None:
        return [Paragraph(links=(_link(view, speech, "link.over"),))]
    following = [] if view.next_contact_at == view.due_at else next_word(view, speech)
    return [*following, Paragraph(links=(_link(view, speech, "link.open"),))]


def _link(view: NoticeView, speech: Speech, key: str) -> Link:
    return Link(speech.say(key), view.link)


SUBJECTS: Mapping[Wording, Callable[[NoticeView, Speech], str]] = {
    Wording.CLAIM_RATIFIED: _subject,
    Wording.CLAIM_RIGHT: _subject,
    Wording.CLAIM_REVIEW: _subject_of_review,
    Wording.CLAIM_REVIEW_LATE: _subject,
    Wording.CLAIM_LATE: _subject,
    Wording.CLAIM_MISTAKEN: _subject,
    Wording.CLAIM_MISTAKEN_HONOURED: _subject,
    Wording.CLAIM_CLOSED: _subject,
    Wording.CLAIM_CLOSED_LATE: _subject,
    Wording.CLAIM_DROPPED: _subject,
}
BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    Wording.CLAIM_RATIFIED: _ratified,
    Wording.CLAIM_RIGHT: _right,
    Wording.CLAIM_REVIEW: _review,
    Wording.CLAIM_REVIEW_LATE: _late,
    Wording.CLAIM_LATE: _late,
    Wording.CLAIM_MISTAKEN: _mistaken,
    Wording.CLAIM_MISTAKEN_HONOURED: _honoured,
    Wording.CLAIM_CLOSED: _closed,
    Wording.CLAIM_CLOSED_LATE: _closed,
    Wording.CLAIM_DROPPED: _dropped,
}
