"""The claim page: a customer tells us what was promised to them and nobody wrote down, or sends more about it."""

from dataclasses import astuple, dataclass, replace

from chalicelib.domain.claims import Claiming, add_to_claim
from chalicelib.messages.page_views import ClaimPageView
from chalicelib.security.links import BadLink, Purpose, Subject, read, same, sign
from chalicelib.usecases.open_page import FORM_LIFE, history_behind, language_of, press_key
from chalicelib.usecases.services import Services
from chalicelib.usecases.take_event import ClaimRaised, NoSuchCustomer, PromiseNews, answering, take_event


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """What the customer wrote: what was promised, and by whom, when, and what there is to show for it."""

    what: str
    by_whom: str = ""
    when: str = ""
    evidence: str = ""


def open_claim_page(token: str, services: Services, *, more: bool = False) -> ClaimPageView:
    """Return the form, for the customer of the promise behind a link: for a claim, or for `more` about that one.

    Changes nothing. Raises BadLink.
    """
    now = services.system.now()
    subject = _subject(token, services)
    promise = history_behind(subject, services).promise
    if more and promise.claim is None:
        raise BadLink
    nonce = sign(services.secrets.link_keys(), Purpose.CLAIM_FORM, subject, now + FORM_LIFE)
    return ClaimPageView(language_of(promise, services), services.rules.brand, promise.what, nonce, more=more)


def send_claim(token: str, nonce: str, form: ClaimForm, services: Services) -> ClaimPageView:
    """Raise the claim and return what the page shows then; the same form sent again is the same claim.

    The page says so when the form has expired. Raises BadLink, and StoreUnavailable when a retry may help.
    """
    view = open_claim_page(token, services)
    subject = _subject(token, services)
    if not _is_ours(nonce, subject, services):
        return replace(view, form_expired=True)
    promise = history_behind(subject, services).promise
    key = press_key(nonce, *astuple(form))
    # By whom it was promised is in their own words: guessing would put it on the wrong person's ledger.
    claiming = Claiming(
        source=promise.source,
        ref=key,
        what=form.what,
        customer_ref=promise.customer_ref,
        time_zone=promise.time_zone,
        by_whom=form.by_whom or None,
        when=form.when or None,
        evidence=form.evidence or None,
        about={name: value for name, value in promise.about.items() if name == "order"},
        digest=key,
    )
    try:
        take_event(ClaimRaised(claiming, None, None), promise.source, key, services)
    except NoSuchCustomer:
        raise BadLink from None
    return replace(view, sent=True)


def send_more(token: str, nonce: str, evidence: str, services: Services) -> ClaimPageView:
    """Add to the claim behind a link, and return what the page shows then; the same form again adds nothing.

    The page says so when the form has expired. Raises BadLink, and StoreUnavailable when a retry may help.
    """
    view = open_claim_page(token, services, more=True)
    subject = _subject(token, services)
    if not _is_ours(nonce, subject, services):
        return replace(view, form_expired=True)
    promise = history_behind(subject, services).promise
    answers = answering(promise.time_zone, services.system.now(), services.rules)
    added = PromiseNews(promise.ref, lambda found, now: add_to_claim(found, evidence, answers, now))
    take_event(added, promise.source, press_key(nonce, evidence), services)
    return replace(view, sent=True)


def _subject(token: str, services: Services) -> Subject:
    return read(services.secrets.link_keys(), Purpose.PAGE, token, services.system.now())


def _is_ours(nonce: str, subject: Subject, services: Services) -> bool:
    try:
        form = read(services.secrets.link_keys(), Purpose.CLAIM_FORM, nonce, services.system.now())
    except BadLink:
        return False
    return same(form, subject)
