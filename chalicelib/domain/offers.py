"""Which offers may make up for a broken word, and how much they may be worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from chalicelib.domain.recovery import Offer, OfferKind


class OfferNotAllowed(Exception):
    """The promise's standard does not allow this offer. `part` names what is at fault: kind, value or currency."""

    def __init__(self, part: str, detail: str) -> None:
        """Say which part of the offer is at fault, and what would be allowed."""
        super().__init__(detail)
        self.part = part


@dataclass(frozen=True, slots=True)
class Offers:
    """The kinds of offer that are allowed, and the most that one may be worth: nothing said is no limit.

    `most_minor_units` is by currency; where it names any, an amount in another currency is not allowed, as it would
    escape the limit.
    """

    kinds: frozenset[OfferKind] = frozenset(OfferKind)
    most_percent: Decimal | None = None
    most_minor_units: Mapping[str, int] = field(default_factory=dict)

    def check(self, offer: Offer) -> None:
        """Raise OfferNotAllowed unless the offer is of an allowed kind and worth no more than allowed."""
        if offer.kind not in self.kinds:
            allowed = ", ".join(sorted(self.kinds))
            raise OfferNotAllowed("kind", f"{offer.kind} is not allowed by this promise's standard, only: {allowed}")
        if offer.percent is not None and self.most_percent is not None and offer.percent > self.most_percent:
            raise OfferNotAllowed("value", f"is more than {self.most_percent} %, the most that its standard allows")
        if offer.minor_units is None or offer.currency is None or not self.most_minor_units:
            return
        most = self.most_minor_units.get(offer.currency)
        if most is None:
            known = ", ".join(sorted(self.most_minor_units))
            raise OfferNotAllowed("currency", f"is none that this promise's standard allows for an amount: {known}")
        if offer.minor_units > most:
            detail = f"is more than {most} in minor units of {offer.currency}, the most that its standard allows"
            raise OfferNotAllowed("value", detail)
