"""Promises as other services tell of them. Each is about a customer of its own, so tests can share one stack."""

import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.people import of_their_own

# Far enough that all that must come before it does, even on a slow machine: the telling, the confirmation from a ring
# that has yet to start, and often another event. Near enough to wait for.
SOON = timedelta(seconds=25)
LATER = timedelta(hours=3)


@dataclass(frozen=True)
class Told:
    """What is told when a promise is made, and where its customer is reached."""

    data: dict[str, Any]
    email: str
    phone: str

    @property
    def ref(self) -> str:
        return str(self.data["ref"])

    @property
    def update_at(self) -> datetime:
        """The first promised contact moment."""
        return datetime.fromisoformat(self.data["updates"]["at"][0])

    @property
    def first_name(self) -> str:
        """By what the customer is greeted."""
        return str(self.data["customer"]["name"]).split()[0]

    @property
    def promiser(self) -> str:
        """By what the promiser is called."""
        return str(self.data["promised_by"]["name"]).split()[0]


def promise(
    what: str = "Your order 1234 arrives",
    *,
    kind: str = "commitment",
    locale: str = "en",
    mailbox: str | None = None,
    by_sms: bool = False,
    updates: tuple[timedelta, ...] = (),
    due: timedelta = LATER,
    name: str | None = "Gemma",
) -> Told:
    """A promise of Marta, the technicians' dispatcher, counted from now; nobody else has their names and addresses.

    `mailbox` is one that the inbox treats specially (refuse, down, unknown); with `by_sms` the phone is known as well,
    and with `by_sms` and no mailbox it is all that is known.
    """
    now = datetime.now(UTC)
    own = uuid.uuid4().hex[:10]
    email = f"{mailbox or 'customer'}+n{own}@example.com"
    phone = f"+346{random.randrange(10**7, 10**8)}"
    customer: dict[str, Any] = {"ref": f"c-{own}", "locale": locale, "time_zone": "Europe/Madrid"}
    if name:
        customer["name"] = of_their_own(name, own)
    if mailbox or not by_sms:
        customer["email"] = email
    if by_sms:
        customer["phone"] = phone
    data = {
        "ref": f"order-{own}",
        "kind": kind,
        "what": what,
        "due_at": (now + due).isoformat(),
        "promised_by": {
            "ref": f"agent-{own}",
            "name": of_their_own("Marta", own),
            "team": "averías",
            "email": f"marta+{own}@shop.example",
        },
        "customer": customer,
    }
    if updates:
        data["updates"] = {"at": [(now + ahead).isoformat(timespec="milliseconds") for ahead in updates]}
    return Told(data, email, phone)
