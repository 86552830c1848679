"""The part of the promise page that gives the choice, and shows what was chosen."""

from dataclasses import dataclass

from chalicelib.messages import choice_words
from chalicelib.messages.choice_words import Way
from chalicelib.messages.given import begun, clean
from chalicelib.messages.page_views import PageView
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import RecoveryView

_STANDING = {"at_risk", "broken"}
_OVER = {"kept", "withdrawn"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, what will be done about it, and what makes up for it."""

    why: str
    solution: str
    offer: str


@dataclass(frozen=True, slots=True)
class ChoicePart:
    """The choice as the page shows it: what there is to say, what was granted, and the ways that are open."""

    heading: str
    lines: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    change_heading: str | None = None
    ways: tuple[Way, ...] = ()
    silence: str | None = None
    is_new: bool = False


def is_open(view: PageView) -> bool:
    """Tell whether the customer is being asked to choose."""
    return view.recovery is not None and view.recovery.choice is None and view.status in _STANDING


def trouble(view: PageView, speech: Speech) -> Trouble | None:
    """Return what the choice is about, while it is open."""
    recovery = view.recovery
    if recovery is None or not is_open(view):
        return None
    solution, offer = choice_words.solution(recovery, speech), choice_words.offer(recovery, speech)
    return Trouble(choice_words.why(recovery), solution, offer)


def choice(view: PageView, speech: Speech) -> ChoicePart | None:
    """Return the choice: open, made, or merely to cancel what broke without a word; None when there is none."""
    recovery = view.recovery
    if recovery is not None and is_open(view):
        return _open(view, recovery, speech)
    if recovery is not None and recovery.choice is not None:
        return _made(view, recovery, speech)
    if view.status == "cancelled":
        return _bare_cancelled(view, speech)
    if view.may_cancel:
        heading = speech.say("choice.bare.heading")
        return ChoicePart(heading, ways=(choice_words.cancel(view.order, speech),))
    return None


def _open(view: PageView, recovery: RecoveryView, speech: Speech) -> ChoicePart:
    both = choice_words.ways(recovery, view.order, speech)
    if view.preselected in {"stay", "cancel"}:
        asked = speech.say(f"choice.preselected.{view.preselected}")
        both = both if view.preselected == "stay" else (both[1], both[0])
    else:
        asked = speech.say("choice.hint")
    return ChoicePart(speech.say("choice.heading"), (asked,), ways=both, silence=choice_words.silence(recovery, speech))


def _made(view: PageView, recovery: RecoveryView, speech: Speech) -> ChoicePart:
    may_change = recovery.may_change and view.status not in _OVER
    other = choice_words.cancel(view.order, speech)
    if recovery.choice == "cancel":
        other = choice_words.stay(recovery, speech)
    final = () if may_change or recovery.may_change else (speech.say("choice.final"),)
    return ChoicePart(
        heading=_heading(view, str(recovery.choice), speech),
        lines=(*_chosen(view, str(recovery.choice), speech), *final),
        details=_granted(recovery, speech),
        change_heading=speech.say("choice.change.heading") if may_change else None,
        ways=(other,) if may_change else (),
        is_new=view.just_chosen,
    )


def _bare_cancelled(view: PageView, speech: Speech) -> ChoicePart:
    """Show the cancelling of a promise that broke without a word: there is no new date to stay for."""
    lines = _chosen(view, "cancel", speech)
    return ChoicePart(_heading(view, "cancel", speech), lines, is_new=view.just_chosen)


def _heading(view: PageView, chosen: str, speech: Speech) -> str:
    return speech.say(f"choice.thanks.{chosen}" if view.just_chosen else "choice.heading")


def _chosen(view: PageView, chosen: str, speech: Speech) -> tuple[str, ...]:
    if view.chosen_at is None:
        return ()
    recorded = [line.data for line in sorted(view.timeline, key=lambda line: line.at) if line.name == "ChoiceRecorded"]
    silent = bool(recorded) and recorded[-1].get("by") == "silence"
    said = speech.dated(f"choice.{'silent' if silent else 'chosen'}.{chosen}", view.chosen_at)
    return (said, speech.say("choice.confirmed")) if view.just_chosen else (said,)


def _granted(recovery: RecoveryView, speech: Speech) -> tuple[tuple[str, str], ...]:
    rows = {"page.label.reference": clean(recovery.reference)}
    if recovery.choice == "stay":
        until = recovery.offer.valid_until
        rows |= {
            "page.label.offer": begun(clean(recovery.offer.text)),
            "page.label.code": clean(recovery.offer.code),
            "page.label.until": speech.moment(until).plain if until else "",
        }
    return tuple((speech.say(label), value) for label, value in rows.items() if value)
