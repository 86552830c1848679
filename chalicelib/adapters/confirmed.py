"""What promisers were confirmed to have promised: for each subject, the promise whose claim was confirmed last.

An item of ids alone, written when a claim is found promised: the words stand in the promise, and vanish with it.
"""

from collections.abc import Iterable

from chalicelib.adapters import tables
from chalicelib.adapters.tables import PromisesItem
from chalicelib.adapters.transaction import Transaction
from chalicelib.domain.claimed import Finding
from chalicelib.domain.facts import Fact


def enter(writing: Transaction, item: type[PromisesItem], facts: Iterable[Fact]) -> None:
    """Point from each subject that these facts confirm to its promise."""
    for each in items_of(item, facts):
        writing.put(each)


def items_of(item: type[PromisesItem], facts: Iterable[Fact]) -> list[PromisesItem]:
    """Return what points to a promise, of whose facts these are: one item for each subject that was confirmed."""
    said = {
        (str(fact.data["promiser"]), str(fact.data["subject"])): fact.promise_id
        for fact in facts
        if fact.name == "ClaimSettled"
        and fact.data["finding"] == Finding.PROMISED
        and {"promiser", "subject"} <= fact.data.keys()
    }
    return [item(*key(ref, subject), body=promise_id) for (ref, subject), promise_id in said.items()]


def key(promiser_ref: str, subject: str) -> tuple[str, str]:
    """Return where a promiser's subject lies."""
    return tables.promiser_pk(promiser_ref), f"{tables.SUBJECT}{subject}"
