"""Sweep: put every clock that is due soon, or overdue, on the queue. What it misses, the next sweep finds."""

from datetime import timedelta
from itertools import islice

from chalicelib.usecases.ports import Metric
from chalicelib.usecases.services import Services

# Twice the time between two sweeps: one missed sweep makes nobody late.
LOOK_AHEAD = timedelta(minutes=2)
_AT_ONCE = 500


def sweep(services: Services) -> int:
    """Queue the clocks that ring within the look-ahead, the overdue ones included; return how many.

    Nothing is marked as queued: two sweeps queue the same clock twice, which costs less than a write and heals a ring
    that the queue lost.
    """
    now = services.system.now()
    clocks = iter(services.clocks.due(now + LOOK_AHEAD))
    queued = 0
    while some := list(islice(clocks, _AT_ONCE)):
        services.rings.put(some, services.system.now())
        queued += len(some)
    services.metrics.put([Metric("SweepHeartbeat", 1.0), Metric("ClocksQueued", float(queued))])
    return queued
