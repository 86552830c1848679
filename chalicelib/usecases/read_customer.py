"""Read a customer: their ledger and what is open for them, for the services that take their next order."""

from typing import Any

from chalicelib.domain.ledgers import Book, Row
from chalicelib.usecases.figures import Figures
from chalicelib.usecases.redeem import is_open, summary
from chalicelib.usecases.services import Services


def read_customer(ref: str, services: Services) -> dict[str, Any] | None:
    """Return a customer's ledger and concessions, the open ones apart, or None when nothing is known of them."""
    concessions = services.store.concessions_of(ref)
    row = Row(Book.CUSTOMER, "", ref)
    ledger = services.ledgers.at(services.ledgers.generations().reading, [row]).get(row, {})
    if not concessions and not ledger and ref not in services.store.customers([ref]):
        return None
    now = services.system.now()
    return {
        "customer": {"ref": ref},
        "ledger": Figures(ledger).to_json(),
        "open_concessions": [summary(each) for each in concessions if is_open(each, now)],
        "concessions": [summary(each) for each in concessions],
    }
