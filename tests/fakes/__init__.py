"""In-memory stand-ins for every port. Each passes the same contract suite as the adapter it stands for."""

from tests.fakes.bus import FakeBus
from tests.fakes.ledgers import FakeLedgers
from tests.fakes.operations import FakeDeadLetters, FakeMetrics, FakeOperators
from tests.fakes.ring_queue import FakeRingQueue, QueuedRing
from tests.fakes.secrets import FakeSecrets
from tests.fakes.senders import FakeEmailSender, FakeSmsSender
from tests.fakes.store import FakeClocks, FakeStore
from tests.fakes.survey import FakeGivenUp, FakeSurvey
from tests.fakes.system import FakeSystem

__all__ = [
    "FakeBus",
    "FakeClocks",
    "FakeDeadLetters",
    "FakeEmailSender",
    "FakeGivenUp",
    "FakeLedgers",
    "FakeMetrics",
    "FakeOperators",
    "FakeRingQueue",
    "FakeSecrets",
    "FakeSmsSender",
    "FakeStore",
    "FakeSurvey",
    "FakeSystem",
    "QueuedRing",
]
