"""What operators look at: metrics, and the queues of what could not be done."""

from collections.abc import Sequence

from chalicelib.usecases.ports import Metric
from chalicelib.usecases.store_port import StoreUnavailable


class FakeMetrics:
    """Metrics that can be read back."""

    def __init__(self) -> None:
        self.reported: list[Metric] = []

    def put(self, metrics: Sequence[Metric]) -> None:
        self.reported.extend(metrics)

    def values(self, name: str) -> list[float]:
        """Return what was reported under a name, oldest first."""
        return [metric.value for metric in self.reported if metric.name == name]


class FakeOperators:
    """Operators who keep what they were told; they cannot be reached while `available` is False."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.available = True

    def tell(self, subject: str, message: str) -> None:
        if not self.available:
            raise StoreUnavailable("the topic does not answer")
        self.told.append((subject, message))


class FakeDeadLetters:
    """DeadLetters, counted by the test itself; None means that the queues do not answer."""

    def __init__(self) -> None:
        self.lying: int | None = 0

    def count(self) -> int:
        if self.lying is None:
            raise StoreUnavailable("the queues do not answer")
        return self.lying
