"""Everything that a world has stored and sent: whether a request changed any of it, and how to put it back."""

from collections import deque
from typing import Any

from tests.world import World

_PORTS = ("store", "rings", "email", "sms", "bus", "metrics", "operators", "dead_letters", "given_up")


class Footprint:
    """A world as it stood. What lies in the fakes' collections is frozen, so that their copies may share it."""

    def __init__(self, world: World) -> None:
        """Take the world as it stands now."""
        self._world = world
        self._time = world.system.time
        self._kept = [(each, each.copy()) for each in _collections(world)]
        self._ledgers = _rows(world)

    def is_unchanged(self) -> bool:
        """Tell whether the world has neither stored, queued nor sent anything since."""
        return all(now == before for now, before in self._kept) and _rows(self._world) == self._ledgers

    def put_back(self) -> None:
        """Undo all that happened since, the passing of time too."""
        self._world.system.time = self._time
        for now, before in self._kept:
            now.clear()
            if isinstance(now, dict | set):
                now.update(before)
            else:
                now.extend(before)
        vars(self._world.ledgers).update({name: _copied(value) for name, value in self._ledgers.items()})


def _collections(world: World) -> list[Any]:
    ports = [getattr(world, name) for name in _PORTS]
    return [each for port in ports for each in vars(port).values() if isinstance(each, dict | set | list | deque)]


def _rows(world: World) -> dict[str, Any]:
    return {name: _copied(value) for name, value in vars(world.ledgers).items() if name != "store"}


def _copied(value: Any) -> Any:
    """Copy a ledger's collection and the rows in it, which are counted up in place; an empty row is as good as none."""
    if not isinstance(value, dict):
        return value
    copied = value.copy()
    copied.clear()
    copied.update((key, row.copy() if isinstance(row, dict | set) else row) for key, row in value.items() if row)
    return copied
