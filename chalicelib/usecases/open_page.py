"""Open a page: show a customer their promise, and take the "got it, thank you" that they press."""

from datetime import datetime, timedelta

from chalicelib.domain.changes import acknowledge
from chalicelib.domain.moments import next_contact
from chalicelib.domain.promise import Kind
from chalicelib.messages.views import PageView, TimelineLine
from chalicelib.security.links import BadLink, Purpose, Subject, read, same, sign
from chalicelib.usecases import arm
from chalicelib.usecases.compose import NOTICE_CODE
from chalicelib.usecases.ports import Commit, Committed, History, StoreUnavailable
from chalicelib.usecases.services import Services

# Long enough to read the page and be called away; short enough that a form found later does nothing.
FORM_LIFE = timedelta(hours=1)
MOST_RACES = 8


class FormExpired(Exception):
    """The form was open for too long, or was not ours; the page with a fresh one is `page`."""

    def __init__(self, page: PageView) -> None:
        super().__init__()
        self.page = page


def open_page(token: str, services: Services) -> PageView:
    """Return what the promise page behind a link shows. Changes nothing. Raises BadLink."""
    now = services.system.now()
    subject = read(services.secrets.link_keys(), Purpose.PAGE, token, now)
    return _view(_history(subject, services), subject, now, services)


def press_acknowledge(token: str, nonce: str, services: Services) -> PageView:
    """Record "got it, thank you" and return what the page shows then; a second press shows the same page.

    Raises BadLink for a link that opens nothing, and FormExpired when the press did not come from a fresh form of ours.
    """
    now = services.system.now()
    subject = read(services.secrets.link_keys(), Purpose.PAGE, token, now)
    try:
        form = read(services.secrets.link_keys(), Purpose.FORM, nonce, now)
    except BadLink:
        form = None
    if form is None or not same(form, subject):
        view = _view(_history(subject, services), subject, now, services, form_expired=True)
        raise FormExpired(view)
    for _ in range(MOST_RACES):
        history = _history(subject, services)
        change = acknowledge(history.promise, now, notice=subject.notice)
        if not change.facts:
            return _view(history, subject, now, services, just_acknowledged=True)
        if arm.store(change, Commit(change.promise, None), now, services) is Committed.DONE:
            return _view(_history(subject, services), subject, now, services, just_acknowledged=True)
    raise StoreUnavailable("the promise kept changing under this press")


def _history(subject: Subject, services: Services) -> History:
    """Return the promise that a token names, if the notice that carried it is on record. Raises BadLink otherwise."""
    history = services.store.history(subject.promise_id)
    if history is None or not any(f"{NOTICE_CODE[each.word]}{each.n}" == subject.notice for each in history.notices):
        raise BadLink
    return history


def _view(
    history: History,
    subject: Subject,
    now: datetime,
    services: Services,
    *,
    just_acknowledged: bool = False,
    form_expired: bool = False,
) -> PageView:
    promise = history.promise
    customer = services.store.customers([promise.customer_ref]).get(promise.customer_ref)
    promisers = services.store.promisers([promise.promiser_ref]) if promise.promiser_ref else {}
    promiser = promisers.get(promise.promiser_ref or "")
    return PageView(
        is_attempt=promise.kind is Kind.ATTEMPT,
        locale=customer.locale if customer else services.rules.brand.locale,
        zone=promise.zone,
        brand=services.rules.brand,
        now=now,
        what=promise.what,
        status=promise.status.value,
        due_at=promise.due_at,
        next_contact_at=next_contact(promise, now),
        timeline=tuple(TimelineLine(each.name, each.at, each.data, each.text) for each in history.facts),
        form_nonce=sign(services.secrets.link_keys(), Purpose.FORM, subject, now + FORM_LIFE),
        customer_name=customer.name if customer else None,
        promiser_name=promiser.name if promiser else None,
        promiser_team=promiser.team if promiser else None,
        order=promise.about.get("order"),
        amount=promise.about.get("amount"),
        currency=promise.about.get("currency"),
        acknowledged_at=promise.acknowledged_at,
        just_acknowledged=just_acknowledged,
        form_expired=form_expired,
    )
