"""A required call: what a person must tell a customer, in the customer's language, and whether it is still required."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.delivery import SENT_FACT
from chalicelib.domain.facts import Fact
from chalicelib.domain.feedback import Perceived
from chalicelib.domain.promise import Kind, Promise, Word
from chalicelib.domain.recovery import Recovery
from chalicelib.messages.views import CallView, OfferView, RecoveryView
from chalicelib.usecases.compose import claim_view, is_limit, recovery_view
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import History

CALL_REQUIRED = "CallRequired"
NOT_KEPT = "not_kept"
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
        answered_no=call.data.get("reason") == NOT_KEPT,
        is_expectation=promise.kind is Kind.EXPECTATION,
        is_limit=is_limit(promise, services),
    )
    return Script(view.locale, services.texts.call_script(view))


def open_call(history: History) -> Fact | None:
    """Return the fact that requires a call which is still to be made, or None."""
    call = next((fact for fact in reversed(history.facts) if fact.name == CALL_REQUIRED), None)
    return call if call and is_open(call, history) else None


def is_open(call: Fact, history: History) -> bool:
    """Tell whether nobody has made a call yet that a fact requires, and nothing has made it needless since.

    A call that nobody answered is still to be made, unless time brings the next one, or a choice, by itself.
    """
    promise, recovery, word = history.promise, history.promise.recovery, call.data.get("word")
    since = [fact for fact in history.facts if fact.seq > call.seq]
    comes_again = word == Word.RECOVERY and recovery is not None and _decides_itself(recovery)
    happened = {fact.name for fact in since if comes_again or fact.data.get("outcome") != "no_answer"}
    if promise.is_erased or happened & _ANSWERS:
        return False
    if call.data.get("reason") == NOT_KEPT:
        return not _taken_back(since) and (word != Word.APOLOGY or promise.contested is not None)
    if word == Word.RECOVERY:
        return recovery is not None and recovery.is_open and not promise.is_over
    return not happened & _TOLD_SINCE


def _taken_back(since: Iterable[Fact]) -> bool:
    """Tell whether the customer found it kept after all."""
    return any(fact.name == "FeedbackGiven" and fact.data.get("answer") == Perceived.YES for fact in since)


def _decides_itself(recovery: Recovery) -> bool:
    return recovery.call_at is not None or recovery.decide_by is not None


def _without_words(recovery: RecoveryView) -> RecoveryView:
    return replace(recovery, reason="", done_so_far="", solution="", offer=OfferView(""))
