"""Check-in: show the promiser what they are asked ahead of the due time, and take their answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import risks
from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.facts import Change
from chalicelib.domain.offers import OfferNotAllowed
from chalicelib.domain.promise import Kind, Promise, Status
from chalicelib.domain.recovery import Choice, OfferKind
from chalicelib.domain.risks import Trouble
from chalicelib.messages.page_views import CheckInView
from chalicelib.security.links import BadLink, Purpose, Subject, read, same, sign
from chalicelib.usecases import arm
from chalicelib.usecases.open_page import FORM_LIFE, form_subject, history_behind, press_key
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Answer, Commit, Committed, StoreUnavailable
from chalicelib.usecases.take_event import ACCEPTED, ANSWERS_KEPT


class AnswerKind(StrEnum):
    """The three answers to a check-in."""

    ON_TRACK = "on_track"
    LATE = "late"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class CheckInAnswer:
    """What the promiser answers: `word` is for the customer; `trouble` is there when it will be late."""

    kind: AnswerKind
    word: str | None = None
    trouble: Trouble | None = None


def open_check_in(
    token: str,
    services: Services,
    *,
    preselected: str | None = None,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> CheckInView:
    """Return what the promiser's page shows: one answer marked if the link says so, and what was typed with its errors.

    Changes nothing. Raises BadLink.
    """
    now = services.system.now()
    promise = history_behind(_subject(token, now, services), services).promise
    view = replace(view_check_in(promise, now, services), given=given or {}, errors=errors or {})
    return replace(view, preselected=preselected) if preselected in set(AnswerKind) else view


def answer_check_in(
    token: str, nonce: str, answer: CheckInAnswer, services: Services, *, given: Mapping[str, str] | None = None
) -> CheckInView:
    """Record an answer and return what the page shows then; a second press of the same form changes nothing.

    The page says so when the form has expired, when the promise's standard does not allow what is offered, and when the
    promise has ended meanwhile. Raises BadLink.
    """
    now = services.system.now()
    subject = _subject(token, now, services)
    for _ in range(arm.MOST_RACES):
        promise = history_behind(subject, services).promise
        view = view_check_in(promise, now, services)
        key = press_key(nonce, promise.id, repr(answer))
        if services.store.answer(promise.source, key):
            return replace(view, answered=answer.kind.value)
        if not _is_ours(nonce, promise, now, services):
            return replace(view, form_expired=True, given=given or {})
        try:
            change = _change(promise, answer, now, services)
        except OfferNotAllowed:
            return replace(view, errors={"offer_kind": "missing"}, given=given or {})
        except NotPossibleAnyMore:
            return replace(view, over=True)
        pressed = Answer(promise.source, key, ACCEPTED, "", now + ANSWERS_KEPT)
        if arm.store(change, Commit(promise, None, answer=pressed), now, services) is Committed.DONE:
            return replace(view, answered=answer.kind.value)
    raise StoreUnavailable("the promise kept changing under this answer")


def view_check_in(promise: Promise, now: datetime, services: Services) -> CheckInView:
    """Return what the promiser's page shows of a promise at `now`."""
    promisers = services.store.promisers([promise.promiser_ref]) if promise.promiser_ref else {}
    promiser = promisers.get(promise.promiser_ref or "")
    customer = services.store.customers([promise.customer_ref]).get(promise.customer_ref)
    brand = services.rules.brand
    nonce = sign(services.secrets.link_keys(), Purpose.CHECK_IN_FORM, form_subject(promise), now + FORM_LIFE)
    return CheckInView(
        locale=brand.locale,
        zone=brand.time_zone,
        brand=brand,
        now=now,
        what=promise.what,
        due_at=promise.due_at,
        form_nonce=nonce,
        promiser_name=promiser.name if promiser else None,
        customer_name=customer.name if customer else None,
        is_broken=promise.status is Status.BROKEN,
        is_contested=promise.contested is not None,
        is_expectation=promise.kind is Kind.EXPECTATION and not _has_stayed(promise),
        over=promise.is_over,
        offers=tuple(kind.value for kind in OfferKind if kind in services.rules.policy_of(promise).offers.kinds),
    )


def _has_stayed(promise: Promise) -> bool:
    """Tell whether the customer stayed with a new date, which somebody then promised."""
    return promise.recovery is not None and promise.recovery.choice is Choice.STAY


def _change(promise: Promise, answer: CheckInAnswer, now: datetime, services: Services) -> Change:
    if answer.trouble:
        return risks.late(promise, answer.trouble, services.rules.policy_of(promise), now)
    if answer.kind is AnswerKind.DONE:
        return risks.done(promise, answer.word, now)
    return risks.on_track(promise, answer.word, now)


def _subject(token: str, now: datetime, services: Services) -> Subject:
    return read(services.secrets.link_keys(), Purpose.CHECK_IN, token, now)


def _is_ours(nonce: str, promise: Promise, now: datetime, services: Services) -> bool:
    try:
        form = read(services.secrets.link_keys(), Purpose.CHECK_IN_FORM, nonce, now)
    except BadLink:
        return False
    return same(form, form_subject(promise))
