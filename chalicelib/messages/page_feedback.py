"""The part of the promise page that asks the question at the end, and shows what was answered."""

from dataclasses import dataclass

from chalicelib.messages import feedback_words
from chalicelib.messages.apology_words import asking
from chalicelib.messages.page_views import PageView
from chalicelib.messages.speech import Speech


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers, of the same size as the others."""

    value: str
    label: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class FeedbackPart:
    """The question with its form; once it is answered, the answer, and the form under `change` to think again."""

    heading: str
    lines: tuple[str, ...]
    options: tuple[Option, ...]
    expected: str
    change: str | None = None
    is_open: bool = True
    is_new: bool = False


def feedback(view: PageView, speech: Speech) -> FeedbackPart | None:
    """Return the question, or None while there is nothing to ask: before the end, or of a word that was not given.

    Once it was answered, the answer can be changed, also while we ask what happened.
    """
    if not view.may_answer or (view.claim is not None and view.claim.status == "declined"):
        return None
    asked = view.preselected if view.preselected in feedback_words.ANSWERS else None
    marked = asked or view.perceived
    options = tuple(
        Option(each, feedback_words.answer(each, speech), each == marked) for each in feedback_words.ANSWERS
    )
    expected = view.expected or ""
    if view.perceived is None:
        lines = (speech.say("feedback.preselected"),) if asked else ()
        return FeedbackPart(speech.say(f"feedback.heading.{speech.kind}"), lines, options, expected)
    return FeedbackPart(
        heading=speech.say("feedback.thanks" if view.just_answered else "feedback.given"),
        lines=_told(view, view.perceived, speech),
        options=options,
        expected=expected,
        change=speech.say("feedback.change"),
        is_open=bool(expected) or asked not in {None, view.perceived},
        is_new=view.just_answered,
    )


def _told(view: PageView, perceived: str, speech: Speech) -> tuple[str, ...]:
    """Return the answer as it is told back; who says no should know from this very page what follows."""
    told = feedback_words.told(perceived, speech)
    if perceived != "no" or not view.just_answered:
        return (told,)
    return (told, asking(view, speech) if view.is_contested else speech.say("fact.CallRequired"))
