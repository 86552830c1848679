"""Hostile requests of every route, by the hundred thousand: nothing may be let in, and nothing may come down.

A request is made from its seed and its number alone, so that one that is found can be made again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from app import app
from tests.simulation.fuzzing import examples, pages, reads, signed, values
from tests.simulation.fuzzing.aftermath import traps
from tests.simulation.fuzzing.attempts import Attempt, Draw, Maker, anything
from tests.simulation.fuzzing.corpus import receipt_cases, webhook_cases
from tests.simulation.fuzzing.estate import PAGES, Estate
from tests.simulation.fuzzing.gateway import Answer, ask
from tests.simulation.fuzzing.signing import EVENTS, RECEIPTS, SECRET
from tests.simulation.fuzzing.values import Stock
from tests.world import NINE

_READS = (
    *("/v1/promises/{id_}", "/v1/claims/{id_}", "/v1/customers/{ref}", "/v1/promisers/{ref}", "/v1/teams/{team}"),
    *("/v1/promises", "/v1/expectations"),
)
# How each route is attacked by who knows it. A route that is missing here is attacked blindly, and turns the run red.
MAKERS: dict[tuple[str, str], Maker] = {
    ("POST", EVENTS): signed.webhook,
    ("POST", RECEIPTS): signed.receipt,
    **{(method, page): pages.showing(method, page) for page in PAGES for method in ("GET", "HEAD")},
    **{("POST", page): pages.acting(page) for page in PAGES},
    **{("GET", route): reads.reading(route) for route in _READS},
    ("GET", reads.REPORT): reads.showing_report,
    ("POST", reads.REPORT): reads.showing_key,
}
# Webhooks have the most to parse, and so the most that can go wrong.
_OFTEN = {("POST", EVENTS): 6, ("POST", RECEIPTS): 3, **{("POST", page): 2 for page in PAGES}}
_BLIND = 0.05
_STOCK = 100
_OUR_FAULT, _REFUSED = 500, 400


@dataclass(slots=True)
class Fuzzed:
    """What came of so many requests."""

    accepted: list[str] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)
    routes: Counter[str] = field(default_factory=Counter)
    whats: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    rightly: int = 0

    @property
    def tried(self) -> int:
        """How many requests were made."""
        return self.routes.total()

    def join(self, other: "Fuzzed") -> None:
        """Add what came of others."""
        self.accepted += other.accepted
        self.unhandled += other.unhandled
        self.routes.update(other.routes)
        self.whats.update(other.whats)
        self.statuses.update(other.statuses)
        self.rightly += other.rightly


def routes() -> list[tuple[str, str]]:
    """Return every method of every route that the application has."""
    return [(method, route) for route, methods in app.routes.items() for method in methods]


def unknown() -> list[str]:
    """Return the routes that nobody here knows how to attack, and those known here that there are no more."""
    return sorted(f"{method} {route}" for method, route in MAKERS.keys() ^ set(routes()))


def fields() -> list[str]:
    """Return the attempts that make one field of one type of event hostile, by their names."""
    return [signed.hostile_field(kind, path) for kind in examples.TYPES for path in examples.paths(kind)]


def corpus() -> list[str]:
    """Return the attempts that are known to bring the official helpers down, by their names."""
    return [each.name for each in (*webhook_cases(SECRET, NINE), *receipt_cases(NINE))]


def fuzz(share: tuple[int, int]) -> Fuzzed:
    """Make so many requests, by a seed."""
    seed, times = share
    return attack(seed, times, routes(), values.drawn(seed, _STOCK), Estate())


def attack(seed: int, times: int, places: Sequence[tuple[str, str]], stock: Stock, estate: Estate) -> Fuzzed:
    """Make so many requests of some places, out of a stock, on an estate."""
    often = [_OFTEN.get(each, 1) for each in places]
    fuzzed = Fuzzed()
    for number in range(times):
        chance = Random(f"request {number} of {seed}")
        method, route = chance.choices(places, often)[0]
        draw, maker = Draw(chance, stock, estate), MAKERS.get((method, route))
        blind = maker is None or draw.seldom(_BLIND)
        attempt = anything(draw, method, route) if blind or maker is None else maker(draw)
        fuzzed.routes[f"{method} {route}"] += 1
        fuzzed.whats[attempt.what] += 1
        _try(attempt, f"request {number} of seed {seed}", estate, fuzzed)
    return fuzzed


def _try(attempt: Attempt, name: str, estate: Estate, fuzzed: Fuzzed) -> None:
    """Make one request, judge what came of it, and put the world back as it was."""
    answer = ask(attempt.request, estate.world)
    fuzzed.statuses[answer.status] += 1
    changed = not estate.footprint.is_unchanged()
    told = (
        f"{name}, {attempt.what}: {answer.status}{', something changed' if changed else ''}; {attempt.request!r:.2000}"
    )
    if answer.status >= _OUR_FAULT:
        fuzzed.unhandled.append(f"{told} {answer.body:.200}")
    if _is_let_in(attempt, answer, changed=changed):
        fuzzed.accepted.append(told)
    elif changed:
        fuzzed.rightly += 1
        fuzzed.unhandled += [f"{told}: {trap}" for trap in traps(estate)]
    if changed:
        estate.footprint.put_back()


def _is_let_in(attempt: Attempt, answer: Answer, *, changed: bool) -> bool:
    """Tell whether a request got what it had no right to: an answer, or a change without one or by a mere look."""
    if not attempt.entitled and (changed or answer.status < _REFUSED):
        return True
    return changed and (answer.status >= _REFUSED or attempt.request.method in {"GET", "HEAD"})


def joined(results: Iterable[Fuzzed]) -> Fuzzed:
    """Add up what came of every share."""
    whole = Fuzzed()
    for each in results:
        whole.join(each)
    return whole
