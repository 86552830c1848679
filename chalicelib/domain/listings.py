"""Listings: a promise's place among a person's promises, so that the newest come first, however many there are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from chalicelib.domain.facts import Fact
from chalicelib.domain.promise import Promise

_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)~([a-z0-9]{1,24})", re.ASCII)


class Party(StrEnum):
    """Whose promises are listed: those made to a customer, or those that a promiser gave or is said to have given."""

    CUSTOMER = "customer"
    PROMISER = "promiser"


@dataclass(frozen=True, slots=True, order=True)
class Listing:
    """The place of one promise. It never moves, so reading can go on after it when more promises have been made."""

    made_at: datetime
    promise_id: str

    def __str__(self) -> str:
        """Write it so that texts sort as places do: to the microsecond, UTC."""
        made_at = self.made_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        return f"{made_at}~{self.promise_id}"


def listing_of(promise: Promise) -> Listing:
    """Return the place of a promise."""
    return Listing(promise.made_at, promise.id)


def listed_with(promise: Promise, facts: Iterable[Fact]) -> frozenset[str]:
    """Return the promisers with whom a promise is listed: who gave it, and on whom these facts say it counted."""
    given_by = {promise.promiser_ref} if promise.promiser_ref else set()
    found_of = (each.data.get("promiser") for each in facts if each.name == "ClaimSettled")
    return frozenset({*given_by, *(str(each) for each in found_of if each)})


def read_listing(text: str) -> Listing:
    """Read what a place was written as. Raises ValueError for anything else."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError("not the place of a promise")
    return Listing(datetime.fromisoformat(written[1]), written[2])
