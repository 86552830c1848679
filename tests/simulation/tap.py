"""The tap: a stand-in for each port that counts every call of every method, and lets a plan strike there."""

import sys
from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any, get_type_hints

from chalicelib.usecases.services import Services
from tests.simulation.faults import Kind, Plan, Planned, Strike

# What is no I/O: time and chance, rendering, and values.
PURE = frozenset({"system", "texts", "rules"})


def _named(wanted: Callable[[str, object], bool]) -> dict[str, tuple[str, ...]]:
    """Return every port of the services with those names of its protocol that are wanted."""
    found = {}
    for name, prop in vars(Services).items():
        if isinstance(prop, property) and name not in PURE:
            protocol = get_type_hints(prop.fget)["return"]
            found[name] = tuple(each for each, value in vars(protocol).items() if wanted(each, value))
    return found


def _is_method(name: str, value: object) -> bool:
    return callable(value) and not name.startswith("_") and not isinstance(value, type | ModuleType)


def _is_value(name: str, value: object) -> bool:
    return isinstance(value, property)


METHODS = _named(_is_method)
# What a port says of itself without asking anybody.
VALUES = _named(_is_value)

# A place in the source that calls a port: its file, its line, and what it calls.
Place = tuple[str, int, str]
Effect = Callable[..., Any]
# Told of each call that took effect: whose it was, its place in the order of effects, its arguments and its result.
Observer = Callable[[Any, int, tuple[Any, ...], Any], None]


class Tap:
    """Counts the calls of one run and hands to `strike` those that the plan, or a spell of throttling, picks.

    `circumstances` are when a fault strikes, and the promises of the notices that are held then.
    """

    def __init__(
        self,
        plan: Plan,
        strike: Callable[..., Any],
        observers: dict[str, Observer],
        circumstances: Callable[[], tuple[datetime, frozenset[str]]],
    ) -> None:
        self.plan = plan
        self.tick = 0
        self.order = 0
        self.calls: list[str] = []
        self.struck: list[Strike] = []
        self.sites: set[Place] = set()
        # The places that were called from, with the number of the first call: where faults could strike.
        self.seen: dict[Place, int] = {}
        self.spells: dict[str, Any] = {}
        self._strike = strike
        self._observers = observers
        self._circumstances = circumstances

    def stop(self) -> None:
        """From here on nothing goes wrong."""
        self.plan = Planned()
        self.spells.clear()

    def port(self, name: str, real: Any, worker: Any) -> "Tapped":
        """Return a stand-in for a port as one worker sees it."""
        tapped = Tapped()
        for method in METHODS[name]:
            if hasattr(real, method):
                setattr(tapped, method, self._method(f"{name}.{method}", getattr(real, method), worker))
        for value in VALUES[name]:
            setattr(tapped, value, getattr(real, value))
        return tapped

    def trigger(self, call: str) -> Kind | None:
        """Count a delivery as a point at which faults strike, and return the one that does."""
        self.tick += 1
        self.calls.append(call)
        if self.tick != self.plan.next:
            return None
        kind = self.plan.strikes(call)
        if kind:
            self.struck.append(Strike(self.tick, call, kind, *self._circumstances()))
        return kind

    def _method(self, call: str, real: Effect, worker: Any) -> Effect:
        observer = self._observers.get(call)

        def effect(*args: Any, **kwargs: Any) -> Any:
            result = real(*args, **kwargs)
            self.order += 1
            if observer:
                observer(worker, self.order, args, result)
            return result

        def method(*args: Any, **kwargs: Any) -> Any:
            self.tick += 1
            self.calls.append(call)
            frame = sys._getframe(1)
            place = (frame.f_code.co_filename, frame.f_lineno, call)
            self.seen.setdefault(place, self.tick)
            if self.tick == self.plan.next or self.spells:
                return self._maybe_struck(place, effect, worker, args, kwargs)
            return effect(*args, **kwargs)

        return method

    def _maybe_struck(
        self, place: Place, effect: Effect, worker: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        kind, call = None, place[2]
        if self.tick == self.plan.next:
            kind = self.plan.strikes(call)
        if kind:
            self.struck.append(Strike(self.tick, call, kind, *self._circumstances()))
            self.sites.add(place)
        return self._strike(kind, call, lambda: effect(*args, **kwargs), worker, args)


class Tapped:
    """A stand-in for a port: its methods are set one by one."""
