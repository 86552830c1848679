"""Notices and pages to be said: one view of each in every language and register, changed where a test asks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.messages.page_views import CheckInView, PageView, TimelineLine
from chalicelib.messages.views import Brand, NewsLine, NoticeView, OfferView, RecoveryView, Register, Wording

MADRID, MEXICO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Mexico_City")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=MADRID)  # a Tuesday
LINK = "https://kept.example/p?t=abc.def"
LINK_OF_90 = "https://kept.example/p?t=".ljust(90, "x")


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

# What a company writes for a recovery: a reason, what was done so far, a solution and an offer. Some are whole
# sentences and some mere clauses, with a full stop or without.
COMPANY = {
    "en": (
        "the carrier lost Wednesday's truck.",
        "We have found your parcel",
        "We bring it ourselves",
        "Free shipping",
    ),
    "es": ("el camión se perdió el miércoles.", "Ya lo hemos encontrado", "Sale mañana a primera hora", "Envío gratis"),
    "pt": ("o camião perdeu-se na quarta-feira.", "Já o encontrámos", "Sai amanhã logo cedo", "Portes grátis"),
}

# The notices of a promise's plain course; a recovery and a choice need more than these views hold.
WORDINGS = (
    *(Wording.CONFIRMATION, Wording.UPDATE_NEWS, Wording.UPDATE_NO_NEWS, Wording.OVERDUE),
    *(Wording.CLOSING, Wording.CLOSING_LATE, Wording.WITHDRAWN),
)
RECOVERIES = tuple(each for each in Wording if each.startswith("recovery_"))
ASKING = (*RECOVERIES, Wording.REMINDER)
STAYED = (Wording.STAY_CONFIRMED, Wording.STAY_BY_SILENCE)
CANCELLED = (Wording.CANCEL_CONFIRMED, Wording.CANCEL_BY_SILENCE)
TROUBLES = (Wording.DOUBT, Wording.APOLOGY, *ASKING, *STAYED, *CANCELLED)
UNSTAYED = tuple(each for each in (*WORDINGS, *TROUBLES) if each not in STAYED)

BRAND = Brand("Acme", MADRID)


def with_brand(name: str) -> Brand:
    """The brand under another name."""
    return replace(BRAND, name=name)


# What of our own makes a text message longest: the link, the name of a zone and the brand's.
OURS = {"link": LINK_OF_90, "zone": MEXICO, "brand": with_brand("Panadería y Pastelería Los Hermanos del Río")}


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


def recovery(voice: Voice, **changed: Any) -> RecoveryView:
    """What a recovery says in a voice, with its new date and the choice open for three days."""
    reason, done_so_far, solution, offer = COMPANY[voice.tag[:2]]
    parts: dict[str, Any] = {
        "reason": reason,
        "done_so_far": done_so_far,
        "solution": solution,
        "offer": OfferView(offer, None, NOW + timedelta(days=37, hours=8, minutes=59)),
        "silence": "stay",
        "stay_link": f"{LINK}&choose=stay",
        "cancel_link": f"{LINK}&choose=cancel",
        "reference": "K7QFM2XA-1",
        "new_due_at": NOW + timedelta(days=14, hours=3),
        "decide_by": NOW + timedelta(days=3),
    }
    return RecoveryView(**parts | changed)


def chosen(voice: Voice, choice: str, **changed: Any) -> RecoveryView:
    """A recovery in which the customer chose to stay, and was granted the offer, or to cancel."""
    view = recovery(voice, choice=choice, **changed)
    return replace(view, offer=replace(view.offer, code="K7QF-M2XA-9TBC")) if choice == "stay" else view


def troubled(wording: Wording, voice: Voice, **changed: Any) -> NoticeView:
    """A notice of a promise in doubt, in recovery or chosen about; it asks when the next word comes by its deadline."""
    parts: dict[str, Any] = {"order": "1234"}
    if wording in ASKING:
        parts |= {"recovery": recovery(voice), "next_contact_at": NOW + timedelta(days=3)}
    if wording in STAYED:
        parts |= {"recovery": chosen(voice, "stay"), "due_at": NOW + timedelta(days=14, hours=3)}
    if wording in CANCELLED:
        parts |= {"recovery": chosen(voice, "cancel"), "next_contact_at": None}
    if wording.endswith("_late"):
        parts |= {"due_at": NOW - timedelta(days=3)}
    return notice(wording, voice, **parts | changed)


def check_in(voice: Voice, **changed: Any) -> CheckInView:
    """The promiser's page in a voice, the day before it is due."""
    parts: dict[str, Any] = {
        "locale": voice.tag,
        "zone": MADRID,
        "brand": _spoken(voice, changed.pop("brand", BRAND)),
        "now": NOW,
        "what": voice.what,
        "due_at": NOW + timedelta(days=1, hours=3),
        "form_nonce": "nonce-1",
        "promiser_name": "Marta",
        "customer_name": "Gemma Puig",
    }
    return CheckInView(**parts | changed)


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
