"""What to say on the phone: a few lines in the customer's language, for a person who has never heard of the matter."""

from chalicelib.messages import choice_words
from chalicelib.messages.given import clean
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import CallView, ClaimView, RecoveryView

_BY_KIND = {"confirmation", "overdue", "withdrawn"}
# Once it is done or given up, there is nothing to choose any more.
_OVER = {"closing", "withdrawn"}
_ANSWERS = {"confirmation", "finding"}


def call_script(view: CallView) -> str:
    """Return what to say first, the apology, what is offered, what to ask, and how to record it. It names nobody.

    Words of the company that are left empty leave their line out.
    """
    speech = Speech(view)
    brand = clean(view.brand.name)
    opening = (
        speech.say("call.opening", brand=brand, what=speech.what)
        if speech.what
        else speech.say("call.opening.untitled", brand=brand)
    )
    return "\n".join(filter(None, [opening, *_matter(view, speech)]))


def _matter(view: CallView, speech: Speech) -> list[str]:
    recovery = view.recovery
    if view.answered_no or view.word == "apology":
        # What they had said no to may be cancelled, once it was taken up again.
        record = speech.say("call.record.cancel" if view.word == "apology" else "call.record")
        return [speech.say(f"call.not_kept.{speech.kind}"), record]
    if view.claim and (answer := _answer(view.word, view.claim)):
        next_word = [speech.say("call.update.tell")] if answer == "review.late" else []
        return [speech.dated(f"call.claim.{answer}", view.due_at), *next_word, speech.say("call.record")]
    if recovery and recovery.choice is None and view.word not in _OVER:
        return _recovery(view, recovery, speech)
    if view.word == "choice":
        return [*_chosen(view, recovery, speech), speech.say("call.record")]
    if view.word == "doubt":
        return [speech.dated("call.doubt", view.due_at), speech.say("call.record")]
    if view.word == "closing":
        return [speech.say("call.closing"), speech.say("call.record")]
    if view.word in _BY_KIND:
        bare = view.word == "overdue" and not view.is_attempt
        record = speech.say("call.record.cancel" if bare else "call.record")
        return [speech.dated(f"call.{view.word}.{speech.kind}", view.due_at), record]
    return [speech.say("call.update"), speech.say("call.update.tell"), speech.say("call.record")]


def _answer(word: str, claim: ClaimView) -> str | None:
    """Return how a claim was answered, where that is what could not be told; None for a promise's other words."""
    if claim.status == "declined":
        return "declined" if word == "closing" else None
    if word == "overdue":
        return "review.late" if claim.status == "in_review" else "late"
    if word not in _ANSWERS:
        return None
    if claim.status == "in_review":
        return "review"
    return "honoured" if word == "finding" and claim.finding == "not_promised" else "ratified"


def _recovery(view: CallView, recovery: RecoveryView, speech: Speech) -> list[str]:
    moment = "after" if view.now >= view.due_at else "before"
    stay, cancel = choice_words.ways(recovery, None, speech)
    return [
        speech.dated(f"call.recovery.{moment}", view.due_at),
        choice_words.why(recovery),
        choice_words.solution(recovery, speech),
        _offer("recovery.offer", recovery, speech),
        f"{stay.text} {cancel.text}",
        speech.say("call.choose"),
        speech.say("call.record.choice"),
    ]


def _chosen(view: CallView, recovery: RecoveryView | None, speech: Speech) -> list[str]:
    if recovery is None or recovery.choice == "cancel":
        return [speech.say("call.choice.cancel")]
    return [speech.dated("call.choice.stay", view.due_at), _offer("stay.granted", recovery, speech)]


def _offer(key: str, recovery: RecoveryView, speech: Speech) -> str:
    offered = choice_words.offer(recovery, speech)
    return f"{speech.say(key)} {offered}" if offered else ""
