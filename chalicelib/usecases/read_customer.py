"""Read a customer: their promises, ledger and what is open for them, for the services that take their next order."""

from typing import Any

from chalicelib.domain.figures import Figures
from chalicelib.domain.ledgers import Book, Row
from chalicelib.domain.listings import Party
from chalicelib.usecases.list_promises import Asked, list_promises
from chalicelib.usecases.redeem import is_open, summary
from chalicelib.usecases.services import Services
from chalicelib.usecases.suppressions import channels


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
        "channels": channels(customer, now),
        **list_promises(Party.CUSTOMER, ref, asked, services),
        "ledger": Figures(ledger).to_json(),
        "open_concessions": [summary(each) for each in concessions if is_open(each, now)],
        "concessions": [summary(each) for each in concessions],
    }
