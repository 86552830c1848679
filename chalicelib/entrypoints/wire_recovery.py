"""The fields of webhooks about recoveries, concessions and calls, and what they become in the domain."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from chalicelib.domain.durations import FARTHEST
from chalicelib.domain.recovery import Case, Offer, OfferKind, Parts
from chalicelib.domain.risks import Trouble
from chalicelib.entrypoints.problems import FieldError
from chalicelib.entrypoints.wire_models import (
    Currency,
    Note,
    Ref,
    UtcMoment,
    decimal_number,
    minor_units,
    whole_minor_units,
)

# Other words for the same kinds, as senders say them.
_KINDS = {"amount": "amount_off", "shipping": "free_shipping", "special_treatment": "special", "percent": "discount"}
_MOST_PERCENT = 100


def _kind(given: object) -> object:
    if not isinstance(given, str):
        return given
    name = given.strip().lower().replace(" ", "_").replace("-", "_")
    return _KINDS.get(name, name)


class OfferGiven(BaseModel):
    """What makes up for it. `value` is a percentage, or an amount in major units when there is a currency."""

    kind: Annotated[
        Literal["discount", "amount_off", "gift", "free_shipping", "upgrade", "special"], BeforeValidator(_kind)
    ]
    text: Note
    value: Annotated[Decimal, BeforeValidator(decimal_number)] | None = None
    currency: Currency | None = None
    valid_until: UtcMoment | None = None

    @model_validator(mode="after")
    def _worth_something(self) -> "OfferGiven":
        if self.value is not None and self.value <= 0:
            raise ValueError("value must be more than nothing")
        whole_minor_units(self.value, self.currency)
        if self.kind == "amount_off" and (self.value is None or self.currency is None):
            raise ValueError("amount_off needs value and currency")
        if self.kind == "discount" and self.currency is None and (self.value is None or self.value > _MOST_PERCENT):
            raise ValueError("discount needs value: a percentage up to 100, or an amount with its currency")
        return self

    def to_domain(self) -> Offer:
        """Return the offer with its value in minor units of its currency, or as a percentage."""
        minor = percent = None
        if self.value is not None and self.currency:
            minor = minor_units(self.value, self.currency)
        elif self.value is not None:
            percent = self.value
        return Offer(OfferKind(self.kind), self.text, percent, minor, self.currency, self.valid_until)


class Troubled(BaseModel):
    """`promise.at_risk` and `promise.broken`: what only the promiser knows. The texts bring the rest of the parts."""

    ref: Ref
    case: Literal["delay", "wrong_item", "terms", "other"]
    reason: Note
    done_so_far: Note
    solution: Note
    offer: OfferGiven
    new_due_at: UtcMoment | None = None
    decide_by: UtcMoment | None = None

    def to_domain(self, now: datetime, *, broken: bool, errors: list[FieldError]) -> Trouble:
        """Return the trouble; times that make no sense are added to `errors`."""
        for name, moment in (("new_due_at", self.new_due_at), ("decide_by", self.decide_by)):
            if moment and moment <= now:
                errors.append(FieldError(("data", name), "lies in the past"))
            if moment and moment > now + FARTHEST:
                errors.append(FieldError(("data", name), "lies more than ten years ahead"))
        if self.offer.valid_until and self.offer.valid_until <= now:
            errors.append(FieldError(("data", "offer", "valid_until"), "lies in the past: nobody could use the offer"))
        if self.offer.valid_until and self.offer.valid_until > now + FARTHEST:
            detail = "lies more than ten years ahead: leave it out for an offer without an end"
            errors.append(FieldError(("data", "offer", "valid_until"), detail))
        parts = Parts(Case(self.case), self.reason, self.done_so_far, self.solution, self.offer.to_domain())
        return Trouble(parts, self.new_due_at, self.decide_by, broken=broken)


class PromiseAtRisk(Troubled):
    """`promise.at_risk`: it will not be kept as it was given."""


class PromiseBroken(Troubled):
    """`promise.broken`: it was not kept."""


class ChoiceFinal(BaseModel):
    """`choice.final`: the owning service has acted on the choice."""

    ref: Ref


class ConcessionRedeemed(BaseModel):
    """`concession.redeemed`: an order has used it."""

    code: Annotated[str, Field(max_length=20)]
    order: Ref


class CallMade(BaseModel):
    """`call.made`: what came of a call."""

    ref: Ref
    outcome: Literal["reached", "no_answer"]
    choice: Literal["stay", "cancel"] | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _choice_needs_a_person(self) -> "CallMade":
        if self.choice and self.outcome != "reached":
            raise ValueError("a choice can only be made by somebody who was reached")
        return self
