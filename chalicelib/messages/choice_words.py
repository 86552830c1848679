"""The words of a recovery and its choice, the same by email, on the page and on the phone."""

from dataclasses import dataclass

from chalicelib.messages.given import begun, clean, ended, sentence
from chalicelib.messages.phrases import MissingPhrase
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import RecoveryView


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two ways: what happens next, and the text of its link or button. `choice` is stay or cancel."""

    choice: str
    text: str
    label: str
    link: str


def parts_of(recovery: RecoveryView | None) -> RecoveryView:
    """Return a recovery that must be there. Raises MissingPhrase: without its parts there is nothing to say."""
    if recovery is None:
        raise MissingPhrase("a recovery cannot be said without its parts")
    return recovery


def ways(recovery: RecoveryView, order: str | None, speech: Speech) -> tuple[Way, Way]:
    """Return both ways, described in the same size: stay, then cancel."""
    return stay(recovery, speech), cancel(order, speech, recovery.cancel_link)


def stay(recovery: RecoveryView, speech: Speech) -> Way:
    """Return the way to stay: with the new date, or with the solution where there is none."""
    dated = ".dated" if recovery.new_due_at else ""
    text, label = speech.say(f"choice.stay.text{dated}"), speech.say(f"choice.stay.link{dated}")
    return Way("stay", text, label, recovery.stay_link)


def cancel(order: str | None, speech: Speech, link: str = "") -> Way:
    """Return the way to cancel, which names the order where it is known to be one; of a claim, to let it go."""
    if speech.is_claim:
        return Way("cancel", speech.say("choice.cancel.text.claim"), speech.say("choice.cancel.link.claim"), link)
    of_order = ".order" if clean(order) else ""
    return Way("cancel", speech.say("choice.cancel.text"), speech.say(f"choice.cancel.link{of_order}"), link)


def why(recovery: RecoveryView) -> str:
    """Return why it happened and what was done so far: the company's own sentences."""
    return " ".join(filter(None, (sentence(recovery.reason), sentence(recovery.done_so_far))))


def solution(recovery: RecoveryView, speech: Speech) -> str:
    """Return what will be done: the company's own sentence, and the new date where there is one."""
    said = sentence(recovery.solution)
    if recovery.new_due_at is None:
        return said
    return f"{said} {speech.dated('recovery.new_date', recovery.new_due_at)}".strip()


def offer(recovery: RecoveryView, speech: Speech) -> str:
    """Return what makes up for it, in the company's own words, its code once granted, and until when it is good."""
    given = recovery.offer
    said = [begun(ended(given.text))]
    if given.code:
        said.append(speech.say("stay.code", code=given.code))
    if given.valid_until:
        said.append(speech.dated("recovery.until", given.valid_until))
    return " ".join(filter(None, said))


def silence(recovery: RecoveryView, speech: Speech) -> str:
    """Return what no answer will mean, and when."""
    if recovery.decide_by is None:
        return speech.say("choice.silence.open")
    return speech.dated(f"choice.silence.{recovery.silence}", recovery.decide_by)
