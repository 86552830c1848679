"""A required call: what a person must tell a customer, in the customer's language, and whether it is still required."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.delivery import SENT_FACT
from chalicelib.domain.facts import Fact
from chalicelib.domain.promise import Kind, Promise, Word
from chalicelib.domain.recovery import Recovery
from chalicelib.messages.views import CallView, OfferView, RecoveryView
from chalicelib.usecases.compose import claim_view, is_limit, recovery_view
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import History

CALL_REQUIRED = "CallRequired"
_ANSWERS = frozenset({"CallMade", "ChoiceRecorded", "Acknowledged"})
# Whoever has had a later word from us need not be told the earlier one on the phone.
_TOLD_SINCE = frozenset(fact for word, fact in SENT_FACT.items() if word is not Word.CHECK_IN)


@dataclass(frozen=True, slots=True)
class Script:
    """What to say, and in which language."""

    language: str
    text: str


def script(call: Fact, promise: Promise, now: datetime, services: Services, *, with_words: bool) -> Script:
    """Return what to say on a call that a fact requires, as of `now`.

    Without words it is our own sentences and dates alone: nothing that the company wrote of the matter, which may name
    anybody. So it may be sent where it cannot be taken back.
    """
    customer = services.store.customers([promise.customer_ref]).get(promise.customer_ref)
    recovery = recovery_view(promise, "")
    view = CallView(
        word=str(call.data.get("word", "")),
        is_attempt=promise.kind is Kind.ATTEMPT,
        locale=customer.locale if customer else services.rules.brand.locale,
        zone=promise.zone,
        brand=services.rules.brand,
        now=now,
        what=promise.what if with_words else "",
        due_at=promise.due_at,
        recovery=recovery if with_words or recovery is None else _without_words(recovery),
        claim=claim_view(promise),
        answered_no=call.data.get("reason") == "not_kept",
        is_expectation=promise.kind is Kind.EXPECTATION,
        is_limit=is_limit(promise, services),
    )
    return Script(view.locale, services.texts.call_script(view))


def open_call(history: History) -> Fact | None:
    """Return the fact that requires a call which nobody has made yet, and which nothing has made needless since.

    A call that nobody answered is still to be made, unless time brings the next one, or a choice, by itself.
    """
    promise = history.promise
    call = next((fact for fact in reversed(history.facts) if fact.name == CALL_REQUIRED), None)
    if call is None or promise.is_erased:
        return None
    of_recovery = call.data.get("word") == Word.RECOVERY
    comes_again = of_recovery and promise.recovery is not None and _decides_itself(promise.recovery)
    since = {
        fact.name
        for fact in history.facts
        if fact.seq > call.seq and (comes_again or fact.data.get("outcome") != "no_answer")
    }
    if not of_recovery:
        return None if since & (_ANSWERS | _TOLD_SINCE) else call
    asked = promise.recovery is not None and promise.recovery.is_open and not promise.is_over
    return None if since & _ANSWERS or not asked else call


def _decides_itself(recovery: Recovery) -> bool:
    return recovery.call_at is not None or recovery.decide_by is not None


def _without_words(recovery: RecoveryView) -> RecoveryView:
    return replace(recovery, reason="", done_so_far="", solution="", offer=OfferView(""))
