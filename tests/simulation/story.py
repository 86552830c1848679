"""How a story is written: steps at their moments, what the environment is like, and what the customer hears of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.notices import Outcome
from chalicelib.domain.risks import Policy
from chalicelib.usecases.ports import Sent
from tests.simulation.course import PROMPT
from tests.simulation.faults import Plan
from tests.simulation.people import ANA, GEMMA
from tests.simulation.strikes import HOLD
from tests.simulation.world import SimWorld
from tests.world import NINE, World

# Off the minute, as life is.
START = NINE + timedelta(seconds=7)
LEFT_ALONE = Sent(Outcome.UNAVAILABLE, reason="http 429", hold=HOLD)
# A bounce is reported after seconds; then the word goes by the other channel.
REPORTED = timedelta(seconds=10)

Act = Callable[[SimWorld], object]


@dataclass(frozen=True)
class Step:
    """Something done so long after the start of the story."""

    after: timedelta
    act: Act


@dataclass(frozen=True)
class Story:
    """A script. `hears` is what the customer hears when nothing goes wrong, in order; `lasts` is how long it is told.

    `refuses`, `down` and `holds` name addresses whose provider refuses, is unavailable, or asks to be left alone,
    whenever it is called, and `bounces` those that do not exist; where it `reports`, the provider also says what was
    delivered. `sweeps` and `ttl` are the world's. `late_by` is by how much a word may be late when nothing goes wrong:
    more where its environment makes it so. `policy` is what the house decides.
    """

    name: str
    steps: tuple[Step, ...]
    hears: tuple[str, ...]
    lasts: timedelta
    calls: int = 0
    refuses: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    sweeps: bool = True
    ttl: timedelta | None = timedelta()
    rescued: int = 0
    bounces: tuple[str, ...] = ()
    reports: bool = False
    late_by: timedelta = PROMPT
    policy: Policy = field(default_factory=Policy)

    @property
    def end(self) -> datetime:
        """When the story is over; what is owed later is not its matter."""
        return START + self.lasts

    def begin(self, plan: Plan | None = None, base: World | None = None, seed: int = 0) -> SimWorld:
        """Return a world in which the story is about to be told."""
        world = SimWorld(
            plan,
            base=base,
            start=START,
            sweeps=self.sweeps,
            ttl=self.ttl,
            bounces=self.bounces,
            reports=self.reports,
            seed=seed,
        )
        world.base.rules = replace(world.base.rules, policy=self.policy)
        answers: tuple[tuple[tuple[str, ...], Sent | Outcome], ...] = (
            (self.refuses, Outcome.REFUSED),
            (self.down, Outcome.UNAVAILABLE),
            (self.holds, LEFT_ALONE),
        )
        for addresses, answer in answers:
            for address in addresses:
                for sender in (world.base.email, world.base.sms):
                    sender.always_answer(address, answer)
        for step in self.steps:
            world.at(START + step.after, _doing(step.act, world))
        return world


def _doing(act: Act, world: SimWorld) -> Callable[[], None]:
    return lambda: _discard(act(world))


def _discard(result: object) -> None:
    """Drop what an act returns: the agenda has no use for it."""


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def made(
    *,
    due: timedelta,
    at: tuple[timedelta, ...] = (),
    every: str | None = None,
    ref: str = "order-1",
    kind: str = "commitment",
    customer: dict[str, Any] | None = None,
    after: timedelta = timedelta(),
    **more: Any,
) -> Step:
    """A promise is made, with contact moments so long after the start of the story."""
    updates: dict[str, Any] = {"every": every} if every else {}
    if at:
        updates["at"] = [(START + each).isoformat() for each in at]
    data: dict[str, Any] = {"ref": ref, "kind": kind, "what": "Tu pedido 1 llega", "due_at": (START + due).isoformat()}
    data |= more
    data["customer"] = customer or GEMMA
    if updates:
        data["updates"] = updates
    return tells(after, "promise.made", **data)


def tells(after: timedelta, event: str, /, **data: Any) -> Step:
    """A source tells of something, by webhook."""
    data = {"ref": "order-1"} | data
    return Step(after, lambda world: world.sources.tell(event, data))


def news(after: timedelta, note: str, tell: str = "next", ref: str = "order-1") -> Step:
    return tells(after, "promise.progressed", ref=ref, note=note, tell=tell)


def trouble(
    after: timedelta,
    *,
    decide: timedelta,
    new: timedelta = timedelta(days=2),
    event: str = "promise.at_risk",
    case: str = "delay",
    ref: str = "order-1",
) -> Step:
    """The promiser says that it will not be kept: there is a new date, by default two days on, free shipping, and a
    choice."""
    data = {
        "case": case,
        "reason": "el camión se averió",
        "done_so_far": "hemos cambiado de transportista",
        "solution": "llega dos días más tarde",
        "new_due_at": (START + new).isoformat(),
        "decide_by": (START + decide).isoformat(),
        "offer": {"kind": "free_shipping", "text": "el envío es gratis"},
    }
    return tells(after, event, ref=ref, **data)


def on_track(after: timedelta, word: str, ref: str = "order-1") -> Step:
    """The promiser answers the question that all is well, with a word for the customer."""
    form = {"answer": "on_track", "word": word}
    data = {"note": word, "tell": "now"}
    return Step(after, lambda world: world.visitors.answer_check_in(ref, "promise.progressed", data, **form))


def kept(after: timedelta, note: str = "hecho", ref: str = "order-1") -> Step:
    return tells(after, "promise.kept", ref=ref, note=note)


def presses(after: timedelta, action: str = "acknowledge", ref: str = "order-1") -> Step:
    """The customer opens the newest link and presses a button."""
    return Step(after, lambda world: world.visitors.press(ref, action))


def raised(after: timedelta, customer: dict[str, Any], ref: str = "claim-1") -> Step:
    """The customer says that something was promised to them."""
    about = {"order": "1234", "amount": "25.20", "currency": "EUR"}
    return tells(
        after, "claim.raised", ref=ref, customer=customer, promised_by=ANA, what="El precio incluye el IVA", about=about
    )


def settled(after: timedelta, finding: str, ref: str = "claim-1") -> Step:
    """Somebody has looked into a claim."""
    return tells(after, "claim.settled", ref=ref, finding=finding, note=f"visto: {finding} {ref}")
