"""What the figures of a report say: in words, in bars that say nothing which the words do not, and in rows."""

from dataclasses import dataclass

from chalicelib.domain.figures import Figures
from chalicelib.domain.outcomes import Measure
from chalicelib.messages.numbers import Numbers
from chalicelib.messages.phrases import Phrases

Rows = list[tuple[str, str]]
PARTS = (("on-time", Measure.KEPT_ON_TIME), ("told", Measure.TOLD_BEFORE), ("untold", Measure.UNTOLD))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar, in hundredths of its length."""

    name: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with what it shows in words."""

    words: str
    parts: list[Part]


def outcome(figures: Figures, say: Phrases, numbers: Numbers) -> Bar:
    """Return how the words of some days ended, as one bar."""
    counts = {name: figures.of(measure) for name, measure in PARTS}
    words = say(
        "report.bar",
        on_time=numbers.whole(counts["on-time"]),
        told=numbers.whole(counts["told"]),
        untold=numbers.whole(counts["untold"]),
    )
    parts, start = [], 0.0
    for name, n in counts.items():
        length = round(100 * n / figures.decided, 2) if figures.decided else 0.0
        if length:
            parts.append(Part(name, round(start, 2), length))
        start += length
    return Bar(words, parts)


def rates(figures: Figures, say: Phrases, numbers: Numbers) -> list[tuple[str, str, Bar]]:
    """Return the recorded rate and the one that customers see, side by side: each in words and as a bar."""
    found = []
    for name, rate, n in (
        ("recorded", figures.kept_rate, figures.decided),
        ("perceived", figures.perceived_rate, figures.answers),
    ):
        words = say("report.rate", rate=numbers.percent(rate), all=numbers.whole(n)) if rate is not None else None
        words = words or say("report.rate.none")
        bar = Bar(words, [Part("on-time", 0.0, round(100 * rate, 2))] if rate else [])
        found.append((say(f"report.{name}"), words, bar))
    return found


def sections(figures: Figures, say: Phrases, numbers: Numbers) -> list[tuple[str, str, Rows]]:
    """Return each section: its name, its heading, and its lines of label and number."""
    measures = {
        "words": ("given", "renewed", "kept_on_time", "kept_late", "told_before_it_broke", "broken_untold", "withdrawn",
                  "attempts"),
        "choices": ("stay", "cancel", "by_silence"),
        "concessions": ("concessions_granted", "concessions_redeemed"),
        "claims": ("claims_raised", "claims_ratified", "found_promised", "found_not_promised", "found_unclear"),
        "customers": ("perceived_yes", "perceived_partly", "perceived_no", "expectations_heard"),
    }  # fmt: skip
    found = {
        section: [(say(f"report.{each}"), numbers.whole(figures.of(Measure(each)))) for each in names]
        for section, names in measures.items()
    }
    hours = figures.warning_hours
    found["words"] += [
        (say("report.warning"), say("report.hours", hours=numbers.decimal(figures.warning_total_hours))),
        (say("report.warning.average"), say("report.hours", hours=numbers.decimal(hours)) if hours else "–"),
    ]
    for each in figures.amounts():
        for name in ("granted", "redeemed"):
            amount = numbers.money(each[name], each["currency"])
            found["concessions"].append((say(f"report.amount.{name}", currency=each["currency"]), amount))
    found["claims"].append((say("report.recurrences"), numbers.whole(figures.recurrences)))
    return [(section, say(f"report.heading.{section}"), rows) for section, rows in found.items()]


def brief(figures: Figures, say: Phrases, numbers: Numbers) -> list[tuple[str, Rows]]:
    """Return the sections that say something, each with the lines that do: a zero or a dash says nothing of a group."""
    silent = {numbers.whole(0), say("report.hours", hours=numbers.decimal(0.0)), "–"}
    told = [
        (heading, [row for row in rows if row[1] not in silent]) for _, heading, rows in sections(figures, say, numbers)
    ]
    return [(heading, rows) for heading, rows in told if rows]
