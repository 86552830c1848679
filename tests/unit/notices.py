"""Notices and pages to be said: one view of each in every language and register, changed where a test asks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.messages.views import Brand, NewsLine, NoticeView, PageView, Register, TimelineLine, Wording

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=MADRID)  # a Tuesday
LINK = "https://kept.example/p?t=abc.def"


@dataclass(frozen=True)
class Voice:
    """A language in a register, with what a company would write in it."""

    tag: str
    register: Register | None
    what: str
    note: str
    team: str

    def __str__(self) -> str:
        return f"{self.tag}-{self.register}" if self.register else self.tag


_ES = ("Tu pedido 1234 llega", "El pedido salió del almacén esta mañana", "atención al cliente")
_PT = ("A sua encomenda 1234 chega", "A encomenda saiu do armazém esta manhã", "apoio ao cliente")
EVERY_VOICE = (
    Voice("en", None, "Your order 1234 arrives", "The parcel left our warehouse this morning", "customer care"),
    Voice("en-US", None, "Your order 1234 arrives", "The package left our warehouse this morning", "customer care"),
    Voice("es", Register.INFORMAL, *_ES),
    Voice("es-MX", Register.FORMAL, *_ES),
    Voice("pt-BR", None, "Seu pedido 1234 chega", "O pedido saiu do armazém hoje de manhã", "atendimento"),
    Voice("pt-PT", Register.FORMAL, *_PT),
    Voice("pt-PT", Register.INFORMAL, *_PT),
)

# The notices of a promise's plain course; a recovery and a choice need more than these views hold.
WORDINGS = (
    *(Wording.CONFIRMATION, Wording.UPDATE_NEWS, Wording.UPDATE_NO_NEWS, Wording.OVERDUE),
    *(Wording.CLOSING, Wording.CLOSING_LATE, Wording.WITHDRAWN),
)

BRAND = Brand("Acme", MADRID)


def with_brand(name: str) -> Brand:
    """The brand under another name."""
    return replace(BRAND, name=name)


def notice(wording: Wording, voice: Voice, **changed: Any) -> NoticeView:
    """A notice in a voice, sent on a Tuesday at 3 pm in Madrid."""
    over = wording in {Wording.CLOSING, Wording.CLOSING_LATE, Wording.WITHDRAWN}
    late = wording in {Wording.OVERDUE, Wording.CLOSING_LATE}
    parts: dict[str, Any] = {
        "wording": wording,
        "is_attempt": False,
        "locale": voice.tag,
        "zone": MADRID,
        "brand": _spoken(voice, changed.pop("brand", BRAND)),
        "now": NOW,
        "what": voice.what,
        "due_at": NOW - timedelta(days=3) if late else NOW + timedelta(days=10, hours=3),
        "next_contact_at": None if over else NOW + timedelta(hours=3),
        "link": LINK,
        "customer_name": "Gemma",
        "promiser_name": "Marta",
        "promiser_team": voice.team,
        "news": (NewsLine(NOW, voice.note),) if wording is Wording.UPDATE_NEWS else (),
        "note": voice.note if over else None,
    }
    return NoticeView(**parts | changed)


def every_notice(**changed: Any) -> Iterator[tuple[str, Voice, NoticeView]]:
    """Every wording as a promise and as an attempt, in every voice, with a name to report it by."""
    for voice in EVERY_VOICE:
        for wording in WORDINGS:
            for attempt in (False, True):
                kind = "attempt" if attempt else "promise"
                yield f"{wording} {kind} {voice}", voice, notice(wording, voice, is_attempt=attempt, **changed)


def page(voice: Voice, **changed: Any) -> PageView:
    """The page of an open promise in a voice, seen on a Tuesday at 3 pm in Madrid."""
    parts: dict[str, Any] = {
        "is_attempt": False,
        "locale": voice.tag,
        "zone": MADRID,
        "brand": _spoken(voice, changed.pop("brand", BRAND)),
        "now": NOW,
        "what": voice.what,
        "status": "open",
        "due_at": NOW + timedelta(days=10, hours=3),
        "next_contact_at": NOW + timedelta(days=1),
        "timeline": (
            TimelineLine("PromiseMade", NOW - timedelta(days=1)),
            TimelineLine("ConfirmationSent", NOW - timedelta(days=1), {"channel": "email"}),
            TimelineLine("ProgressNoted", NOW - timedelta(hours=2), {}, voice.note),
        ),
        "form_nonce": "nonce-1",
        "customer_name": "Gemma",
        "promiser_name": "Marta",
        "promiser_team": voice.team,
    }
    return PageView(**parts | changed)


def _spoken(voice: Voice, brand: Brand) -> Brand:
    registers = {voice.tag.split("-", maxsplit=1)[0] if voice.tag == "es-MX" else voice.tag: voice.register}
    return replace(brand, registers={tag: register for tag, register in registers.items() if register})
