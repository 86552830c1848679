"""Kept's settings: one frozen record, built from a mapping on first use, complaining about everything at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain.promise import Kind
from chalicelib.domain.quiet import Quiet, parse_quiet
from chalicelib.domain.retention import HOUSE

_T = TypeVar("_T")
_SILENCES = ("stay", "cancel", "call")


class BadSettings(Exception):
    """Settings are missing or wrong; the message lists each with its remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that differs from one stage to another. `secrets_name` names secrets; their values come from the adapter."""

    stage: str
    public_url: str
    promises_table: str
    clocks_table: str
    ring_queue_url: str
    bus_name: str
    operator_topic_arn: str
    secrets_name: str
    dead_letter_queue_urls: tuple[str, ...]
    given_up_queue_url: str
    brand_name: str
    brand_locale: str
    brand_time_zone: ZoneInfo
    register_es: str
    register_pt_pt: str
    from_email: str
    sendgrid_host: str
    clock_shards: int
    ttl_grace: timedelta
    shortest_rhythm: timedelta
    send_timeout: timedelta
    lease: timedelta
    quiet_window: timedelta
    metrics_namespace: str
    check_in_before: timedelta
    warn_before: timedelta
    reminder_after: timedelta
    other_channel_after: timedelta
    call_after: timedelta
    retention: Mapping[Kind, timedelta]
    quiet: Quiet | None
    silence_first: str
    silence_later: str
    after_no: str


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from variables named KEPT_*. Raises BadSettings naming every missing or wrong one."""
    reader = _Reader(environ)
    settings = Settings(
        stage=reader.text("STAGE"),
        public_url=reader.text("PUBLIC_URL").rstrip("/"),
        promises_table=reader.text("PROMISES_TABLE"),
        clocks_table=reader.text("CLOCKS_TABLE"),
        ring_queue_url=reader.text("RING_QUEUE_URL"),
        bus_name=reader.text("BUS_NAME"),
        operator_topic_arn=reader.text("OPERATOR_TOPIC_ARN"),
        secrets_name=reader.text("SECRETS_NAME"),
        dead_letter_queue_urls=tuple(reader.text("DEAD_LETTER_QUEUE_URLS", "").split()),
        given_up_queue_url=reader.text("GIVEN_UP_QUEUE_URL", ""),
        brand_name=reader.text("BRAND_NAME"),
        brand_locale=reader.text("BRAND_LOCALE", "en"),
        brand_time_zone=reader.parsed("BRAND_TIME_ZONE", ZoneInfo, "an IANA time zone such as Europe/Madrid", "UTC"),
        register_es=reader.choice("REGISTER_ES", ("informal", "formal"), "informal"),
        register_pt_pt=reader.choice("REGISTER_PT_PT", ("informal", "formal"), "formal"),
        from_email=reader.text("FROM_EMAIL"),
        sendgrid_host=reader.text("SENDGRID_HOST", "https://api.sendgrid.com").rstrip("/"),
        clock_shards=reader.number("CLOCK_SHARDS", 16, at_least=1),
        ttl_grace=reader.seconds("TTL_GRACE_SECONDS", 600),
        shortest_rhythm=reader.seconds("SHORTEST_RHYTHM_SECONDS", 60),
        send_timeout=reader.seconds("SEND_TIMEOUT_SECONDS", 5),
        lease=reader.seconds("LEASE_SECONDS", 60),
        quiet_window=reader.seconds("QUIET_WINDOW_SECONDS", 600),
        metrics_namespace=reader.text("METRICS_NAMESPACE", "Kept"),
        check_in_before=reader.seconds("CHECK_IN_BEFORE_SECONDS", 24 * 3600),
        warn_before=reader.seconds("WARN_BEFORE_SECONDS", 12 * 3600),
        reminder_after=reader.seconds("REMINDER_AFTER_SECONDS", 24 * 3600),
        other_channel_after=reader.seconds("OTHER_CHANNEL_AFTER_SECONDS", 40 * 3600),
        call_after=reader.seconds("CALL_AFTER_SECONDS", 56 * 3600),
        retention=reader.parsed("RETENTION_DAYS", _retention, "kind=days pairs such as personal=365", ""),
        quiet=reader.parsed("QUIET_HOURS", parse_quiet, "two hours of the day such as 21-8", "21-8"),
        silence_first=reader.choice("SILENCE_FIRST", _SILENCES, "stay"),
        silence_later=reader.choice("SILENCE_LATER", _SILENCES, "call"),
        after_no=reader.choice("AFTER_NO", ("call", "recovery"), "call"),
    )
    reader.complain()
    return settings


def _retention(text: str) -> Mapping[Kind, timedelta]:
    """Read `kind=days` pairs; a kind that is not named keeps the house's time. Raises ValueError."""
    given = dict(pair.split("=") for pair in text.split())
    days = {Kind(name): int(value) for name, value in given.items()}
    if any(each < 1 for each in days.values()):
        raise ValueError("a promise is kept for a day at least")
    return {**HOUSE, **{kind: timedelta(days=each) for kind, each in days.items()}}


class _Reader:
    """Reads variables one by one and remembers what is wrong with each."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._wrong: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environ.get(f"KEPT_{name}", "")
        if value:
            return value
        if default is None:
            self._wrong.append(f"KEPT_{name} is missing")
        return default or ""

    def parsed(self, name: str, parse: Callable[[str], _T], form: str, default: str) -> _T:
        value = self.text(name, default)
        try:
            return parse(value)
        except (ValueError, KeyError, OSError):
            self._wrong.append(f"KEPT_{name} must be {form}, not {value!r}")
            return parse(default)

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            self._wrong.append(f"KEPT_{name} must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def number(self, name: str, default: int, *, at_least: int) -> int:
        value = self.parsed(name, int, "a whole number", str(default))
        if value < at_least:
            self._wrong.append(f"KEPT_{name} must be at least {at_least}, not {value}")
        return value

    def seconds(self, name: str, default: int) -> timedelta:
        return timedelta(seconds=self.number(name, default, at_least=1))

    def complain(self) -> None:
        if self._wrong:
            raise BadSettings("; ".join(self._wrong))
