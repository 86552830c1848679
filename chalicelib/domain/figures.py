"""Figures: what the numbers of a ledger say, as rates, amounts and averages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.ledgers import CONFIRMED, GRANTED_IN, REDEEMED_IN
from chalicelib.domain.outcomes import Measure

_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one group, or of all. Rates are parts of one, None where there is nothing to divide by."""

    numbers: Mapping[str, int]

    def of(self, measure: Measure) -> int:
        """Return one number."""
        return self.numbers.get(measure, 0)

    @property
    def decided(self) -> int:
        """How many words have ended one way or the other: on time, told before, or untold."""
        return self.of(Measure.KEPT_ON_TIME) + self.of(Measure.TOLD_BEFORE) + self.of(Measure.UNTOLD)

    @property
    def kept_rate(self) -> float | None:
        """The recorded part of the decided words that were kept on time."""
        return _part(self.of(Measure.KEPT_ON_TIME), self.decided)

    @property
    def told_rate(self) -> float | None:
        """The part of the words that broke of which the customer had heard before."""
        return _part(self.of(Measure.TOLD_BEFORE), self.of(Measure.TOLD_BEFORE) + self.of(Measure.UNTOLD))

    @property
    def answers(self) -> int:
        """How many customers have said whether we kept our word."""
        return sum(map(self.of, (Measure.PERCEIVED_YES, Measure.PERCEIVED_PARTLY, Measure.PERCEIVED_NO)))

    @property
    def perceived_rate(self) -> float | None:
        """The part of the customers who answered that say: you kept your word."""
        return _part(self.of(Measure.PERCEIVED_YES), self.answers)

    @property
    def warning_hours(self) -> float | None:
        """How long before the due time customers heard of a risk, on average, in hours."""
        seconds = _part(self.of(Measure.WARNING_SECONDS), self.of(Measure.TOLD_BEFORE))
        return None if seconds is None else round(seconds / _SECONDS_AN_HOUR, 2)

    @property
    def warning_total_hours(self) -> float:
        """How long before the due times customers heard of risks, in hours, all together."""
        return round(self.of(Measure.WARNING_SECONDS) / _SECONDS_AN_HOUR, 2)

    @property
    def recurrences(self) -> int:
        """How often it was confirmed that what had been promised before was promised again, within what is counted."""
        return sum(n - 1 for name, n in self.numbers.items() if name.startswith(CONFIRMED) and n > 1)

    def confirmed(self) -> list[dict[str, Any]]:
        """Return each subject that was confirmed as promised, by its hash, and how often: the most frequent first."""
        times = {name.removeprefix(CONFIRMED): n for name, n in self.numbers.items() if name.startswith(CONFIRMED)}
        return [
            {"subject": name, "times": n} for name, n in sorted(times.items(), key=lambda each: (-each[1], each[0]))
        ]

    def amounts(self) -> list[dict[str, Any]]:
        """Return what was granted and what was redeemed, in minor units of each currency."""
        currencies = sorted(
            {name.partition(":")[2] for name in self.numbers if name.startswith((GRANTED_IN, REDEEMED_IN))}
        )
        return [
            {
                "currency": currency,
                "granted": self.numbers.get(GRANTED_IN + currency, 0),
                "redeemed": self.numbers.get(REDEEMED_IN + currency, 0),
            }
            for currency in currencies
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON-ready values."""
        of = self.of
        return {
            "given": of(Measure.GIVEN),
            "renewed": of(Measure.RENEWED),
            "attempts": of(Measure.ATTEMPTS),
            "kept_on_time": of(Measure.KEPT_ON_TIME),
            "kept_late": of(Measure.KEPT_LATE),
            "told_before_it_broke": of(Measure.TOLD_BEFORE),
            "broken_untold": of(Measure.UNTOLD),
            "withdrawn": of(Measure.WITHDRAWN),
            "kept_rate": self.kept_rate,
            "told_rate": self.told_rate,
            "warning": {
                "hours": self.warning_total_hours,
                "average_hours": self.warning_hours,
            },
            "choices": {
                "stay": of(Measure.STAY),
                "cancel": of(Measure.CANCEL),
                "by_silence": of(Measure.BY_SILENCE),
            },
            "concessions": {
                "granted": of(Measure.GRANTED),
                "redeemed": of(Measure.REDEEMED),
                "minor_units": self.amounts(),
            },
            "claims": {
                "raised": of(Measure.CLAIMS_RAISED),
                "ratified": of(Measure.CLAIMS_RATIFIED),
                "promised": of(Measure.FOUND_PROMISED),
                "not_promised": of(Measure.FOUND_NOT_PROMISED),
                "unclear": of(Measure.FOUND_UNCLEAR),
                "recurrences": self.recurrences,
            },
            "perceived": {
                "yes": of(Measure.PERCEIVED_YES),
                "partly": of(Measure.PERCEIVED_PARTLY),
                "no": of(Measure.PERCEIVED_NO),
                "kept_rate": self.perceived_rate,
            },
            "expectations_heard": of(Measure.EXPECTATIONS),
        }


def _part(n: int, of: int) -> float | None:
    return n / of if of else None
