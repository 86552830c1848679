"""Expectations heard: where each stands among all of them, so that the newest are found without a look at the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing
from chalicelib.domain.promise import Kind, Promise

HEARD = "ExpectationHeard"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a customer said they had expected: when, of which promise, and which of its facts has the words."""

    place: Listing
    seq: int
    kind: Kind
    standard: str | None = None

    def is_about(self, kind: Kind | None, standard: str | None) -> bool:
        """Tell whether it is about a kind and a standard (None: any); a standard's name stands for all its versions."""
        label = self.standard or ""
        fits = standard is None or standard in {label, label.partition("@")[0]}
        return fits and kind in {None, self.kind}


def expectation_of(promise: Promise, facts: Iterable[Fact]) -> tuple[Expectation | None, Listing | None]:
    """Return what these facts say was expected, if they do, and the place of the wording that it takes the place of."""
    heard = [fact for fact in facts if fact.name == HEARD]
    if not heard:
        return None, None
    fact = heard[-1]
    before = fact.data.get("before")
    former = Listing(datetime.fromisoformat(str(before)), promise.id) if before else None
    return Expectation(place_of(fact), fact.seq, promise.kind, promise.counted_under), former


def place_of(fact: Fact) -> Listing:
    """Return the place of what a fact says was expected."""
    return Listing(fact.at, fact.promise_id)
