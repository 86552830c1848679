"""What a customer says was promised to them, as a service tells it on their behalf."""

import uuid
from dataclasses import dataclass
from typing import Any

from tests.e2e.outside import Outside, call
from tests.e2e.people import of_their_own


@dataclass(frozen=True)
class Customer:
    """Somebody who claims, with a mailbox of their own."""

    data: dict[str, Any]

    @property
    def email(self) -> str:
        return str(self.data["email"])


def customer(name: str, locale: str) -> Customer:
    own = uuid.uuid4().hex[:10]
    zone = {"es": "Europe/Madrid", "pt-BR": "America/Sao_Paulo", "pt-PT": "Europe/Lisbon"}[locale]
    mailbox = f"claims+n{own}@example.com"
    known = {"ref": f"c-{own}", "name": of_their_own(name, own), "email": mailbox}
    return Customer(known | {"locale": locale, "time_zone": zone})


def claim(who: Customer, what: str, *, seller: str, **about: str) -> dict[str, Any]:
    """Return the data of `claim.raised`: what a seller is said to have promised."""
    by = {"ref": seller, "name": of_their_own("Ana", uuid.uuid4().hex[:10]), "team": "ventas"}
    told = {"ref": f"claim-{uuid.uuid4().hex[:10]}", "customer": who.data, "promised_by": by, "what": what}
    return told | ({"about": about} if about else {})


def raised(outside: Outside, data: dict[str, Any]) -> Any:
    """Raise a claim that is taken; return what the answer says of it."""
    answer = outside.post("claim.raised", data)
    assert answer.status == 202, answer.body
    return answer.json["claim"]


def read_claim(outside: Outside, claim_id: str) -> Any:
    answer = call(f"{outside.stack.api}/v1/claims/{claim_id}", headers=outside.read_key())
    assert answer.status == 200, answer.body
    return answer.json
