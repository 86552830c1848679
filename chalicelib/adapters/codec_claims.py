"""How claims lie in the tables, within their promises: a list that grows at its end, so that older releases read it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.compact import moment, read_moment, said
from chalicelib.domain.claimed import Claim, ClaimStatus, Correction, Corrects, Finding, Heard
from chalicelib.domain.promise import Word


def dump_claim(claim: Claim) -> list[object]:
    """Write a claim as JSON-ready values."""
    return [
        claim.status,
        moment(claim.raised_at),
        claim.finding,
        moment(claim.settled_at),
        claim.answer_seq,
        claim.note,
        claim.began_under,
        said(
            heard=claim.heard,
            by_whom=claim.by_whom,
            when=claim.when,
            found_of=claim.found_of,
            corrects=said(**asdict(claim.corrects)) if claim.corrects else None,
            reopened_at=moment(claim.reopened_at),
            warn_at=moment(claim.warn_at),
            answered_late=claim.answered_late or None,
        ),
    ]


def load_claim(read: Sequence[Any], told: Collection[str]) -> Claim:
    """Read what `dump_claim` wrote; `told` are the words that its promise has said."""
    # Older releases wrote less at the end.
    status, raised_at, finding, settled_at, answer_seq, note, began_under, more = [*read, None, None][:8]
    claim = Claim(
        ClaimStatus(status),
        datetime.fromisoformat(raised_at),
        Finding(finding) if finding else None,
        datetime.fromisoformat(settled_at) if settled_at else None,
        answer_seq,
        note,
        began_under,
    )
    if more is None:
        return replace(claim, heard=_heard_of(claim, told))
    return replace(
        claim,
        heard=Heard(more["heard"]) if "heard" in more else None,
        by_whom=more.get("by_whom"),
        when=more.get("when"),
        found_of=more.get("found_of"),
        corrects=_correction(more["corrects"]) if "corrects" in more else None,
        reopened_at=read_moment(more, "reopened_at"),
        warn_at=read_moment(more, "warn_at"),
        answered_late=more.get("answered_late", False),
    )


def _correction(read: Mapping[str, Any]) -> Correction:
    return Correction(**{**read, "what": Corrects(read["what"])})


def _heard_of(claim: Claim, told: Collection[str]) -> Heard | None:
    """Return what the customer has heard of a claim that an older release wrote, which kept the words alone."""
    if claim.status is ClaimStatus.RATIFIED:
        # Believed at once, it was confirmed so; after a review, and whenever the answer changed, its answer told it.
        at_once = Heard.BELIEVED if claim.finding is Finding.NOT_PROMISED or not claim.answer_seq else None
        return claim.answer if Word.FINDING in told else at_once
    return claim.answer if Word.CLOSING in told else None
