"""Publish: put each fact on the bus, at least once, under an id that lets a consumer drop repeats."""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.facts import Fact
from chalicelib.domain.promise import Kind, Promise
from chalicelib.messages.views import CallView
from chalicelib.usecases.compose import claim_view, is_limit, recovery_view
from chalicelib.usecases.ports import BusEvent, Metric, StoreUnavailable
from chalicelib.usecases.services import Services

_log = logging.getLogger(__name__)
CALL = "CallRequired"
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def publish(keys: Sequence[tuple[str, int]], services: Services) -> frozenset[tuple[str, int]]:
    """Publish the facts named by (promise id, number); return those that were not taken and may be retried.

    Those of one promise go in their order, as far as one batch can see to that: the store tells them in none.
    A required call also wakes the operators: it is published only once they were told, so it is told again rather than
    never.
    """
    facts = sorted(services.store.facts(keys), key=lambda fact: (fact.promise_id, fact.seq))
    promises = services.store.load(list({fact.promise_id for fact in facts}))
    events: list[BusEvent] = []
    refused: set[str] = set()
    for fact in facts:
        promise = promises.get(fact.promise_id)
        if promise is None:
            continue
        try:
            events.append(_call_event(fact, promise, services) if fact.name == CALL else event_of(fact, promise))
        except StoreUnavailable:
            _log.warning("operators could not be told of fact %s yet", fact.id)
            refused.add(fact.id)
    refused |= services.bus.put(events) if events else set()
    taken = [fact for fact in facts if fact.promise_id in promises and fact.id not in refused]
    if taken:
        services.metrics.put(_metrics(taken))
    return frozenset((fact.promise_id, fact.seq) for fact in facts if fact.id in refused)


def event_of(fact: Fact, promise: Promise) -> BusEvent:
    """Return the event that tells other services of a fact: ids, numbers and times, nobody's words."""
    detail: dict[str, str | int] = {
        "promise_id": fact.promise_id,
        "seq": fact.seq,
        "source": promise.source,
        "ref": promise.ref,
        **fact.data,
    }
    return BusEvent(fact.id, _WORDS.sub(" ", fact.name), fact.at, detail)


def _call_event(fact: Fact, promise: Promise, services: Services) -> BusEvent:
    """Wake the operators, and return the event with what a caller needs: the promise, the language, what to say."""
    customer = services.store.customers([promise.customer_ref]).get(promise.customer_ref)
    locale = customer.locale if customer else services.rules.brand.locale
    view = CallView(
        word=str(fact.data.get("word", "")),
        is_attempt=promise.kind is Kind.ATTEMPT,
        locale=locale,
        zone=promise.zone,
        brand=services.rules.brand,
        now=fact.at,
        what=promise.what,
        due_at=promise.due_at,
        recovery=recovery_view(promise, ""),
        claim=claim_view(promise),
        answered_no=fact.data.get("reason") == "not_kept",
        is_limit=is_limit(promise, services),
    )
    script = services.texts.call_script(view)
    event = event_of(fact, promise)
    detail = {**event.detail, "name": promise.what, "language": locale, "script": script}
    lines = [f"Promise: {promise.what}", f"Source and reference: {promise.source} {promise.ref}", f"Language: {locale}"]
    services.operators.tell(f"Kept: a customer must be called ({fact.promise_id})", "\n".join([*lines, "", script]))
    return BusEvent(event.id, event.type, event.at, detail)


def _metrics(facts: Sequence[Fact]) -> list[Metric]:
    counted = Counter(fact.name for fact in facts)
    late = [
        (fact.at - datetime.fromisoformat(str(fact.data["owed_at"]))).total_seconds()
        for fact in facts
        if "owed_at" in fact.data
    ]
    metrics = [Metric(name, float(times)) for name, times in counted.items()]
    metrics.append(Metric("FactsPublished", float(len(facts))))
    return metrics + [Metric("LatenessSeconds", each, "Seconds") for each in late]
