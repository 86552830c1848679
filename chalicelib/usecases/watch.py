"""Watch: measure what is overdue, from a schedule of its own, so that a stopped sweep is seen from outside it."""

from chalicelib.usecases.ports import Metric
from chalicelib.usecases.services import Services


def watch(services: Services) -> float:
    """Report the gauges; return by how many seconds the oldest armed clock is past its moment (0: none is)."""
    now = services.system.now()
    overdue = [(now - clock.ring_at).total_seconds() for clock in services.clocks.due(now)]
    oldest = max(overdue, default=0.0)
    services.metrics.put(
        [
            Metric("WatchHeartbeat", 1.0),
            Metric("OldestOverdueSeconds", oldest, "Seconds"),
            Metric("OverdueClocks", float(len(overdue))),
            Metric("DeadLetters", float(services.dead_letters.count())),
        ]
    )
    return oldest
