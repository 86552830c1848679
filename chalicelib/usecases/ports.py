"""The ports: what the use cases ask of the world. Adapters implement them; a library's exception never crosses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from chalicelib.domain.clocks import Clock
from chalicelib.domain.notices import Outcome

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class RingQueue(Protocol):
    """The queue that rings clocks."""

    def put(self, clocks: Sequence[Clock], now: datetime) -> None:
        """Queue the clocks so that each is delivered about a second ahead of its moment, at once if that is past.

        Raises StoreUnavailable when some could not be queued (others may have been).
        """


@dataclass(frozen=True, slots=True)
class EmailMessage:
    """An email ready to send. `notice_id` and `promise_id` go with it as opaque custom arguments."""

    to: str
    to_name: str | None
    subject: str
    text: str
    html: str
    notice_id: str
    promise_id: str


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """A text message ready to send; `to` is E.164."""

    to: str
    text: str
    notice_id: str
    promise_id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """How a provider answered: never an exception. `reason` is short and names no address.

    `hold` comes with unavailable when the provider asks, or has asked, to be left alone for so long.
    """

    outcome: Outcome
    provider_id: str | None = None
    reason: str | None = None
    hold: timedelta | None = None


class EmailSender(Protocol):
    """Sends one email, once: no retries of its own, and a time-out."""

    def send(self, message: EmailMessage) -> Sent:
        """Send, and tell how it went."""


class SmsSender(Protocol):
    """Sends one text message, once: no retries of its own, and a time-out."""

    def send(self, message: SmsMessage) -> Sent:
        """Send, and tell how it went."""


@dataclass(frozen=True, slots=True)
class BusEvent:
    """An event for other services: `detail` holds ids, closed-list names, numbers and times only."""

    id: str
    type: str
    at: datetime
    detail: Mapping[str, str | int] = field(default_factory=dict)


class Bus(Protocol):
    """The EventBridge bus `kept`."""

    def put(self, events: Sequence[BusEvent]) -> frozenset[str]:
        """Put the events on the bus; return the ids of those that it did not take."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One CloudWatch value. `unit` is a CloudWatch unit: Count, Seconds, None."""

    name: str
    value: float
    unit: str = "Count"


class Metrics(Protocol):
    """CloudWatch metrics. A metric that cannot be put is logged and never stops the work."""

    def put(self, metrics: Sequence[Metric]) -> None:
        """Report the values now."""


class Operators(Protocol):
    """The topic that wakes a person."""

    def tell(self, subject: str, message: str) -> None:
        """Tell operators something; `subject` is one line of ASCII, up to 100 characters. Raises StoreUnavailable."""


class DeadLetters(Protocol):
    """The queues of what could not be done."""

    def count(self) -> int:
        """Return how many messages lie in all of them together. Raises StoreUnavailable."""


class System(Protocol):
    """Time and chance, read at the edge only."""

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""

    def wait(self, duration: timedelta) -> None:
        """Wait so long (nothing when it is not positive)."""

    def token(self) -> str:
        """Return an unguessable token, new at each call."""

    def jitter(self) -> float:
        """Return a number from 0 up to 1, new at each call."""

    def together(self, work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
        """Do the same work for each item, at the same time where that helps; results in the items' order."""
