"""The simulated world: an agenda, and the queue, streams, schedules and expiring clocks around the real functions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from random import Random
from typing import Any

from chalicelib.adapters.tables import fact_sk, promise_pk
from chalicelib.domain.notices import Outcome
from chalicelib.messages.views import NoticeView
from chalicelib.standards.published import published
from chalicelib.usecases.store_port import Committed
from tests.simulation.faults import Plan, Planned
from tests.simulation.functions import Functions
from tests.simulation.journal import Effect, Heard, Journal
from tests.simulation.nights import Nights
from tests.simulation.provider import Provider
from tests.simulation.queue import Queue
from tests.simulation.schedule import Alarm, Minutes
from tests.simulation.sources import Sources
from tests.simulation.stream import Stream
from tests.simulation.strikes import strike
from tests.simulation.tap import Tap
from tests.simulation.visitors import Visitors
from tests.simulation.worker import Worker
from tests.world import NINE, PlainTexts, World

GRACE = timedelta(minutes=10)
# So few to a page that a nightly round, and a rebuild, takes several.
PAGE_ITEMS = 2


class TellingTexts(PlainTexts):
    """Plain texts that also say why, the new date, and when the next word comes, for the verdict to hold them to."""

    def sms(self, view: NoticeView) -> str:
        parts = [super().sms(view)]
        if view.recovery and view.wording.startswith(("recovery", "reminder")):
            parts.append(view.recovery.reason)
            parts += [f"new {view.recovery.new_due_at.isoformat()}"] if view.recovery.new_due_at else []
        parts += [f"next {view.next_contact_at.isoformat()}"] if view.next_contact_at else []
        return " | ".join(parts)


class SimWorld:
    """One run: `base` holds the fakes; `sweeps` and `ttl` (how long after its expiry a clock goes; None: never) say
    what AWS does; `sweep_jitter` is by how much a schedule may be late; `bounces` and `reports` are the provider's."""

    def __init__(
        self,
        plan: Plan | None = None,
        *,
        base: World | None = None,
        start: datetime = NINE,
        sweeps: bool = True,
        ttl: timedelta | None = timedelta(),
        sweep_jitter: timedelta = timedelta(),
        bounces: tuple[str, ...] = (),
        reports: bool = False,
        seed: int = 0,
    ) -> None:
        self.base = base or World()
        self.base.rules = replace(self.base.rules, standards=published)
        self.base.texts = TellingTexts()
        self.base.survey.page_items = self.base.ledgers.page_items = PAGE_ITEMS
        self.time = start
        self.sweeps = sweeps
        self.ttl = ttl
        self.chance = Random(seed)
        self.tokens = 0
        self.journal = Journal()
        self.armed: dict[str, datetime] = {}
        observers = {
            "store.load": self._on_load,
            "store.customers": self._on_people,
            "store.promisers": self._on_people,
            "store.claim": self._on_claim,
            "store.commit": self._on_commit,
            "email.send": self._on_send,
            "sms.send": self._on_send,
            "rings.put": self._on_put,
            "store.save_customer": self._on_answer,
            "store.redeem": self._on_answer,
        }
        self.tap = Tap(plan or Planned(), partial(strike, self), observers, lambda: (self.time, self.functions.held()))
        self.functions = Functions(self)
        self.queue = Queue(self, self.functions.ring)
        self.facts = Stream(self, "publish", self.functions.publish)
        self.removals = Stream(self, "rescue", self.functions.rescue)
        self.sources = Sources(self)
        self.visitors = Visitors(self)
        self.nights = Nights(self)
        self.provider = Provider(self, bounces, reports=reports)
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._entries = 0
        self.minutes = Minutes(self, self.functions.sweep, sweep_jitter)
        self._expiry = Alarm(self, self._expire)

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Put an act on the agenda."""
        self._entries += 1
        heappush(self._agenda, (moment, self._entries, act))

    def run_until(self, end: datetime) -> None:
        """Let happen what is on the agenda up to `end`."""
        agenda = self._agenda
        while agenda and agenda[0][0] <= end:
            moment, _, act = heappop(agenda)
            self.time = max(self.time, moment)
            act()
        self.time = max(self.time, end)

    def expire_clock(self, promise_id: str) -> None:
        """Delete a clock as TTL does, and tell the stream."""
        clock = self.base.store.clocks.pop(promise_id, None)
        if clock:
            self.armed.pop(promise_id, None)
            self._removed(clock.promise_id, clock.ring_at)

    def _expire(self) -> None:
        if self.ttl is None:
            return
        lifetime = GRACE + self.ttl
        for promise_id, ring_at in list(self.armed.items()):
            if ring_at + lifetime <= self.time:
                self.expire_clock(promise_id)
        if self.armed:
            self._expiry.by(min(self.armed.values()) + lifetime)

    def _removed(self, promise_id: str, ring_at: datetime) -> None:
        expires = int((ring_at + GRACE).timestamp())
        image = {"promise_id": {"S": promise_id}, "expires_at": {"N": str(expires)}}
        self.removals.add("REMOVE", Keys={"promise_id": {"S": promise_id}}, OldImage=image)

    # What took effect

    def _on_load(self, worker: Worker, order: int, args: tuple[Any, ...], result: Any) -> None:
        worker.read_order = order
        worker.read_at = self.time

    def _on_people(self, worker: Worker, order: int, args: tuple[Any, ...], result: Any) -> None:
        worker.people_order = order

    def _on_claim(self, worker: Worker, order: int, args: tuple[Any, ...], result: Any) -> None:
        if result is None:
            worker.holds.add(args[0].promise_id)

    def _on_commit(self, worker: Worker, order: int, args: tuple[Any, ...], result: Committed) -> None:
        if result is not Committed.DONE:
            return
        commit = args[0]
        promise_id = commit.promise.id
        if commit.notice:
            worker.holds.discard(promise_id)
        self.journal.effects.append(Effect(order, self.time, commit))
        if commit.answer:
            self._answered(commit.answer.webhook_id, order)
        for fact in commit.facts:
            keys = {"pk": {"S": promise_pk(fact.promise_id)}, "sk": {"S": fact_sk(fact.seq)}}
            self.facts.add("INSERT", Keys=keys)
        before = self.armed.pop(promise_id, None)
        if commit.clock:
            self.armed[promise_id] = commit.clock.ring_at
            self.minutes.expect(commit.clock.ring_at)
            if self.ttl is not None:
                self._expiry.by(commit.clock.ring_at + GRACE + self.ttl)
        elif before:
            self._removed(promise_id, before)

    def _on_send(self, worker: Worker, order: int, args: tuple[Any, ...], result: Any) -> None:
        if result.outcome is Outcome.ACCEPTED:
            word = args[0].notice_id.split(":")[1]
            heard = Heard(order, self.time, worker.read_order, worker.read_at, word, args[0], worker.people_order)
            self.journal.heard.append(heard)
            self.provider.took(heard, result)

    def _on_answer(self, worker: Worker, order: int, args: tuple[Any, ...], result: Committed) -> None:
        if result is Committed.DONE:
            self._answered(args[1].webhook_id, order)

    def _answered(self, webhook_id: str, order: int) -> None:
        self.journal.answered[webhook_id] += 1
        self.journal.taken.setdefault(webhook_id, order)

    def _on_put(self, worker: Worker, order: int, args: tuple[Any, ...], result: Any) -> None:
        for each in self.base.rings.queued:
            self.queue.put_ring(each.clock, each.visible_at)
        self.base.rings.queued.clear()
