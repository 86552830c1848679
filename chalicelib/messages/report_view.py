"""What the report page shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.reports import Report
from chalicelib.messages.views import Brand


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report, or none and the fields at fault (from, to, by, order, length); `given` fills the form: from, to, by."""

    locale: str | None
    brand: Brand
    given: Mapping[str, str]
    report: Report | None = None
    faults: tuple[str, ...] = field(default_factory=tuple)
