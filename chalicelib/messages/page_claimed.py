"""The parts of the promise page that speak of a promise which began as a claim: how it was answered, what was found."""

from datetime import datetime

from chalicelib.messages.given import clean, sentence
from chalicelib.messages.page_views import PageView
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import ClaimView

_ONGOING = {"open", "at_risk", "broken"}


def kicker(view: PageView, speech: Speech) -> str:
    """Return what stands above the title: a promise of ours, or what the customer told us."""
    return speech.say("page.kicker.claim" if view.claim else f"page.kicker.{speech.kind}")


def standing(view: PageView, speech: Speech) -> str | None:
    """Return how a claim stands, or None when it stands like any promise: taken back, in trouble, kept or not."""
    claim = view.claim
    if claim is None:
        return None
    if claim.status == "declined":
        return speech.say("page.claim.declined")
    if view.status == "kept":
        return _kept(view, claim, speech)
    if view.status not in _ONGOING or (view.recovery and claim.status == "ratified"):
        return None
    return term(claim, view.due_at, view.now, speech)


def term(claim: ClaimView, due_at: datetime, now: datetime, speech: Speech) -> str:
    """Return how a claim stands that is looked into or put right, and by when that is done, or was to be."""
    late = ".late" if now > due_at else ""
    answer = "review" if claim.status == "in_review" else _answer(claim)
    return speech.dated(f"page.claim.{answer}{late}", due_at)


def details(claim: ClaimView | None, speech: Speech) -> list[tuple[str, str]]:
    """Return what else the customer told of a claim, each with its label."""
    told = {"by_whom": clean(claim.by_whom), "when": clean(claim.when)} if claim else {}
    return [(speech.say(f"page.label.{name}"), value) for name, value in told.items() if value]


def was_late(view: PageView) -> bool:
    """Tell whether what was promised was done after its time; a customer who finds it kept says nothing of when."""
    ends = (line for line in view.timeline if line.name == "PromiseKept" and line.data.get("by") != "customer")
    return any(line.at > view.due_at for line in ends)


def found(view: PageView, speech: Speech) -> tuple[str, ...]:
    """Return what was found of a claim that was not confirmed, in the company's own words where there are any, and
    what the customer can do; nothing for what is no such claim."""
    if view.claim is None or view.claim.status != "declined":
        return ()
    settled = [line for line in sorted(view.timeline, key=lambda line: line.at) if line.name == "ClaimSettled"]
    words = sentence(settled[-1].text) if settled else ""
    after = f"{speech.say('claim_mistaken.after')} {speech.say('claim_mistaken.clear')}"
    return tuple(each for each in (words, after, speech.say("page.claim.can")) if each)


def tell(view: PageView, speech: Speech) -> str | None:
    """Return the text of the link by which the customer tells of another promise, if the page has one."""
    if view.claim_link is None:
        return None
    return speech.say("page.claim.tell.attempt" if view.is_attempt or view.is_expectation else "page.claim.tell")


def _kept(view: PageView, claim: ClaimView, speech: Speech) -> str | None:
    """Return that it is put right; None where the customer says otherwise, as of any promise."""
    if was_late(view):
        return speech.say("page.claim.kept.late")
    return None if view.says_otherwise else speech.say(f"page.claim.{_answer(claim)}.kept")


def _answer(claim: ClaimView) -> str:
    return "honoured" if claim.finding == "not_promised" else "ratified"
