"""Standards: named, published rules that give a promise its times and its recovery where the webhook says nothing.

A standard is never changed, only followed by its next version; a promise keeps the version that it was made under.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.domain.durations import Duration
from chalicelib.domain.offers import Offers
from chalicelib.domain.promise import Kind, Leads, Promise, Rhythm
from chalicelib.domain.recovery import AfterNo, Ladder, Silence
from chalicelib.domain.risks import Policy

# The due time is counted when the webhook comes in, the promise is made moments later.
_COUNTING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StandardText:
    """What a standard is called and what it promises, in one language and in either register of it."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of a standard. What is None is left to the house.

    `due` is when its promises come due, counted in the customer's time zone: the date itself, or, where `is_limit`, the
    outermost limit of a word given without a date. The leads are elapsed time before it. `texts` are by language (en,
    es, pt-BR, pt-PT).
    """

    name: str
    version: int
    kind: Kind
    due: Duration
    every: Duration | None = None
    leads: Leads | None = None
    ladder: Ladder | None = None
    first_silence: Silence | None = None
    later_silence: Silence | None = None
    offers: Offers = field(default_factory=Offers)
    texts: Mapping[str, StandardText] = field(default_factory=dict)
    is_limit: bool = False
    after_no: AfterNo | None = None

    @property
    def id(self) -> str:
        """The name with its version, such as `delivery@2`: what a promise made under it carries."""
        return f"{self.name}@{self.version}"

    def policy(self, house: Policy) -> Policy:
        """Return how its promises are recovered: what the standard says, and the house's rule for the rest."""
        return Policy(
            self.ladder or house.ladder,
            self.first_silence or house.first_silence,
            self.later_silence or house.later_silence,
            quiet=house.quiet,
            offers=self.offers,
            after_no=self.after_no or house.after_no,
        )

    def describes(self, promise: Promise) -> bool:
        """Tell whether a promise has the due time and rhythm of the standard, so that its text is true of it."""
        return self._dates(promise) and promise.rhythm == Rhythm(self.every)

    def limits(self, promise: Promise) -> bool:
        """Tell whether a promise's due time is only the limit of a word without a date: nobody named a date for it."""
        return self.is_limit and self._dates(promise)

    def text(self, locale: str) -> StandardText | None:
        """Return its text for a canonical language tag, whatever the region of a language that has one text only."""
        return self.texts.get(locale) or self.texts.get(locale.partition("-")[0])

    def _dates(self, promise: Promise) -> bool:
        return abs(promise.due_at - self.due.after(promise.made_at, promise.zone)) < _COUNTING


@dataclass(frozen=True, slots=True)
class Standards:
    """All standards that were ever published: by name, the versions from the oldest to the newest."""

    versions: Mapping[str, tuple[Standard, ...]] = field(default_factory=dict)

    def find(self, label: str) -> Standard | None:
        """Return the version that `name@version` names, or the newest that `name` names; None if there is none."""
        name, at, _ = label.partition("@")
        versions = self.versions.get(name, ())
        if not at:
            return versions[-1] if versions else None
        return next((each for each in versions if each.id == label), None)

    def made_under(self, label: str | None) -> Standard | None:
        """Return the version that a promise carries; None without one, or for a label of the sender's own.

        A bare name is such a label: it was no standard yet when the promise was made.
        """
        return self.find(label) if label and "@" in label else None

    def limits(self, promise: Promise) -> bool:
        """Tell whether a promise is a word given without a date, so that its due time must not be told as promised."""
        standard = self.made_under(promise.standard)
        return standard is not None and standard.limits(promise)

    def names(self) -> str:
        """Return the names of all standards, for a person to read."""
        return ", ".join(sorted(self.versions)) or "none is published"
