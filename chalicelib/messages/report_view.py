"""What the report page shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.reports import Report
from chalicelib.messages.views import Brand


@dataclass(frozen=True, slots=True)
class Heard:
    """What a customer had expected, in their words; `about` is the standard that they say it of, by its name."""

    at: datetime
    language: str
    text: str
    about: str | None = None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report, or none and the fields at fault (from, to, by, order, length); `given` fills the form: from, to, by.

    `unknown` are fields that a report does not know. `names` are those of the standards, by name and by `name@version`,
    in the page's language; `heard` is the newest of what customers had expected.
    """

    locale: str | None
    brand: Brand
    given: Mapping[str, str]
    report: Report | None = None
    faults: tuple[str, ...] = field(default_factory=tuple)
    unknown: tuple[str, ...] = field(default_factory=tuple)
    names: Mapping[str, str] = field(default_factory=dict)
    heard: tuple[Heard, ...] = ()
