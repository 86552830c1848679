"""The people of whom a story tells: who they are, and by which words of theirs they would be found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Known = dict[str, set[str]]


def of_their_own(first_name: str, own: str) -> str:
    """Return a name of which neither half is anybody else's; `own` is drawn for the person."""
    return f"{first_name}{own} {first_name}ez{own}"


@dataclass(frozen=True)
class People:
    """Customers and promisers by reference, each with what is personal: the halves of the name, address and phone."""

    customers: Known = field(default_factory=dict)
    promisers: Known = field(default_factory=dict)

    def meet(self, data: Mapping[str, Any]) -> None:
        """Note whom an event's data tell of, whatever becomes of the event."""
        for part, known in (("customer", self.customers), ("promised_by", self.promisers)):
            person = data.get(part)
            if isinstance(person, Mapping) and isinstance(person.get("ref"), str):
                known.setdefault(person["ref"], set()).update(_personal(person))

    def forget(self) -> None:
        """Begin another story."""
        self.customers.clear()
        self.promisers.clear()


def words_of(known: Known) -> set[str]:
    """Everything that is personal to any of them."""
    return set().union(*known.values())


def _personal(person: Mapping[str, Any]) -> set[str]:
    email, phone, name = (person.get(each) or "" for each in ("email", "phone", "name"))
    return {each for each in (email, phone, phone.removeprefix("+"), *name.split()) if each}
