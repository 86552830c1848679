"""How often a word comes twice when its send left a doubt, by how late the provider's receipt comes."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import EmailMessage, Sent
from tests import receipts
from tests.fakes import FakeEmailSender
from tests.simulation.faults import Crash
from tests.simulation.people import GEMMA
from tests.simulation.story import START
from tests.simulation.world import SimWorld
from tests.world import World

NOTICES = 200
# A ring that is held to its moment holds the simulated world up, so that they must not crowd.
APART = timedelta(seconds=7)
QUIET_WINDOW = World().rules.quiet_window
LAGS: tuple[timedelta | None, ...] = (
    *(timedelta(seconds=each) for each in (1, 30, 120, 300, 540, 590, 610, 660, 900, 3600)),
    None,
)


@dataclass(frozen=True, slots=True)
class Lagged:
    """Words whose first send left a doubt: how many came twice, and the most often that one came."""

    lag: timedelta | None
    words: int
    twice: int
    most: int


class Doubtful(FakeEmailSender):
    """A provider that takes everything, and leaves the first send of each notice in doubt: a 5xx, or a dead worker."""

    def __init__(self, lag: timedelta | None) -> None:
        super().__init__()
        self.lag = lag
        self.world: SimWorld | None = None
        self.chance = Random(7)
        self._seen: set[str] = set()

    def send(self, message: EmailMessage) -> Sent:
        """Take it, have it receipted after the lag, and say nothing of it the first time."""
        sent = super().send(message)
        if self.world and self.lag is not None:
            world, lag = self.world, self.lag
            world.at(world.time + lag, lambda: _receipt(world, message, sent))
        if message.notice_id in self._seen:
            return sent
        self._seen.add(message.notice_id)
        if self.chance.random() < 0.5:
            raise Crash
        return Sent(Outcome.UNKNOWN, reason="http 500")


def measure(lag: timedelta | None) -> Lagged:
    """Have so many promises confirmed with receipts that lag so much (None: there are none)."""
    sender = Doubtful(lag)
    world = SimWorld(base=World(email=sender), start=START)
    sender.world = world
    for n in range(NOTICES):
        _make(world, n)
    world.run_until(START + timedelta(hours=3))
    copies = Counter(message.notice_id for message in sender.delivered)
    by_promise = Counter(message.promise_id for message in [*sender.delivered, *world.base.sms.delivered])
    return Lagged(lag, len(copies), sum(each > 1 for each in by_promise.values()), max(by_promise.values()))


def _make(world: SimWorld, n: int) -> None:
    due = (START + timedelta(days=2)).isoformat()
    data: dict[str, Any] = {"ref": f"order-{n}", "kind": "commitment", "what": f"Pedido {n}", "due_at": due}
    data["customer"] = GEMMA | {"ref": f"c-{n}"}
    world.at(START + n * APART, lambda: world.sources.tell("promise.made", data) and None)


def _receipt(world: SimWorld, message: EmailMessage, sent: Sent) -> None:
    """Post the receipt, signed, until it is taken."""
    event = receipts.event(message.notice_id, "delivered", world.time.timestamp())
    body = json.dumps([event])
    headers = receipts.sign(body.encode(), world.time.timestamp())
    status = world.sources.request("POST", receipts.PATH, headers, body)[0]
    if status != 204:
        world.at(world.time + timedelta(minutes=1), lambda: _receipt(world, message, sent))
