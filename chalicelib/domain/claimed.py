"""The claim that a promise began as: what was told, how it was answered, and what the customer has heard of that."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class ClaimStatus(StrEnum):
    """How a claim was answered: believed at once or after a review, still looked into, or not confirmed by one."""

    RATIFIED = "ratified"
    IN_REVIEW = "in_review"
    DECLINED = "declined"


class Finding(StrEnum):
    """What the investigation found, which is internal and may be reversed."""

    PROMISED = "promised"
    NOT_PROMISED = "not_promised"
    UNCLEAR = "unclear"


class Heard(StrEnum):
    """What the customer last heard of a claim's answer: that they are believed, or that the promise was not found."""

    BELIEVED = "believed"
    MISTAKEN = "mistaken"


class Corrects(StrEnum):
    """What must be corrected where a claim is believed."""

    PRICE = "price"
    TERM = "term"
    DISCOUNT = "discount"
    AMOUNT = "amount"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Correction:
    """What must be corrected, as it was told: `amount` and `percent` are decimal numbers, `term` is in words."""

    what: Corrects
    amount: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    percent: str | None = None
    term: str | None = None


# By the wording of an answer: what the customer has heard once it arrives, and what they had heard before it.
_ANSWERS: dict[str, tuple[Heard, Heard | None]] = {
    "claim_ratified": (Heard.BELIEVED, None),
    "claim_right": (Heard.BELIEVED, Heard.MISTAKEN),
    "claim_mistaken": (Heard.MISTAKEN, None),
    "claim_mistaken_honoured": (Heard.MISTAKEN, Heard.BELIEVED),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim that a promise began as. `answer_seq` is the number of the fact that answered it last, `note` what
    was found, in the company's words. `began_under` is the standard of its first answer, under which all is counted: a
    ledger that followed the promise to another standard could not be rebuilt from facts.

    `by_whom` and `when` are what the customer told, in their words; `found_of` is the promiser on whom the finding
    counts, where it named another than the claim did. `reopened_at` is when a review began anew, `warn_at` when the
    team that answers is told that the answer is due, `answered_late` that a review's answer came after its date.
    """

    status: ClaimStatus
    raised_at: datetime
    finding: Finding | None = None
    settled_at: datetime | None = None
    answer_seq: int = 0
    note: str | None = None
    began_under: str | None = None
    heard: Heard | None = None
    by_whom: str | None = None
    when: str | None = None
    found_of: str | None = None
    corrects: Correction | None = None
    reopened_at: datetime | None = None
    warn_at: datetime | None = None
    answered_late: bool = False

    @property
    def answer(self) -> Heard | None:
        """What the customer must have heard, as the claim stands; None while it is looked into."""
        if self.status is ClaimStatus.IN_REVIEW:
            return None
        mistaken = self.status is ClaimStatus.DECLINED or self.finding is Finding.NOT_PROMISED
        return Heard.MISTAKEN if mistaken else Heard.BELIEVED

    def told(self, wording: str) -> "Claim":
        """Return the claim once the customer has heard a notice in this wording."""
        return replace(self, heard=_ANSWERS[wording][0]) if wording in _ANSWERS else self

    def untold(self, wording: str) -> "Claim":
        """Return the claim once it is known that nobody heard a notice in this wording."""
        return replace(self, heard=_ANSWERS[wording][1]) if wording in _ANSWERS else self

    def blank(self) -> "Claim":
        """Return the claim without anybody's words."""
        corrects = replace(self.corrects, term=None) if self.corrects else None
        return replace(self, note=None, by_whom=None, when=None, corrects=corrects)
