"""Publish: put each fact on the bus, at least once, under an id that lets a consumer drop repeats."""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.facts import Fact
from chalicelib.domain.promise import Promise
from chalicelib.usecases.apart import log_failure
from chalicelib.usecases.ports import BusEvent, Metric
from chalicelib.usecases.required_call import CALL_REQUIRED, is_open, script
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import StoreUnavailable

_log = logging.getLogger(__name__)
WARNING = "TeamWarned"
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def publish(keys: Sequence[tuple[str, int]], services: Services) -> frozenset[tuple[str, int]]:
    """Publish the facts named by (promise id, number); return those that were not taken and may be retried.

    Those of one promise go in their order, as far as one batch can see to that: the store tells them in none. A
    required call, and the answer to a claim that is due soon, also wake the operators: these are published only once
    they were told, so they are told again rather than never. Nobody is woken for a customer who was erased meanwhile,
    or for a call that has become needless.
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
            if fact.name == WARNING and not promise.is_erased:
                _warn(fact, promise, services)
            calls = fact.name == CALL_REQUIRED and not promise.is_erased
            events.append(_call_event(fact, promise, services) if calls else event_of(fact, promise))
        except StoreUnavailable:
            _log.warning("operators could not be told of fact %s yet", fact.id)
            refused.add(fact.id)
        except Exception as error:  # noqa: BLE001 - one fact that cannot be told must not hold up the others
            log_failure(f"fact {fact.id}", error)
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
    """Wake the operators if the call is still to be made, and return the event with what a caller begins with: the
    language, and what to say.

    Both go where nothing can be taken back, so they hold nobody's words; those are read, as they stand by then, with
    the promise.
    """
    event = event_of(fact, promise)
    said = script(fact, promise, fact.at, services, with_words=False)
    lines = [
        f"Source and reference: {promise.source} {promise.ref}",
        f"Language: {said.language}",
        f"What it is about, why, and what is offered: {services.rules.public_url}/v1/promises/{promise.id}, under call",
        "",
        said.text,
    ]
    history = services.store.history(promise.id)
    if history and is_open(fact, history):
        services.operators.tell(f"Kept: a customer must be called ({fact.promise_id})", "\n".join(lines))
    return BusEvent(event.id, event.type, event.at, {**event.detail, "language": said.language, "script": said.text})


def _warn(fact: Fact, promise: Promise, services: Services) -> None:
    """Tell the operators which claim is to be answered by when; an answer that came meanwhile needs no word."""
    if promise.is_over or promise.claim is None or datetime.fromisoformat(str(fact.data["due_at"])) != promise.due_at:
        return
    answer = "is to be answered" if fact.data["answer"] == "review" else "is to be corrected"
    lines = [
        f"Source and reference: {promise.source} {promise.ref}",
        f"What it is about: {services.rules.public_url}/v1/claims/{promise.id}",
    ]
    by = promise.due_at.astimezone(services.rules.brand.time_zone).isoformat(timespec="minutes")
    services.operators.tell(f"Kept: a claim {answer} by {by} ({fact.promise_id})", "\n".join(lines))


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
