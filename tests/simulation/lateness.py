"""How late words come: updates at random moments, under schedules that jitter, sweeps that fail, and an outage.

What AWS adds is modelled, not measured: a message is received 20 to 250 ms after it becomes visible, in batches of up
to ten; five batches are served at once at first and three hundred more each minute, as Lambda's poller of a queue
grows; a batch takes 120 ms, its sends going out together. A ring that is held to its moment holds the whole world up
here, so that what lies below a second is rather too long than too short.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapreplace
from typing import Any

from chalicelib.domain.notices import Outcome
from tests.simulation.people import GEMMA
from tests.simulation.queue import Queue
from tests.simulation.schedule import Alarm
from tests.simulation.world import SimWorld
from tests.world import NINE

UPDATES = 2000
SPREAD = timedelta(hours=2)
OUTAGE_AT, OUTAGE = timedelta(minutes=60), timedelta(minutes=15)
FIRST_LANES, MORE_LANES_A_MINUTE = 5, 300
SERVED_IN = timedelta(milliseconds=120)
RECEIVED_IN = (0.02, 0.25)


class PolledQueue(Queue):
    """The ring queue as Lambda's poller serves it: each message a little late, and so many batches at once."""

    def __init__(self, world: SimWorld) -> None:
        super().__init__(world, world.functions.ring)
        self._sim = world
        self._free = [world.time] * FIRST_LANES
        self._busy_since: datetime | None = None
        self.down_until = world.time
        self._wake = Alarm(world, self.poll)

    def put(self, body: str, visible_at: datetime) -> None:
        """Queue a message; it is received a little after it becomes visible."""
        late = self._sim.chance.uniform(*RECEIVED_IN)
        super().put(body, visible_at + timedelta(seconds=late))

    def poll(self) -> None:
        """Serve what is visible, as far as there are lanes free; come again when one is."""
        now = self._sim.time
        if self.has_visible():
            if self.down_until > now:
                self._wake.by(self.down_until)
                return
            self._grow(now, len(self.messages))
            if self._free[0] > now:
                self._wake.by(self._free[0])
                return
            heapreplace(self._free, now + SERVED_IN)
            self.receive(self.take())
            self._sim.at(self._sim.time, self.poll)

    def _grow(self, now: datetime, waiting: int) -> None:
        if waiting <= FIRST_LANES * 10:
            self._busy_since = None
            return
        self._busy_since = self._busy_since or now
        wanted = FIRST_LANES + int((now - self._busy_since) / timedelta(minutes=1) * MORE_LANES_A_MINUTE)
        self._free += [now] * (wanted - len(self._free))


@dataclass(frozen=True, slots=True)
class Lateness:
    """Lateness of the updates of one run, in seconds; `drained` is how long after an outage the last late one came.

    Until then so many went out a second: `peak` at most, `median` in half of the seconds.
    """

    name: str
    updates: int
    early: int
    p50: float
    p99: float
    longest: float
    drained: float = 0.0
    peak: int = 0
    median: int = 0


def measure(case: tuple[str, dict[str, Any]]) -> Lateness:
    """Run a case: `jitter` (seconds) of the schedules, `missed` (share) of the sweeps, `outage` of ring or provider.

    The customers' `channels` are email and text messages, unless given.
    """
    name, given = case
    world = SimWorld(sweep_jitter=timedelta(seconds=given.get("jitter", 0)), seed=7)
    queue = PolledQueue(world)
    world.queue = queue
    moments = sorted(
        timedelta(minutes=5) + SPREAD * world.chance.random() for _ in range(given.get("updates", UPDATES))
    )
    for n, moment in enumerate(moments):
        _promise(world, n, NINE + moment, given.get("channels", GEMMA["channels"]))
    if missed := given.get("missed"):
        _miss(world, missed)
    if given.get("outage") == "ring":
        world.at(NINE + OUTAGE_AT, lambda: setattr(queue, "down_until", NINE + OUTAGE_AT + OUTAGE))
    if given.get("outage") == "provider":
        world.at(NINE + OUTAGE_AT, lambda: world.base.email.always_answer(GEMMA["email"], Outcome.UNAVAILABLE))
        world.at(NINE + OUTAGE_AT + OUTAGE, lambda: world.base.email.always_answer(GEMMA["email"], Outcome.ACCEPTED))
    world.run_until(NINE + SPREAD + timedelta(hours=1))
    return _summary(name, world, moments)


def _promise(world: SimWorld, n: int, moment: datetime, channels: list[str]) -> None:
    data = {
        "ref": f"order-{n}",
        "kind": "commitment",
        "what": "Tu pedido llega",
        "due_at": (NINE + timedelta(days=9)).isoformat(),
        "updates": {"at": [moment.isoformat()]},
        "customer": GEMMA | {"ref": f"c-{n}", "channels": channels},
    }
    world.at(NINE, lambda: world.sources.tell("promise.made", data) and None)


def _miss(world: SimWorld, share: float) -> None:
    sweep = world.functions.sweep

    def perhaps() -> None:
        if world.chance.random() >= share:
            sweep()

    world.minutes.sweep = perhaps


def _summary(name: str, world: SimWorld, moments: list[timedelta]) -> Lateness:
    by_promise = {each.promise_id: each.at for each in reversed(world.journal.heard) if each.word == "update"}
    refs = {promise.id: int(promise.ref.removeprefix("order-")) for promise in world.base.store.promises.values()}
    late = sorted((at - (NINE + moments[refs[promise]])).total_seconds() for promise, at in by_promise.items())
    back = NINE + OUTAGE_AT + OUTAGE
    held_up = [at for promise, at in by_promise.items() if NINE + moments[refs[promise]] < back <= at]
    drained = (max(held_up) - back).total_seconds() if held_up else 0.0
    sent = Counter(int((each.at - back).total_seconds()) for each in world.journal.heard if each.at >= back)
    seconds = sorted(sent[second] for second in range(int(drained) + 1)) if held_up else [0]
    return Lateness(
        name,
        len(late),
        sum(each < 0 for each in late),
        late[len(late) // 2],
        late[len(late) * 99 // 100],
        late[-1],
        drained,
        peak=seconds[-1],
        median=seconds[len(seconds) // 2],
    )


CASES: list[tuple[str, dict[str, Any]]] = [
    ("every schedule on the minute", {}),
    ("schedules 0 to 59 s late", {"jitter": 59}),
    ("one sweep in ten missed", {"jitter": 59, "missed": 0.1}),
    ("every other sweep missed", {"jitter": 59, "missed": 0.5}),
    ("ring down for 15 minutes", {"jitter": 59, "outage": "ring"}),
    ("email provider down for 15 minutes", {"jitter": 59, "outage": "provider"}),
    (
        "email provider down for 15 minutes, and there is no other channel",
        {"jitter": 59, "outage": "provider", "channels": ["email"]},
    ),
]
