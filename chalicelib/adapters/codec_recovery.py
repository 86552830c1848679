"""How recoveries and concessions lie in the tables; the same rules as for promises."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.adapters.compact import dump, moment, read_moment, said
from chalicelib.domain.people import Channel
from chalicelib.domain.quiet import Quiet
from chalicelib.domain.recovery import (
    Case,
    Choice,
    ChosenBy,
    Concession,
    Ladder,
    Offer,
    OfferKind,
    Parts,
    Recovery,
    Silence,
)


def dump_recovery(recovery: Recovery) -> dict[str, object]:
    """Write a recovery as part of its promise."""
    parts = recovery.parts
    return said(
        n=recovery.n,
        seq=recovery.seq,
        opened_at=moment(recovery.opened_at),
        was_broken=recovery.was_broken or None,
        parts=parts and [parts.case, parts.reason, parts.done_so_far, parts.solution, _offer(parts.offer)],
        new_due_at=moment(recovery.new_due_at),
        decide_by=moment(recovery.decide_by),
        time_to_decide=None if recovery.time_to_decide is None else recovery.time_to_decide.total_seconds(),
        silence=recovery.silence,
        ladder=[getattr(recovery.ladder, each.name).total_seconds() for each in fields(Ladder)],
        quiet=recovery.quiet and [recovery.quiet.first, recovery.quiet.last],
        told_at=moment(recovery.told_at),
        told_on=recovery.told_on,
        acknowledged=recovery.acknowledged or None,
        calls=recovery.calls or None,
        call_at=moment(recovery.call_at),
        choice=recovery.choice,
        choice_seq=recovery.choice_seq or None,
        chosen_at=moment(recovery.chosen_at),
        chosen_by=recovery.chosen_by,
        granted_at=moment(recovery.granted_at),
        final=recovery.final or None,
    )


def load_recovery(read: Mapping[str, Any]) -> Recovery:
    """Read what `dump_recovery` wrote."""
    parts = read.get("parts")
    return Recovery(
        n=read["n"],
        seq=read["seq"],
        opened_at=datetime.fromisoformat(read["opened_at"]),
        was_broken=read.get("was_broken", False),
        parts=Parts(Case(parts[0]), parts[1], parts[2], parts[3], _read_offer(parts[4])) if parts else None,
        new_due_at=read_moment(read, "new_due_at"),
        decide_by=read_moment(read, "decide_by"),
        time_to_decide=timedelta(seconds=read["time_to_decide"]) if "time_to_decide" in read else None,
        silence=Silence(read["silence"]),
        ladder=Ladder(*(timedelta(seconds=each) for each in read["ladder"])),
        quiet=Quiet(*read["quiet"]) if "quiet" in read else None,
        told_at=read_moment(read, "told_at"),
        told_on=Channel(read["told_on"]) if "told_on" in read else None,
        acknowledged=read.get("acknowledged", False),
        calls=read.get("calls", 0),
        call_at=read_moment(read, "call_at"),
        choice=Choice(read["choice"]) if "choice" in read else None,
        choice_seq=read.get("choice_seq", 0),
        chosen_at=read_moment(read, "chosen_at"),
        chosen_by=ChosenBy(read["chosen_by"]) if "chosen_by" in read else None,
        granted_at=read_moment(read, "granted_at"),
        final=read.get("final", False),
    )


def dump_concession(concession: Concession) -> str:
    """Write a concession without its code, which is its key, and its redemption, which has attributes of its own."""
    return dump(
        promise_id=concession.promise_id,
        recovery_n=concession.recovery_n,
        customer_ref=concession.customer_ref,
        offer=_offer(concession.offer),
        granted_at=moment(concession.granted_at),
    )


def load_concession(code: str, body: str, *, void: bool, order: str | None, redeemed_at: datetime | None) -> Concession:
    """Read what `dump_concession` wrote."""
    read = json.loads(body)
    return Concession(
        code=code,
        promise_id=read["promise_id"],
        recovery_n=read["recovery_n"],
        customer_ref=read["customer_ref"],
        offer=_read_offer(read["offer"]),
        granted_at=datetime.fromisoformat(read["granted_at"]),
        void=void,
        order=order,
        redeemed_at=redeemed_at,
    )


def concession_without_text(body: str) -> str:
    """Return what `dump_concession` wrote, without anybody's words."""
    read = json.loads(body)
    return dump(**read | {"offer": read["offer"] | {"text": ""}})


def _offer(offer: Offer) -> dict[str, object]:
    return said(
        kind=offer.kind,
        text=offer.text,
        percent=str(offer.percent) if offer.percent is not None else None,
        minor_units=offer.minor_units,
        currency=offer.currency,
        valid_until=moment(offer.valid_until),
    )


def _read_offer(read: Mapping[str, Any]) -> Offer:
    return Offer(
        kind=OfferKind(read["kind"]),
        text=read["text"],
        percent=Decimal(read["percent"]) if "percent" in read else None,
        minor_units=read.get("minor_units"),
        currency=read.get("currency"),
        valid_until=read_moment(read, "valid_until"),
    )
