"""Clocks: one small record per promise, which says when the promise must next ring."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.obligations import next_ring
from chalicelib.domain.promise import Promise


@dataclass(frozen=True, slots=True)
class Clock:
    """When a promise must next ring."""

    promise_id: str
    ring_at: datetime


def clock_of(promise: Promise) -> Clock | None:
    """Return the clock that a promise needs now, or None when it owes nothing any more."""
    ring_at = next_ring(promise)
    return Clock(promise.id, ring_at) if ring_at else None
