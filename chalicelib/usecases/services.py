"""What a use case is handed: the ports, and the few house rules that differ from one stage to another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from chalicelib.domain.durations import Duration
from chalicelib.domain.promise import Kind, Promise
from chalicelib.domain.retention import HOUSE
from chalicelib.domain.risks import Policy
from chalicelib.domain.standards import Standards
from chalicelib.messages.page_views import CheckInView, ClaimPageView, PageView
from chalicelib.messages.report_view import ReportView
from chalicelib.messages.views import Brand, CallView, EmailText, NoticeView
from chalicelib.usecases.ledger_port import Ledgers
from chalicelib.usecases.ports import (
    Bus,
    DeadLetters,
    EmailSender,
    Metrics,
    Operators,
    RingQueue,
    SmsSender,
    System,
)
from chalicelib.usecases.store_port import Clocks, Store
from chalicelib.usecases.survey_port import GivenUp, Survey


@dataclass(frozen=True, slots=True)
class Rules:
    """House rules. `lease` must outlast the longest run of a ring, or a live holder would be taken for a dead one.

    Leads and ladder are what holds where neither the webhook nor a Standard says otherwise; a promise made for less
    time than `shortest_checked` is not asked about ahead of time unless the webhook says so. `standards` is asked
    only when a standard may matter, as most functions never need the file read.
    """

    brand: Brand
    public_url: str
    lease: timedelta
    quiet_window: timedelta
    shortest_rhythm: timedelta
    policy: Policy = field(default_factory=Policy)
    check_in_before: timedelta = timedelta(hours=24)
    warn_before: timedelta = timedelta(hours=12)
    shortest_checked: timedelta = timedelta(hours=1)
    correct_within: Duration = field(default_factory=lambda: Duration(working_days=2))
    review_within: Duration = field(default_factory=lambda: Duration(working_days=5))
    retention: Mapping[Kind, timedelta] = field(default_factory=lambda: HOUSE)
    standards: Callable[[], Standards] = Standards

    def policy_of(self, promise: Promise) -> Policy:
        """Return how a promise is recovered: as the version of its standard says, and as the house does otherwise."""
        standard = self.standards().made_under(promise.standard)
        return standard.policy(self.policy) if standard else self.policy


class Texts(Protocol):
    """Renders what we say. `CSP` is the Content-Security-Policy that fits the pages."""

    @property
    def CSP(self) -> str: ...  # noqa: N802 - a constant of the module that renders

    @property
    def REPORT_CSP(self) -> str: ...  # noqa: N802 - as above

    def email(self, view: NoticeView) -> EmailText:
        """Render an email."""

    def sms(self, view: NoticeView) -> str:
        """Render a text message."""

    def promise_page(self, view: PageView) -> str:
        """Render the promise page as HTML."""

    def check_in_page(self, view: CheckInView) -> str:
        """Render the promiser's page as HTML."""

    def claim_page(self, view: ClaimPageView) -> str:
        """Render the form for a claim as HTML."""

    def report_page(self, view: ReportView) -> str:
        """Render the promise report as HTML."""

    def report_key_page(self, locale_hint: str | None, brand: Brand, *, was_wrong: bool) -> str:
        """Render the form that asks for a read key before a report is shown."""

    def call_script(self, view: CallView) -> str:
        """Say in the customer's language what to say on the phone, in a few lines, without a name or an address."""

    def unavailable_page(self, locale_hint: str | None, brand: Brand) -> str:
        """Render the page for when something is down for a moment."""

    def dead_link_page(self, locale_hint: str | None, brand: Brand) -> str:
        """Render the page behind a link that opens nothing."""


class Secrets(Protocol):
    """Keys by name; read late and cached for minutes, so that a rotation reaches every function."""

    def link_keys(self) -> Sequence[str]:
        """Return the keys that sign links, oldest to newest."""

    def read_keys(self) -> Sequence[str]:
        """Return the bearer keys that open the reads."""

    def webhook_secrets(self, source: str) -> Sequence[str]:
        """Return the secrets that are valid for a source: none for an unknown one."""

    def sendgrid_event_keys(self) -> Sequence[str]:
        """Return the public keys that may sign SendGrid's events (base64 of DER): none if it sends us none."""


class Services(Protocol):
    """Everything a use case may reach. Each is built on first use, so that a function imports only what it needs."""

    @property
    def store(self) -> Store: ...
    @property
    def clocks(self) -> Clocks: ...
    @property
    def ledgers(self) -> Ledgers: ...
    @property
    def rings(self) -> RingQueue: ...
    @property
    def email(self) -> EmailSender: ...
    @property
    def sms(self) -> SmsSender: ...
    @property
    def bus(self) -> Bus: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def operators(self) -> Operators: ...
    @property
    def dead_letters(self) -> DeadLetters: ...
    @property
    def survey(self) -> Survey: ...
    @property
    def given_up(self) -> GivenUp: ...
    @property
    def system(self) -> System: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def secrets(self) -> Secrets: ...
    @property
    def rules(self) -> Rules: ...
