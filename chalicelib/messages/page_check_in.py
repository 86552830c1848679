"""The promiser's page: what they promised, and three answers, each a form that opens below its title."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.messages.clock import zone_name
from chalicelib.messages.form import Field
from chalicelib.messages.given import begun, clean
from chalicelib.messages.page_views import CheckInView
from chalicelib.messages.pages import STYLE
from chalicelib.messages.rendering import render
from chalicelib.messages.speech import Speech

_CASES = ("delay", "wrong_item", "terms", "other")
_TEXTS = ("reason", "done_so_far", "solution")
# What is wrong in the same words for every field; what is missing is named field by field.
_FAULTS = {"too_long", "bad_date", "past", "too_far"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers: its title, its form, and whether it stands open."""

    name: str
    title: str
    button: str
    fields: tuple[Field, ...]
    hint: str | None
    is_open: bool


def check_in_page(view: CheckInView) -> str:
    """Return the promiser's page: the question and its forms, or what came of the answer."""
    speech = Speech(view)
    outcome_title, outcome = _outcome(view, speech)
    answers = [] if outcome else list(_answers(view, speech))
    what = begun(speech.what)
    return render(
        "check_in.html",
        style=STYLE,
        tag=speech.tag,
        say=speech.say,
        brand=clean(view.brand.name),
        what=what,
        title=speech.say("page.title", what=outcome_title or what, brand=clean(view.brand.name)),
        alert=speech.say("check_in.expired") if view.form_expired and not outcome else None,
        faults=list(_faults(view, answers, speech)),
        outcome_title=outcome_title,
        outcome=outcome,
        due=_due(view, speech),
        broken=speech.say(f"check_in.{'contested' if view.is_contested else 'broken'}") if view.is_broken else None,
        answers=answers,
        form_nonce=view.form_nonce,
    )


def _outcome(view: CheckInView, speech: Speech) -> tuple[str, str]:
    if view.answered:
        return speech.say("check_in.thanks"), speech.say(f"check_in.answered.{view.answered}")
    if view.over:
        return speech.say("check_in.over.title"), speech.say("check_in.over")
    return "", ""


def _due(view: CheckInView, speech: Speech) -> str:
    if customer := clean(view.customer_name):
        return speech.dated("check_in.due.named", view.due_at, customer=customer)
    return speech.dated("check_in.due.unnamed", view.due_at)


def _answers(view: CheckInView, speech: Speech) -> Iterator[Answer]:
    """Return the answers that are possible: what is broken is not on track any more."""
    opened = view.given.get("answer") or view.preselected
    for name in ("late", "done") if view.is_broken else ("on_track", "late", "done"):
        late = name == "late"
        title = "check_in_broken.link.late" if late and view.is_broken else f"check_in.link.{name}"
        yield Answer(
            name,
            speech.say(title),
            speech.say(f"check_in.button.{name}"),
            tuple(_trouble(view, speech)) if late else (_word(view, name, speech),),
            speech.say("check_in.late.hint") if late else None,
            name == opened,
        )


def _word(view: CheckInView, answer: str, speech: Speech) -> Field:
    mine = view.given.get("answer") == answer
    value, fault = (view.given.get("word", ""), _fault(view, "word", speech)) if mine else ("", None)
    label, hint = speech.say("check_in.word"), speech.say("check_in.word.hint")
    return Field(f"word-{answer}", "word", label, value, fault, hint)


def _trouble(view: CheckInView, speech: Speech) -> Iterator[Field]:
    def field(name: str, **more: str | bool | tuple[tuple[str, str], ...]) -> Field:
        value, fault = view.given.get(name, ""), _fault(view, name, speech)
        return Field(name, name, speech.say(f"check_in.{name}"), value, fault, **more)  # type: ignore[arg-type]

    def options(name: str, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        return tuple((each, speech.say(f"check_in.{name}.{each}")) for each in values)

    yield field("case", options=options("case", _CASES))
    yield from (field(name) for name in _TEXTS)
    zone = zone_name(view.zone, speech.tag, speech.say)
    yield field("new_due_at", hint=speech.say("check_in.zone", zone=zone), is_moment=True)
    yield field("offer_kind", options=options("offer_kind", view.offers))
    yield field("offer_text")


def _fault(view: CheckInView, name: str, speech: Speech) -> str | None:
    code = view.errors.get(name) or (view.errors.get("offer") if name == "offer_text" else None)
    if code is None:
        return None
    if code == "missing":
        return speech.say(f"check_in.error.{name}.missing")
    return speech.say(f"check_in.error.{code if code in _FAULTS else 'other'}")


def _faults(view: CheckInView, answers: list[Answer], speech: Speech) -> Iterator[tuple[str, str]]:
    """Return what is wrong, in the order of the fields, each with the id of its field."""
    if "answer" in view.errors and answers:
        yield "answers", speech.say("check_in.error.answer.missing")
    for field in (each for answer in answers for each in answer.fields if each.fault):
        named = f"{field.label}: {field.fault}" if view.errors.get(field.name) != "missing" else str(field.fault)
        yield field.id, named
