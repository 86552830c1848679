"""The part of the promise page that asks the question at the end, and shows what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """The question with its form; once it is answered, the answer, and the form under `change` to think again.

    `faults` say what is wrong with what was typed, by field.
    """

    heading: str
    lines: tuple[str, ...]
    options: tuple[Option, ...]
    expected: str
    change: str | None = None
    is_open: bool = True
    is_new: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)


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
    faults = {name: speech.say(f"feedback.error.{name}.{code}") for name, code in view.errors.items()}
    if view.perceived is None:
        lines = (speech.say("feedback.preselected"),) if asked and not faults else ()
        heading = speech.say(f"feedback.heading.{speech.kind}")
        return FeedbackPart(heading, lines, options, expected, faults=faults)
    return FeedbackPart(
        heading=speech.say("feedback.thanks" if view.just_answered else "feedback.given"),
        lines=_told(view, view.perceived, speech),
        options=options,
        expected=expected,
        change=speech.say("feedback.change"),
        is_open=bool(expected or faults) or asked not in {None, view.perceived},
        is_new=view.just_answered,
        faults=faults,
    )


def _told(view: PageView, perceived: str, speech: Speech) -> tuple[str, ...]:
    """Return the answer as it is told back; who says no should know from this very page what follows."""
    told = feedback_words.told(perceived, speech)
    if perceived != "no" or not view.just_answered:
        return (told,)
    return (told, asking(view, speech) if view.is_contested else speech.say("fact.CallRequired"))
