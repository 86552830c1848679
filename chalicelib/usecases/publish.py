"""Publish: put each fact on the bus, at least once, under an id that lets a consumer drop repeats."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.facts import Fact
from chalicelib.domain.promise import Promise
from chalicelib.usecases.ports import BusEvent, Metric
from chalicelib.usecases.services import Services

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def publish(keys: Sequence[tuple[str, int]], services: Services) -> frozenset[tuple[str, int]]:
    """Publish the facts named by (promise id, number); return those that the bus did not take and may be retried."""
    facts = services.store.facts(keys)
    promises = services.store.load(list({fact.promise_id for fact in facts}))
    events = [event_of(fact, promises[fact.promise_id]) for fact in facts if fact.promise_id in promises]
    refused = services.bus.put(events) if events else frozenset()
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
