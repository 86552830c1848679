"""Promises and facts for the ledgers' tests, and counting everything that a world has noted."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.facts import Fact
from chalicelib.domain.promise import Kind, Promise
from chalicelib.usecases.count_facts import count_facts
from tests.contract.builders import promise as any_promise
from tests.world import World

MADE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DUE = MADE + 4 * DAY


def promise(kind: Kind = Kind.COMMITMENT, **known: Any) -> Promise:
    """A commitment of Ana's, made on the 20th and due on the 24th."""
    return any_promise(made_at=MADE, due_at=DUE, kind=kind, promiser_ref="seller-7", **known)


def facts(*told: tuple[str, timedelta] | tuple[str, timedelta, dict[str, str | int]]) -> list[Fact]:
    """The making, and then what was told: each by its name, how long after the due time, and its data."""
    found = [Fact("p1", 1, "PromiseMade", MADE, {"kind": "commitment", "due_at": DUE.isoformat()})]
    for seq, (name, after, *data) in enumerate(told, start=2):
        found.append(Fact("p1", seq, name, DUE + after, data[0] if data else {}))  # type: ignore[arg-type]
    return found


def broken() -> tuple[str, timedelta, dict[str, str | int]]:
    """The due time has passed."""
    return "PromiseBroken", timedelta(seconds=1), {"due_at": DUE.isoformat()}


def stay(after: timedelta, by: str = "customer", days: int = 5) -> tuple[str, timedelta, dict[str, str | int]]:
    """The customer stays for a date some days after the first."""
    due_at = (DUE + days * DAY).isoformat()
    return "ChoiceRecorded", after, {"choice": "stay", "by": by, "recovery": 1, "due_at": due_at}


def cancel(after: timedelta, by: str = "customer") -> tuple[str, timedelta, dict[str, str | int]]:
    """The customer cancels."""
    return "ChoiceRecorded", after, {"choice": "cancel", "by": by, "recovery": 1}


def count(world: World) -> None:
    """Count every fact that the world has noted, as the stream would bring them."""
    assert count_facts(list(world.store.noted), world) == frozenset()
