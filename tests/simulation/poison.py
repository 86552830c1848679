"""One record that can never be served among a hundred: the others go on, and it ends in the dead-letter queue."""

from dataclasses import dataclass
from datetime import timedelta

from tests.simulation.people import GEMMA
from tests.simulation.story import START
from tests.simulation.world import SimWorld
from tests.world import NINE

RECORDS = 100
POISONED = 37


@dataclass(frozen=True, slots=True)
class Poisoned:
    """How many of the good records were done, by when the last one was, and how many ended among the dead letters."""

    done: int
    last_after: timedelta
    dead: int


def in_the_queue() -> Poisoned:
    """Put a message that is no ring among the rings of ninety-nine promises."""
    world = _world()
    world.sweeps = False
    for n in range(RECORDS):
        if n == POISONED:
            world.queue.put("no ring at all", world.time)
        else:
            _make(world, n)
    world.run_until(NINE + timedelta(hours=1))
    last = max(each.at for each in world.journal.heard)
    return Poisoned(len(world.journal.heard), last - START, len(world.queue.dead))


def in_the_facts() -> Poisoned:
    """Put a record that names no fact among ninety-nine facts."""
    world = _world()
    for n in range(RECORDS):
        if n == POISONED:
            world.facts.add("INSERT", Keys={"pk": {"S": "P#poison"}, "sk": {"S": "FACT#none"}})
        else:
            _make(world, n)
    world.run_until(NINE + timedelta(hours=1))
    made = [event for event in world.base.bus.events if event.type == "Promise Made"]
    last = max(each.at for each in made)
    return Poisoned(len({event.id for event in made}), last - START, len(world.facts.dead))


def in_the_removals() -> Poisoned:
    """Put a removed clock that cannot be read among ninety-nine that expired unrung."""
    world = _world()
    world.sweeps = False
    for n in range(RECORDS - 1):
        _make(world, n)
    world.queue.messages.clear()
    image = {"promise_id": {"S": "poison"}, "expires_at": {"N": "soon"}}
    world.removals.add("REMOVE", Keys={"promise_id": {"S": "poison"}}, OldImage=image)
    world.run_until(NINE + timedelta(hours=1))
    last = max(each.at for each in world.journal.heard)
    return Poisoned(len(world.journal.heard), last - START, len(world.removals.dead))


def _world() -> SimWorld:
    return SimWorld(start=START)


def _make(world: SimWorld, n: int) -> None:
    due = (START + timedelta(days=2)).isoformat()
    data = {"ref": f"order-{n}", "kind": "commitment", "what": f"Pedido {n}", "due_at": due}
    world.sources.tell("promise.made", data | {"customer": GEMMA | {"ref": f"c-{n}"}})
