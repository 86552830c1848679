"""The fields of webhooks about claims, and what they become in the domain."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, model_validator

from chalicelib.domain.claimed import Correction, Corrects, Finding
from chalicelib.domain.claims import Claiming
from chalicelib.domain.facts import Change
from chalicelib.domain.findings import settle_claim
from chalicelib.domain.people import Customer as Profile
from chalicelib.domain.people import Promiser
from chalicelib.domain.promise import Promise
from chalicelib.entrypoints.wire_models import (
    About,
    Currency,
    Customer,
    Evidence,
    Note,
    PromisedBy,
    Ref,
    Title,
    check_money,
    decimal_number,
    fault_in,
    minor_units,
)
from chalicelib.usecases.services import Rules
from chalicelib.usecases.take_event import ClaimRaised as Raised
from chalicelib.usecases.take_event import PromiseNews, answering

_MOST_PERCENT = 100
_PERCENT_STEP = Decimal("0.01")


class CorrectsGiven(BaseModel):
    """What must be corrected: one of a closed list, with its amount, its percentage, or its term in words."""

    what: Literal["price", "term", "discount", "amount", "other"]
    amount: Annotated[Decimal, BeforeValidator(decimal_number)] | None = None
    currency: Currency | None = None
    percent: Annotated[Decimal, BeforeValidator(decimal_number)] | None = None
    term: Title | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> "CorrectsGiven":
        check_money(self, self.amount, self.currency)
        percent = self.percent
        if percent is not None and not (0 < percent <= _MOST_PERCENT and percent == percent.quantize(_PERCENT_STEP)):
            raise fault_in(self, "percent", "must be more than 0 and at most 100, with two decimals at most")
        if self.what == "amount" and not self.amount:
            raise fault_in(self, "amount", "is needed, and more than 0: what is corrected is an amount")
        if self.what == "term" and self.term is None:
            raise fault_in(self, "term", "is needed: the term as it was promised, in words or as a date")
        if self.what == "discount" and percent is None and self.amount is None:
            raise fault_in(self, "percent", "is needed, or an amount: what is corrected is a discount")
        return self

    def to_domain(self) -> Correction:
        """Return it with the amount in minor units of its currency beside it."""
        minor = minor_units(self.amount, self.currency) if self.amount is not None and self.currency else None
        amount, percent = (str(each) if each is not None else None for each in (self.amount, self.percent))
        return Correction(Corrects(self.what), amount, minor, self.currency, percent, self.term)


class ClaimRaised(BaseModel):
    """`claim.raised`: what the customer says was promised, told on their behalf."""

    ref: Ref
    customer: Customer
    what: Title
    promised_by: PromisedBy | None = None
    by_whom: Title | None = None
    when: Title | None = None
    about: About | None = None
    evidence: Evidence | None = None
    corrects: CorrectsGiven | None = None

    def to_event(self, source: str, customer: Profile, promiser: Promiser | None, digest: str) -> Raised:
        """Return the event; `digest` recognises the same telling again."""
        claiming = Claiming(
            source=source,
            ref=self.ref,
            what=self.what,
            customer_ref=customer.ref,
            time_zone=customer.time_zone,
            promiser_ref=promiser.ref if promiser else None,
            by_whom=self.by_whom,
            when=self.when,
            evidence=self.evidence,
            corrects=self.corrects.to_domain() if self.corrects else None,
            about=self.about.with_minor_units() if self.about else {},
            digest=digest,
        )
        return Raised(claiming, customer, promiser)


class ClaimSettled(BaseModel):
    """`claim.settled`: what the investigation found, and, where it names somebody else than the claim did, of whom."""

    ref: Ref
    finding: Literal["promised", "not_promised", "unclear"]
    promised_by: PromisedBy | None = None
    note: Note | None = None

    def to_event(self, promiser: Promiser | None, rules: Rules) -> PromiseNews:
        """Return the event."""
        finding, note = Finding(self.finding), self.note

        def change(promise: Promise, now: datetime) -> Change:
            answers = answering(promise.time_zone, now, rules)
            return settle_claim(promise, finding, note, answers, now, promiser.ref if promiser else None)

        return PromiseNews(self.ref, change, promiser, begun_by="claim.raised")
