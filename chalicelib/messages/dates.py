"""Moments as people say them, in the customer's zone: "today at 6 pm", "martes 24 de noviembre, a las 15:00"."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.messages.clock import time_of_day
from chalicelib.messages.locales import catalogue_of

_RELATIVE = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "es": {-1: "ayer", 0: "hoy", 1: "mañana"},
    "pt": {-1: "ontem", 0: "hoje", 1: "amanhã"},
}
# CLDR patterns: a day of this year, and of another year. CLDR's own full dates are not what people say (in Spanish
# "martes, 24 de noviembre de 2026"), so these are ours; the names of days and months are CLDR's.
_DAY = {
    "en": ("EEEE d MMMM", "EEEE d MMMM y"),
    "en-US": ("EEEE, MMMM d", "EEEE, MMMM d, y"),
    "es": ("EEEE d 'de' MMMM", "EEEE d 'de' MMMM 'de' y"),
    "pt": ("EEEE, d 'de' MMMM", "EEEE, d 'de' MMMM 'de' y"),
}
_SHORT_DAY = {
    "en": ("EEE d MMM", "EEE d MMM y"),
    "en-US": ("EEE, MMM d", "EEE, MMM d, y"),
    "es": ("EEE d/M", "EEE d/M/y"),
    "pt": ("EEE d/M", "EEE d/M/y"),
}
_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment in the three forms that sentences need: on its own, as "on ..." and as "by ..."."""

    plain: str
    on: str
    by: str

    def in_zone(self, name: str) -> "Moment":
        """Return the same moment with its zone named in brackets."""
        return Moment(f"{self.plain} ({name})", f"{self.on} ({name})", f"{self.by} ({name})")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Says moments in one language and zone, as seen from `now`. `tag` is canonical; all times are aware."""

    tag: str
    zone: ZoneInfo
    now: datetime

    @property
    def language(self) -> str:
        """The language without its region."""
        return self.tag.partition("-")[0]

    def say(self, at: datetime) -> Moment:
        """Return a moment in full, or as today, tomorrow or yesterday."""
        local = at.astimezone(self.zone)
        clock = time_of_day(local, self.tag)
        if day := self._relative(local):
            return _relative_moment(self.tag, day, clock)
        written = self._written(local, _DAY)
        if self.tag == "pt-BR" and local.day == 1:
            written = written.replace(", 1 de", ", 1º de")
        if self.language == "en":
            return Moment(f"{written}, {clock}", f"on {written}, {clock}", f"by {written}, {clock}")
        if self.language == "es":
            said = f"el {written}, {clock}"
            return Moment(f"{written}, {clock}", said, f"a más tardar {said}")
        into = "no" if local.weekday() >= _WEEKEND else "na"
        return Moment(f"{written}, {clock}", f"{into} {written}, {clock}", f"até {written}, {clock}")

    def say_shortly(self, at: datetime) -> Moment:
        """Return a moment in as few characters as a text message has for it, the weekday and the date still there."""
        local = at.astimezone(self.zone)
        clock = time_of_day(local, self.tag)
        if day := self._relative(local):
            return _relative_moment(self.tag, day, clock)
        written = self._written(local, _SHORT_DAY).replace(".", "")
        if self.language == "en":
            return Moment(f"{written}, {clock}", f"on {written}, {clock}", f"by {written}, {clock}")
        weekday, _, date = written.partition(" ")
        said = f"{weekday[:3]} {date}"
        plain = f"{said}, {clock.rpartition(' ')[2]}"
        if self.language == "es":
            return Moment(plain, f"el {said} {clock}", f"a más tardar el {said} {clock}")
        return Moment(plain, f"{'no' if local.weekday() >= _WEEKEND else 'na'} {said} {clock}", f"até {said} {clock}")

    def _relative(self, local: datetime) -> str | None:
        days = (local.date() - self.now.astimezone(self.zone).date()).days
        return _RELATIVE[self.language].get(days)

    def _written(self, local: datetime, patterns: dict[str, tuple[str, str]]) -> str:
        from babel.dates import format_datetime  # noqa: PLC0415 - not paid for by what only names today and tomorrow

        this_year, another_year = patterns.get(self.tag) or patterns[self.language]
        same = local.year == self.now.astimezone(self.zone).year
        return format_datetime(local.replace(tzinfo=None), this_year if same else another_year, locale=self._names())

    def _names(self) -> str:
        return "en_GB" if self.tag == "en" else catalogue_of(self.tag)


def _relative_moment(tag: str, day: str, clock: str) -> Moment:
    language = tag.partition("-")[0]
    if language == "en":
        said = f"{day} at {clock}"
        return Moment(said, said, f"by {clock} {day}")
    said = f"{day} {clock}"
    if language == "es":
        return Moment(said, said, f"a más tardar {said}")
    # In Brazil "até" takes no contraction (até as 18h); in Portugal it does (até às 18h00).
    until = clock.replace("às ", "as ").replace("à ", "a ") if tag == "pt-BR" else clock
    return Moment(said, said, f"até {until} de {day}")
