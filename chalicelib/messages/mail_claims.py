"""Emails about a claim: believed and put right, looked into first, answered late, found mistaken. The brand speaks."""

from collections.abc import Callable, Mapping

from chalicelib.messages.given import clean, sentence
from chalicelib.messages.letter import Link, Paragraph, next_word
from chalicelib.messages.money import money
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
    return [
        Paragraph(f"{_lead(view, speech)} {believed}"),
        Paragraph(f"{_corrected(view, speech)} {_term(view, speech)}"),
        Paragraph(speech.say("claim_ratified.sorry")),
        *_ending(view, speech),
    ]


def _review(view: NoticeView, speech: Speech) -> list[Paragraph]:
    first = f"{_lead(view, speech)} {speech.say('claim_review.thanks')}"
    answer = f"{speech.say('claim_review.why')} {speech.dated('claim_review.term', view.due_at)}"
    return [Paragraph(first), Paragraph(answer), *_ending(view, speech)]


def _review_late(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Own that the answer is late. What the customer told us is neither believed nor doubted before it comes."""
    first = f"{_lead(view, speech)} {speech.dated('claim_review_late.term', view.due_at)}"
    return [Paragraph(first), Paragraph(speech.say("claim_review_late.sorry")), *_ending(view, speech)]


def _mistaken(view: NoticeView, speech: Speech) -> list[Paragraph]:
    after = f"{speech.say('claim_mistaken.after')} {speech.say('claim_mistaken.clear')}"
    return [
        Paragraph(_lead(view, speech)),
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
    order, amount = clean(view.order), money(view.amount, view.currency, speech.tag)
    if order and amount:
        return speech.say("claim_ratified.correct.order_amount", order=order, amount=amount)
    if order:
        return speech.say("claim_ratified.correct.order", order=order)
    if amount:
        return speech.say("claim_ratified.correct.amount", amount=amount)
    return speech.say("claim_ratified.correct")


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
    Wording.CLAIM_REVIEW: _subject_of_review,
    Wording.CLAIM_REVIEW_LATE: _subject,
    Wording.CLAIM_MISTAKEN: _subject,
    Wording.CLAIM_MISTAKEN_HONOURED: _subject,
}
BODIES: Mapping[Wording, Callable[[NoticeView, Speech], list[Paragraph]]] = {
    Wording.CLAIM_RATIFIED: _ratified,
    Wording.CLAIM_REVIEW: _review,
    Wording.CLAIM_REVIEW_LATE: _review_late,
    Wording.CLAIM_MISTAKEN: _mistaken,
    Wording.CLAIM_MISTAKEN_HONOURED: _honoured,
}
