"""Read a promise: everything known of it, for the services that ask."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chalicelib.domain.claimed import Claim
from chalicelib.domain.facts import Fact
from chalicelib.domain.notices import Notice, Outcome
from chalicelib.domain.promise import Promise
from chalicelib.domain.receipts import Delivery
from chalicelib.usecases.required_call import open_call, script
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import History
from chalicelib.usecases.suppressions import suppressed
from chalicelib.usecases.take_event import claim_summary, summary


def read_promise(promise_id: str, services: Services) -> dict[str, Any] | None:
    """Return a promise's state, timeline, notices and open call as JSON-ready values (times ISO 8601, UTC), or None."""
    history = services.store.history(promise_id)
    if history is None:
        return None
    promise = history.promise
    state = summary(promise, services.system.now()) | {
        "source": promise.source,
        "ref": promise.ref,
        "kind": promise.kind.value,
        "what": promise.what,
        "standard": promise.standard,
        "made_at": promise.made_at.isoformat(),
        "ended_at": promise.ended_at.isoformat() if promise.ended_at else None,
        "acknowledged_at": promise.acknowledged_at.isoformat() if promise.acknowledged_at else None,
        "customer": {"ref": promise.customer_ref},
        "promised_by": {"ref": promise.promiser_ref} if promise.promiser_ref else None,
        "about": dict(promise.about),
    }
    claim = {"claim": _claim(promise, promise.claim, history.facts)} if promise.claim else {}
    return claim | {
        "promise": state,
        "suppressed": _suppressed(promise, services),
        "call": _call(history, services),
        "timeline": [_line(fact) for fact in history.facts],
        "notices": [_notice(notice) for notice in history.notices],
    }


def _claim(promise: Promise, claim: Claim, facts: Sequence[Fact]) -> dict[str, Any]:
    """Return what was told of a claim, field by field, and what came of it; `added` is what was sent later."""
    told = [fact.text for fact in facts if fact.name == "ClaimRaised"]
    corrects = asdict(claim.corrects) if claim.corrects else None
    return claim_summary(promise) | {
        "what": promise.what,
        "by_whom": claim.by_whom,
        "when": claim.when,
        "promised_by": {"ref": promise.promiser_ref} if promise.promiser_ref else None,
        "evidence": told[0] if told else None,
        "added": [fact.text for fact in facts if fact.name == "ClaimAdded" and fact.text],
        "corrects": {name: value for name, value in corrects.items() if value is not None} if corrects else None,
        "note": claim.note,
    }


def _suppressed(promise: Promise, services: Services) -> dict[str, list[dict[str, str | None]]]:
    """Return the channels by which nothing is sent to the customer and to the promiser, with the reasons."""
    now, by = services.system.now(), promise.promiser_ref
    customer = services.store.customers([promise.customer_ref]).get(promise.customer_ref)
    promiser = services.store.promisers([by]).get(by) if by else None
    return {"customer": suppressed(customer, now), "promised_by": suppressed(promiser, now)}


def _call(history: History, services: Services) -> dict[str, Any] | None:
    """Return the call that a person must make, with what to say as things stand now; None when there is none."""
    call = open_call(history)
    if call is None:
        return None
    said = script(call, history.promise, services.system.now(), services, with_words=True)
    why = {name: call.data.get(name) for name in ("word", "reason")}
    return {**why, "since": call.at.isoformat(), "language": said.language, "script": said.text}


def _line(fact: Fact) -> dict[str, Any]:
    return {"seq": fact.seq, "fact": fact.name, "at": fact.at.isoformat(), "text": fact.text, "data": dict(fact.data)}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    """Say how a message fared after the provider took it, with the first time of each thing reported."""
    failure = delivery.failure
    return {
        "status": delivery.status.value if delivery.status else None,
        "reason": failure.reason.value if failure and failure.reason else None,
        "times": {each.kind.value: each.at.isoformat() for each in delivery.firsts},
    }


def _notice(notice: Notice) -> dict[str, Any]:
    accepted = next((each for each in notice.attempts if each.outcome is Outcome.ACCEPTED), None)
    return {
        "id": notice.id,
        "obligation": notice.word.value,
        "wording": notice.wording,
        "channel": notice.channel.value,
        "outcome": notice.status,
        "due_at": notice.due_at.isoformat(),
        "claimed_at": notice.claimed_at.isoformat(),
        "sent_at": accepted.at.isoformat() if accepted else None,
        "delivery": _delivery(notice.delivery),
        "attempts": [
            {
                "at": each.at.isoformat(),
                "channel": each.channel.value,
                "outcome": each.outcome.value,
                "provider_id": each.provider_id,
                "reason": each.reason,
            }
            for each in notice.attempts
        ],
    }
