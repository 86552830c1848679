"""The words of the question at the end: did we keep our word? The same by email and on the page."""

from chalicelib.messages.letter import Link, Paragraph
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView

ANSWERS = ("yes", "partly", "no")


def asked(view: NoticeView, speech: Speech) -> Paragraph:
    """Return the question with a link for each answer; the page takes the answer, so that no link gives it alone."""
    links = tuple(Link(answer(each, speech), f"{view.link}&choose={each}") for each in ANSWERS)
    return Paragraph(speech.say(f"feedback.ask.{speech.kind}"), links=links)


def answer(given: str, speech: Speech) -> str:
    """Return one of the answers as the customer gives it."""
    return speech.say(f"feedback.{given}.{speech.kind}")


def told(given: str, speech: Speech) -> str:
    """Return one of the answers as it is told back to the customer."""
    return speech.say(f"fact.FeedbackGiven.{given}.{speech.kind}")
