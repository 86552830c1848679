"""The claim page: a customer tells us what was promised to them and nobody wrote down."""

import hashlib
from dataclasses import dataclass, replace

from chalicelib.domain.claims import Claiming
from chalicelib.messages.page_views import ClaimPageView
from chalicelib.security.links import BadLink, Purpose, Subject, read, same, sign
from chalicelib.usecases.open_page import FORM_LIFE, history_behind, language_of
from chalicelib.usecases.services import Services
from chalicelib.usecases.take_event import ClaimRaised, NoSuchCustomer, take_event


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """What the customer wrote: what was promised, and by whom, when, and what there is to show for it."""

    what: str
    evidence: str


def open_claim_page(token: str, services: Services) -> ClaimPageView:
    """Return the form, for the customer of the promise behind a link. Changes nothing. Raises BadLink."""
    now = services.system.now()
    subject = _subject(token, services)
    promise = history_behind(subject, services).promise
    nonce = sign(services.secrets.link_keys(), Purpose.CLAIM_FORM, subject, now + FORM_LIFE)
    return ClaimPageView(language_of(promise, services), services.rules.brand, promise.what, nonce)


def send_claim(token: str, nonce: str, form: ClaimForm, services: Services) -> ClaimPageView:
    """Raise the claim and return what the page shows then; the same form sent again is the same claim.

    The page says so when the form has expired. Raises BadLink, and StoreUnavailable when a retry may help.
    """
    view = open_claim_page(token, services)
    subject = _subject(token, services)
    if not _is_ours(nonce, subject, services):
        return replace(view, form_expired=True)
    promise = history_behind(subject, services).promise
    # By whom it was promised is in their own words: guessing would put it on the wrong person's ledger.
    # One form, one claim: a second press carries the same nonce, and so the same reference.
    key = hashlib.sha256(nonce.encode()).hexdigest()[:16]
    claiming = Claiming(
        source=promise.source,
        ref=f"page-{key}",
        what=form.what,
        customer_ref=promise.customer_ref,
        time_zone=promise.time_zone,
        evidence=form.evidence or None,
        about={name: value for name, value in promise.about.items() if name == "order"},
        digest=key,
    )
    try:
        take_event(ClaimRaised(claiming, None, None), promise.source, f"page-{key}", services)
    except NoSuchCustomer:
        raise BadLink from None
    return replace(view, sent=True)


def _subject(token: str, services: Services) -> Subject:
    return read(services.secrets.link_keys(), Purpose.PAGE, token, services.system.now())


def _is_ours(nonce: str, subject: Subject, services: Services) -> bool:
    try:
        form = read(services.secrets.link_keys(), Purpose.CLAIM_FORM, nonce, services.system.now())
    except BadLink:
        return False
    return same(form, subject)
