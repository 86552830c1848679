"""A small world around the use cases: fakes behind every port, minutes that pass, sweeps, clocks that expire."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.domain.changes import Making, keep, progress, withdraw
from chalicelib.domain.facts import Change
from chalicelib.domain.people import Channel, Customer, Promiser
from chalicelib.domain.promise import Kind, Leads, Promise, Rhythm, promise_id
from chalicelib.messages.page_views import CheckInView, ClaimPageView, PageView
from chalicelib.messages.report_view import ReportView
from chalicelib.messages.views import Brand, CallView, EmailText, NoticeView
from chalicelib.usecases.ports import EmailMessage, SmsMessage
from chalicelib.usecases.rescue import Removal, rescue
from chalicelib.usecases.ring import ring
from chalicelib.usecases.services import Rules
from chalicelib.usecases.store_port import Answer
from chalicelib.usecases.sweep import sweep
from chalicelib.usecases.take_event import PromiseMade, PromiseNews, take_event
from infra.local.inbox.receipts import public_key
from tests.fakes import (
    FakeBus,
    FakeClocks,
    FakeDeadLetters,
    FakeEmailSender,
    FakeGivenUp,
    FakeLedgers,
    FakeMetrics,
    FakeOperators,
    FakeRingQueue,
    FakeSmsSender,
    FakeStore,
    FakeSurvey,
    FakeSystem,
)

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GEMMA = Customer("c-99", "es", "Europe/Madrid", "Gemma", "g@example.com", "+34600000000")
ANA = Promiser("seller-7", "Ana", "ana@shop.example", "sales")
EVENT_SIGNERS = [ec.derive_private_key(number, ec.SECP256R1()) for number in (1234567, 7654321)]
EVENT_KEYS = [public_key(each) for each in EVENT_SIGNERS]
SOURCE = "shop"
REF = "order-1234"


class PlainTexts:
    """Texts that say which wording they are, and what they were given to say."""

    CSP = "default-src 'none'"
    REPORT_CSP = "default-src 'none'"

    def email(self, view: NoticeView) -> EmailText:
        return EmailText(f"{view.wording}: {view.what}", self.sms(view), f"<p>{view.wording}</p>")

    def sms(self, view: NoticeView) -> str:
        told = "; ".join(line.note for line in view.news)
        return " | ".join(filter(None, [view.wording, view.what, told, view.note, view.link]))

    def promise_page(self, view: PageView) -> str:
        return f"<p>{view.what} {view.form_nonce}</p>"

    def check_in_page(self, view: CheckInView) -> str:
        return f"<p>{view.what} {view.form_nonce}</p>"

    def claim_page(self, view: ClaimPageView) -> str:
        return f"<p>{view.about} {view.form_nonce}</p>"

    def report_page(self, view: ReportView) -> str:
        return f"<p>report {view.faults}</p>"

    def report_key_page(self, locale_hint: str | None, brand: Brand, *, was_wrong: bool) -> str:
        return f"<p>key {was_wrong}</p>"

    def call_script(self, view: CallView) -> str:
        return f"call about {view.word}"

    def unavailable_page(self, locale_hint: str | None, brand: Brand) -> str:
        return "<p>not now</p>"

    def dead_link_page(self, locale_hint: str | None, brand: Brand) -> str:
        return "<p>nothing here</p>"


class PlainSecrets:
    """Keys that everybody may know."""

    def link_keys(self) -> list[str]:
        return ["older-key-" * 4, "newer-key-" * 4]

    def read_keys(self) -> list[str]:
        return ["read-key"]

    def webhook_secrets(self, source: str) -> list[str]:
        return ["whsec_" + "a2VwdGtlcHRrZXB0" * 2] if source == SOURCE else []

    def sendgrid_event_keys(self) -> list[str]:
        return EVENT_KEYS


class _Copied(list[Any]):
    """A list that hands on whatever is appended to it."""

    def __init__(self, to: list[Any]) -> None:
        super().__init__()
        self._to = to

    def append(self, item: Any) -> None:
        super().append(item)
        self._to.append(item)


@dataclass
class World:
    """All services as fakes, and the triggers that call the use cases as time passes."""

    store: FakeStore = field(default_factory=FakeStore)
    rings: FakeRingQueue = field(default_factory=FakeRingQueue)
    email: FakeEmailSender = field(default_factory=FakeEmailSender)
    sms: FakeSmsSender = field(default_factory=FakeSmsSender)
    bus: FakeBus = field(default_factory=FakeBus)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    operators: FakeOperators = field(default_factory=FakeOperators)
    dead_letters: FakeDeadLetters = field(default_factory=FakeDeadLetters)
    given_up: FakeGivenUp = field(default_factory=FakeGivenUp)
    system: FakeSystem = field(default_factory=lambda: FakeSystem(NINE))
    texts: PlainTexts = field(default_factory=PlainTexts)
    secrets: PlainSecrets = field(default_factory=PlainSecrets)
    rules: Rules = field(
        default_factory=lambda: Rules(
            brand=Brand("Kept Shop", ZoneInfo("Europe/Madrid"), "es"),
            public_url="https://kept.example",
            lease=timedelta(seconds=60),
            quiet_window=timedelta(minutes=10),
            shortest_rhythm=timedelta(seconds=60),
        )
    )
    sweeps: bool = True
    ttl_grace: timedelta | None = None
    told: int = 0
    _outbox: list[EmailMessage | SmsMessage] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Keep the two channels' messages in one order."""
        self.email.delivered = _Copied(self._outbox)
        self.sms.delivered = _Copied(self._outbox)

    @property
    def clocks(self) -> FakeClocks:
        return FakeClocks(self.store)

    @cached_property
    def ledgers(self) -> FakeLedgers:
        return FakeLedgers(self.store)

    @cached_property
    def survey(self) -> FakeSurvey:
        return FakeSurvey(self.store)

    # What other services tell

    def make(
        self,
        *,
        ref: str = REF,
        due: timedelta = timedelta(days=2),
        at: tuple[timedelta, ...] = (),
        kind: Kind = Kind.COMMITMENT,
        customer: Customer = GEMMA,
        rhythm: Rhythm | None = None,
        leads: Leads | None = None,
    ) -> Promise:
        """Tell of a promise due in `due`, with updates so long from now."""
        now = self.system.now()
        making = Making(
            source=SOURCE,
            ref=ref,
            kind=kind,
            what="Tu pedido 1234 llega",
            due_at=now + due,
            customer_ref=customer.ref,
            time_zone=customer.time_zone,
            rhythm=rhythm or Rhythm(at=tuple(now + each for each in at)),
            leads=leads,
            promiser_ref=ANA.ref,
            digest=ref,
        )
        self.tell(PromiseMade(making, customer, ANA))
        return self.promise(ref)

    def progress(self, note: str, *, tell_now: bool = False) -> Answer:
        return self.tell(PromiseNews(REF, lambda promise, now: progress(promise, note, now, tell_now=tell_now)))

    def keep(self, note: str | None = None) -> Answer:
        return self.tell(PromiseNews(REF, lambda promise, now: keep(promise, note, now)))

    def withdraw(self, reason: str) -> Answer:
        return self.tell(PromiseNews(REF, lambda promise, now: withdraw(promise, reason, now)))

    def trouble(self, change: Callable[[Promise, datetime], Change]) -> Answer:
        """Tell anything else about the promise."""
        return self.tell(PromiseNews(REF, change))

    def tell(self, event: PromiseMade | PromiseNews, webhook_id: str | None = None) -> Answer:
        self.told += 1
        return take_event(event, SOURCE, webhook_id or f"webhook-{self.told}", self)

    # What time brings

    def pass_time(self, duration: timedelta) -> None:
        """Let time pass, second by second where something happens: queue deliveries, sweeps, expiring clocks."""
        end = self.system.time + duration
        while (moment := self._next_event()) <= end:
            self.system.time = max(self.system.time, moment)
            self._deliver()
        self.system.time = max(self.system.time, end)

    def drain(self) -> None:
        """Ring whatever the queue holds for this moment."""
        while clocks := self.rings.receive(self.system.time):
            ring(clocks, self)

    def expire_clocks(self) -> list[Removal]:
        """Delete the clocks whose grace is over, as TTL does, and return what the stream would tell."""
        grace = self.ttl_grace or timedelta()
        gone = [each for each in self.store.clocks.values() if each.ring_at + grace <= self.system.time]
        for clock in gone:
            del self.store.clocks[clock.promise_id]
        return [Removal(clock.promise_id, clock.ring_at + grace) for clock in gone]

    def _next_event(self) -> datetime:
        next_minute = self.system.time.replace(second=0, microsecond=0) + timedelta(minutes=1)
        visible = [max(each.visible_at, self.system.time) for each in self.rings.queued]
        return min([next_minute, *visible])

    def _deliver(self) -> None:
        self.drain()
        if self.system.time.second == 0 and self.system.time.microsecond == 0:
            if self.ttl_grace is not None:
                rescue(self.expire_clocks(), self)
            if self.sweeps:
                sweep(self)
            self.drain()

    # What came of it

    def promise(self, ref: str = REF) -> Promise:
        return self.store.promises[promise_id(SOURCE, ref)]

    def facts(self) -> list[str]:
        return [fact.name for fact in sorted(self.store.noted.values(), key=lambda fact: fact.seq)]

    def heard(self) -> list[str]:
        """Return the wordings that were accepted by a provider, in order of sending."""
        return [_wording(message) for message in self._outbox]


def _wording(message: EmailMessage | SmsMessage) -> str:
    return message.text.partition(" | ")[0]


def only_by(channel: Channel) -> Customer:
    """Return Gemma, reachable on one channel only."""
    return replace(GEMMA, channels=(channel,))
