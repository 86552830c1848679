"""Press: take what a customer presses on their page: got it, stay, cancel, or whether we kept our word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import feedback
from chalicelib.domain.changes import NotPossibleAnyMore, acknowledge
from chalicelib.domain.choices import choose
from chalicelib.domain.facts import Change
from chalicelib.domain.feedback import Perceived
from chalicelib.domain.promise import Promise
from chalicelib.domain.recovery import Choice, ChosenBy
from chalicelib.messages.page_views import PageView
from chalicelib.security.links import BadLink, Purpose, Subject, read, same
from chalicelib.usecases import arm
from chalicelib.usecases.open_page import form_subject, history_behind, language_of, open_page, view_page
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Commit, Committed, History, StoreUnavailable


class Action(StrEnum):
    """The buttons on the page."""

    ACKNOWLEDGE = "acknowledge"
    STAY = "stay"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Feedback:
    """The answer to the question at the end, and what the customer expected besides."""

    perceived: Perceived
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An answer that cannot be taken as it is, with what is wrong by field."""

    perceived: Perceived | None
    expected: str
    errors: Mapping[str, str]


class FormExpired(Exception):
    """The form was open for too long, was not ours, or showed what has changed since; `page` has a fresh one."""

    def __init__(self, page: PageView) -> None:
        """Carry the page to show instead."""
        super().__init__()
        self.page = page


class TooLate(Exception):
    """What was pressed is no longer possible; `page` shows how the promise stands."""

    def __init__(self, page: PageView) -> None:
        """Carry the page to show instead."""
        super().__init__()
        self.page = page


def press(token: str, nonce: str, action: Action | Feedback | None, services: Services) -> PageView:
    """Record a press and return what the page shows then; the same press again shows the same page.

    Of two presses at once, each is judged on what the other has made of the promise: the later one stands, as a change
    of mind does. Raises BadLink for a link that opens nothing, FormExpired when the press did not come from a fresh
    form of ours for what is being asked now, and TooLate when the promise is over or the choice is final.
    """
    now = services.system.now()
    subject = read(services.secrets.link_keys(), Purpose.PAGE, token, now)
    form = _form(nonce, now, services)
    for _ in range(arm.MOST_RACES):
        history = history_behind(subject, services)
        promise = history.promise
        if action is None or form is None or not _shows(form, promise, action):
            raise FormExpired(_unsent(view_page(token, history, now, services, form_expired=True), action))
        try:
            change = _change(history, action, now, subject.notice, services)
        except NotPossibleAnyMore:
            raise TooLate(view_page(token, history, now, services, too_late=True)) from None
        done = not change.facts or arm.store(change, Commit(promise, None), now, services) is Committed.DONE
        if done:
            after = history_behind(subject, services) if change.facts else history
            return view_page(
                token,
                after,
                now,
                services,
                just_acknowledged=action is Action.ACKNOWLEDGE,
                just_chosen=action in {Action.STAY, Action.CANCEL},
                just_answered=isinstance(action, Feedback),
            )
    raise StoreUnavailable("the promise kept changing under this press")


def show_again(token: str, answer: Unanswered, services: Services) -> PageView:
    """Return the page with what was typed and what is wrong with it; one that asks nothing says so. Raises BadLink."""
    view = open_page(token, services, preselected=answer.perceived)
    if not view.may_answer:
        return replace(view, too_late=True)
    return replace(view, expected=answer.expected, errors=answer.errors)


def _change(history: History, action: Action | Feedback, now: datetime, notice: str, services: Services) -> Change:
    promise = history.promise
    if isinstance(action, Feedback):
        language = language_of(promise, services)
        given = feedback.Answer(action.perceived, action.expected, language)
        return feedback.answer(promise, given, services.rules.policy_of(promise), now)
    if action is Action.ACKNOWLEDGE:
        return acknowledge(promise, now, notice=notice)
    return choose(promise, Choice(action.value), ChosenBy.CUSTOMER, now)


def _shows(form: Subject, promise: Promise, action: Action | Feedback) -> bool:
    """Tell whether a form shows what is being asked now.

    The question is the same before and after the "no" that opened a recovery: a second press of it is no new one.
    """
    asked_before = isinstance(action, Feedback) and promise.contested is not None
    return same(form, form_subject(promise)) or (asked_before and same(form, form_subject(promise, before=1)))


def _unsent(page: PageView, action: Action | Feedback | None) -> PageView:
    """Return the page with what was answered still in its form, so that nothing must be written twice."""
    if not isinstance(action, Feedback):
        return page
    return replace(page, preselected=action.perceived.value, expected=action.expected)


def _form(nonce: str, now: datetime, services: Services) -> Subject | None:
    try:
        return read(services.secrets.link_keys(), Purpose.FORM, nonce, now)
    except BadLink:
        return None
