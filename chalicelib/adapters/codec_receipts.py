"""How receipts and marked addresses lie in the tables; the same rules as for promises."""

import json
from collections.abc import Iterable
from datetime import datetime

from chalicelib.adapters.compact import dump, moment
from chalicelib.domain.people import Channel, Mark
from chalicelib.domain.receipts import Delivery, Reason, Receipt, ReceiptKind, delivery_of


def dump_receipt(receipt: Receipt) -> str:
    """Write one receipt: the same receipt always gives the same text, as receipts lie in a set."""
    return dump(at=moment(receipt.at), kind=receipt.kind, id=receipt.message_id or None, reason=receipt.reason)


def load_delivery(texts: Iterable[str]) -> Delivery:
    """Read what `dump_receipt` wrote, in whatever order."""
    return delivery_of(map(_load_receipt, texts))


def _load_receipt(text: str) -> Receipt:
    read = json.loads(text)
    reason = Reason(read["reason"]) if "reason" in read else None
    return Receipt(datetime.fromisoformat(read["at"]), ReceiptKind(read["kind"]), read.get("id", ""), reason)


def dump_marks(marks: Iterable[Mark]) -> str:
    """Write the marks of a profile; always the same text for the same marks."""
    lines = [[each.channel, each.address, each.reason, moment(each.since), moment(each.until)] for each in marks]
    return json.dumps(sorted(lines), separators=(",", ":"), ensure_ascii=False)


def load_marks(text: str | None) -> tuple[Mark, ...]:
    """Read what `dump_marks` wrote."""
    return tuple(
        Mark(
            Channel(channel),
            address,
            Reason(reason),
            datetime.fromisoformat(since),
            datetime.fromisoformat(until) if until else None,
        )
        for channel, address, reason, since, until in json.loads(text or "[]")
    )
