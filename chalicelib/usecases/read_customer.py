"""Read a customer: their promises, ledger and what is open for them, for the services that take their next order."""

from datetime import datetime
from typing import Any

from chalicelib.domain.figures import Figures
from chalicelib.domain.ledgers import Book, Row
from chalicelib.domain.listings import Party
from chalicelib.domain.people import Channel, Customer, Mark
from chalicelib.usecases.list_promises import Asked, list_promises
from chalicelib.usecases.redeem import is_open, summary
from chalicelib.usecases.services import Services


def read_customer(ref: str, asked: Asked, services: Services) -> dict[str, Any] | None:
    """Return a page of a customer's promises, their ledger, channels and concessions, the open ones apart.

    None when nothing is known of them. A channel is shown without its address, and with the reason when nothing is sent
    to that. Raises StoreUnavailable.
    """
    concessions = services.store.concessions_of(ref)
    row = Row(Book.CUSTOMER, "", ref)
    ledger = services.ledgers.at(services.ledgers.generations().reading, [row]).get(row, {})
    customer = services.store.customers([ref]).get(ref)
    if not concessions and not ledger and customer is None:
        return None
    now = services.system.now()
    return {
        "customer": {"ref": ref},
        "channels": [_channel(customer, each, now) for each in customer.channels] if customer else [],
        **list_promises(Party.CUSTOMER, ref, asked, services),
        "ledger": Figures(ledger).to_json(),
        "open_concessions": [summary(each) for each in concessions if is_open(each, now)],
        "concessions": [summary(each) for each in concessions],
    }


def _channel(customer: Customer, channel: Channel, now: datetime) -> dict[str, Any]:
    mark = customer.suppressed(channel, now)
    known = customer.address(channel) is not None
    return {"channel": channel.value, "known": known, "suppressed": _suppression(mark) if mark else None}


def _suppression(mark: Mark) -> dict[str, str | None]:
    until = mark.until.isoformat() if mark.until else None
    return {"reason": mark.reason.value, "since": mark.since.isoformat(), "until": until}
