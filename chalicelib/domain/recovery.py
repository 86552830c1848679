"""The recovery: what a customer gets when a promise will not be, or was not, kept; and their choice."""

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.people import Channel
from chalicelib.domain.quiet import Quiet

# The US mail-order rule (16 CFR 435.2(b)) takes silence for consent only at a first delay of 30 days or less.
LONGEST_SHORT_DELAY = timedelta(days=30)
# A customer who is not told by when gets three days to think.
TIME_TO_DECIDE = timedelta(hours=72)
# Steps of the ladder never come later than these parts of the time there is to decide.
_PARTS_OF_WINDOW = (0.4, 0.6, 0.8)
# A person who cannot be reached is called this often, then the silence rule has the last word.
MOST_CALLS = 3


class Case(StrEnum):
    """What went wrong, as far as the wording goes."""

    DELAY = "delay"
    WRONG_ITEM = "wrong_item"
    TERMS = "terms"
    OTHER = "other"


class Choice(StrEnum):
    """What the customer may choose: both are real."""

    STAY = "stay"
    CANCEL = "cancel"


class Silence(StrEnum):
    """What no answer by the deadline means."""

    STAY = "stay"
    CANCEL = "cancel"
    CALL = "call"


class AfterNo(StrEnum):
    """What follows when the customer answers, at the end, that the word was not kept."""

    CALL = "call"
    RECOVERY = "recovery"


class ChosenBy(StrEnum):
    """Who made a choice: the customer by a press or a digit, the customer on the phone, or the silence rule."""

    CUSTOMER = "customer"
    CALL = "call"
    SILENCE = "silence"


class OfferKind(StrEnum):
    """What makes up for it, now or on the next order."""

    DISCOUNT = "discount"
    AMOUNT_OFF = "amount_off"
    GIFT = "gift"
    FREE_SHIPPING = "free_shipping"
    UPGRADE = "upgrade"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer in words, with its value where it has one: a percentage, or an amount in minor units of a currency."""

    kind: OfferKind
    text: str
    percent: Decimal | None = None
    minor_units: int | None = None
    currency: str | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What the promiser must bring for the eight parts of a recovery; the texts bring the rest."""

    case: Case
    reason: str
    done_so_far: str
    solution: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class Ladder:
    """How long after the customer was told each step comes: the reminder, the other channel, the call."""

    reminder: timedelta = timedelta(hours=24)
    other_channel: timedelta = timedelta(hours=40)
    call: timedelta = timedelta(hours=56)
    between_calls: timedelta = timedelta(hours=4)

    def steps(self, told_at: datetime, decide_by: datetime) -> tuple[datetime, datetime, datetime]:
        """Return the moments of the three steps, drawn together when there is little time to decide."""
        window = max(decide_by - told_at, timedelta())
        lengths = zip((self.reminder, self.other_channel, self.call), _PARTS_OF_WINDOW, strict=True)
        first, second, third = (told_at + min(length, window * part) for length, part in lengths)
        return first, second, third


@dataclass(frozen=True, slots=True)
class Recovery:
    """One recovery of a promise, the `n`th.

    `parts` is None when the promise broke by itself, or the customer said that it was not kept, and nobody has said why
    yet. `seq` and `choice_seq` are the numbers of the facts that opened it and that recorded the latest choice: a
    notice written before them does not speak of them. `told_at` is when the customer was told; `decide_by` when silence
    decides, `silence` what it will mean, and `time_to_decide` how long the customer was to have, whenever they are
    told.
    """

    n: int
    seq: int
    opened_at: datetime
    was_broken: bool
    parts: Parts | None = None
    new_due_at: datetime | None = None
    decide_by: datetime | None = None
    time_to_decide: timedelta | None = None
    silence: Silence = Silence.CALL
    ladder: Ladder = field(default_factory=Ladder)
    quiet: Quiet | None = None
    told_at: datetime | None = None
    told_on: Channel | None = None
    acknowledged: bool = False
    calls: int = 0
    call_at: datetime | None = None
    choice: Choice | None = None
    choice_seq: int = 0
    chosen_at: datetime | None = None
    chosen_by: ChosenBy | None = None
    granted_at: datetime | None = None
    final: bool = False

    def steps(self, zone: ZoneInfo) -> tuple[datetime, datetime, datetime] | None:
        """Return when the ladder's steps come, out of quiet hours where the deadline allows; None before it is told."""
        if self.told_at is None or self.decide_by is None:
            return None
        first, second, third = (self.awake(each, zone) for each in self.ladder.steps(self.told_at, self.decide_by))
        return first, second, third

    def awake(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return `at`, or the end of the quiet hours that it lies in, where that comes before the deadline."""
        later = self.quiet.after(at, zone) if self.quiet else at
        return later if self.decide_by is None or later < self.decide_by else at

    @property
    def silence_at(self) -> datetime | None:
        """When silence decides; while the customer is untold, when they would have but half of their time left."""
        if self.decide_by is None or self.told_at or self.silence is Silence.CALL:
            return self.decide_by
        return self.decide_by - self._length(self.decide_by) / 2

    def from_when_told(self, at: datetime) -> "Recovery":
        """Return the recovery for a customer who hears of it at `at` at the soonest: with all their time to decide.

        The new date bounds it. Where it leaves half of their time or less, silence decides nothing: a person calls.
        """
        if self.decide_by is None:
            return self
        length = self._length(self.decide_by)
        until = min(at + length, self.new_due_at or at + length)
        decide_by = max(self.decide_by, until)
        silence = self.silence if decide_by - at > length / 2 else Silence.CALL
        return replace(self, decide_by=decide_by, silence=silence)

    def _length(self, decide_by: datetime) -> timedelta:
        return self.time_to_decide or decide_by - self.opened_at

    @property
    def is_open(self) -> bool:
        """Tell whether the customer was given all eight parts and has yet to choose."""
        return self.parts is not None and self.choice is None


def silence_rule(
    case: Case, n: int, due_at: datetime, new_due_at: datetime | None, *, first: Silence, later: Silence
) -> Silence:
    """Return what silence will mean: the `first` rule for a first short delay only, the `later` rule otherwise."""
    short = new_due_at is not None and new_due_at - due_at <= LONGEST_SHORT_DELAY
    return first if case is Case.DELAY and n == 1 and short else later


@dataclass(frozen=True, slots=True)
class Concession:
    """What was granted to make up for a broken word. `code` is for people to read out; granted once per recovery.

    `void` when the customer cancelled after all. `order` is the one order against which it was redeemed.
    """

    code: str
    promise_id: str
    recovery_n: int
    customer_ref: str
    offer: Offer
    granted_at: datetime
    void: bool = False
    order: str | None = None
    redeemed_at: datetime | None = None


def as_written(code: str) -> str:
    """Return a code as we write it, however it was typed: in any case, with blanks or dashes or without."""
    letters = "".join(each for each in code.upper() if each.isalnum())
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def concession_code(promise_id: str, recovery_n: int) -> str:
    """Return the code of a recovery's concession, such as `K7QF-M2XA-9TBC`: derived, so there can be only one.

    Crockford's base 32 has no I, L, O or U to misread; 60 bits keep two codes apart.
    """
    digest = hashlib.sha256(f"concession:{promise_id}:{recovery_n}".encode()).digest()
    rfc4648, crockford = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    text = base64.b32encode(digest[:10]).decode().translate(str.maketrans(rfc4648, crockford))
    return f"{text[:4]}-{text[4:8]}-{text[8:12]}"
