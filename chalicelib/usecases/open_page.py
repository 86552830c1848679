"""Open a page: show a customer their promise, without changing anything."""

import hashlib
from datetime import datetime, timedelta

from chalicelib.domain.claimed import ClaimStatus
from chalicelib.domain.moments import next_contact
from chalicelib.domain.promise import Kind, Promise, Status
from chalicelib.messages.locales import resolve
from chalicelib.messages.page_views import PageView, TimelineLine
from chalicelib.security.links import BadLink, Purpose, Subject, read, sign
from chalicelib.usecases.compose import NOTICE_CODE, amount_of, claim_view, is_limit, recovery_view
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import History

# Long enough to read the page and be called away; short enough that a form found later does nothing.
FORM_LIFE = timedelta(hours=1)


def open_page(token: str, services: Services, *, preselected: str | None = None) -> PageView:
    """Return what the promise page behind a link shows, one choice marked if the link says so. Raises BadLink."""
    now = services.system.now()
    subject = read(services.secrets.link_keys(), Purpose.PAGE, token, now)
    return view_page(token, history_behind(subject, services), now, services, preselected=preselected)


def history_behind(subject: Subject, services: Services) -> History:
    """Return the promise that a token names, if the notice that carried it is on record. Raises BadLink otherwise."""
    history = services.store.history(subject.promise_id)
    if (
        history is None
        or history.promise.is_erased
        or not any(f"{NOTICE_CODE[each.word]}{each.n}" == subject.notice for each in history.notices)
    ):
        raise BadLink
    return history


def form_subject(promise: Promise, before: int = 0) -> Subject:
    """Return what a form on the page speaks of: the promise and the recovery shown, so that no other can be meant.

    `before` is how many recoveries ago it was shown.
    """
    return Subject(promise.id, f"f{promise.recoveries - before}")


def press_key(nonce: str, *words: str) -> str:
    """Name what was sent: a second press has the same nonce and words, and with other words it is another thing."""
    return f"page-{hashlib.sha256(chr(0).join((nonce, *words)).encode()).hexdigest()[:16]}"


def language_of(promise: Promise, services: Services) -> str:
    """Return the language that a promise's customer is spoken to in."""
    customer = services.store.customers([promise.customer_ref]).get(promise.customer_ref)
    return customer.locale if customer else services.rules.brand.locale


def view_page(
    token: str,
    history: History,
    now: datetime,
    services: Services,
    *,
    preselected: str | None = None,
    just_acknowledged: bool = False,
    just_chosen: bool = False,
    just_answered: bool = False,
    form_expired: bool = False,
    too_late: bool = False,
) -> PageView:
    """Return what the page behind a token shows of a promise at `now`, after whatever was just done."""
    promise, recovery = history.promise, history.promise.recovery
    customer = services.store.customers([promise.customer_ref]).get(promise.customer_ref)
    promisers = services.store.promisers([promise.promiser_ref]) if promise.promiser_ref else {}
    promiser = promisers.get(promise.promiser_ref or "")
    amount, currency = amount_of(promise)
    return PageView(
        is_attempt=promise.kind is Kind.ATTEMPT,
        is_expectation=promise.kind is Kind.EXPECTATION,
        is_limit=is_limit(promise, services),
        locale=customer.locale if customer else services.rules.brand.locale,
        zone=promise.zone,
        brand=services.rules.brand,
        now=now,
        what=promise.what,
        status=promise.status.value,
        due_at=promise.due_at,
        next_contact_at=next_contact(promise, now),
        timeline=tuple(TimelineLine(each.name, each.at, each.data, each.text) for each in history.facts),
        form_nonce=sign(services.secrets.link_keys(), Purpose.FORM, form_subject(promise), now + FORM_LIFE),
        customer_name=customer.name if customer else None,
        promiser_name=promiser.name if promiser else None,
        promiser_team=promiser.team if promiser else None,
        order=promise.about.get("order"),
        amount=amount,
        currency=currency,
        acknowledged_at=promise.acknowledged_at,
        just_acknowledged=just_acknowledged,
        form_expired=form_expired,
        recovery=recovery_view(promise, ""),
        chosen_at=recovery.chosen_at if recovery else None,
        may_cancel=promise.status is Status.BROKEN
        and recovery is not None
        and recovery.parts is None
        and promise.claim is None,
        preselected=preselected if preselected in {"stay", "cancel", "yes", "partly", "no"} else None,
        just_chosen=just_chosen,
        may_answer=(promise.status is Status.KEPT and not _is_declined(promise)) or promise.contested is not None,
        is_contested=promise.contested is not None,
        perceived=promise.perceived,
        just_answered=just_answered,
        claim=claim_view(promise),
        claim_link=f"k?t={token}",
        too_late=too_late,
        standard=_standard(promise, customer.locale if customer else None, services),
    )


def _is_declined(promise: Promise) -> bool:
    return promise.claim is not None and promise.claim.status is ClaimStatus.DECLINED


def _standard(promise: Promise, locale: str | None, services: Services) -> str | None:
    """Return what the promise's standard promises, while the promise is as the standard says and not over."""
    standard = services.rules.standards().made_under(promise.standard)
    if standard is None or promise.is_over or not standard.describes(promise):
        return None
    text = standard.text(resolve(locale, services.rules.brand))
    return text.description if text else None
