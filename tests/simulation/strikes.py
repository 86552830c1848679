"""How each kind of fault strikes a call."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import Sent
from chalicelib.usecases.store_port import Committed, StoreUnavailable
from tests.simulation.faults import Crash, Kind

# A call that times out has taken its time; a throttled port stays throttled for a while.
TIMEOUT = timedelta(seconds=3)
SPELL = timedelta(seconds=90)
# A provider whose rate is used up says for how long.
HOLD = timedelta(minutes=3)
# A worker that stalls stays within its function's time-out; one that sleeps wakes up long after its lease.
STALL = timedelta(seconds=25)
SLEEP = timedelta(minutes=31)

Call = Callable[[], Any]
_SENDERS = {"email", "sms"}


def strike(world: Any, kind: Kind | None, call: str, effect: Call, worker: Any, args: tuple[Any, ...]) -> Any:
    """Do `effect`, or not, as the kind of fault and a spell of throttling will have it."""
    port = call.partition(".")[0]
    if kind is Kind.THROTTLED:
        world.tap.spells[port] = world.time + SPELL
    if until := world.tap.spells.get(port):
        if world.time < until:
            return _throttled(port, args)
        del world.tap.spells[port]
    if kind is None:
        return effect()
    return _STRIKES[kind](world, effect, args, worker)


def _throttled(port: str, args: tuple[Any, ...]) -> Any:
    if port in _SENDERS:
        return Sent(Outcome.UNAVAILABLE, reason="http 429")
    if port == "bus":
        return frozenset(event.id for event in args[0])
    raise StoreUnavailable("throttled")


def _crash_before(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
    raise Crash


def _crash_after(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
    effect()
    raise Crash


def _timeout_before(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
    world.time += TIMEOUT
    raise StoreUnavailable("timed out")


def _timeout_after(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
    effect()
    world.time += TIMEOUT
    raise StoreUnavailable("timed out")


def _condition_failed(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
    """Nothing is written: DynamoDB cancels a transaction as well when another one is under way on an item of it."""
    return False if isinstance(args[0], list) else Committed.STALE


def _answers(sent: Sent, *, done: bool = False) -> Callable[..., Any]:
    def struck(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
        if done:
            effect()
        if sent.outcome is Outcome.UNKNOWN:
            world.time += TIMEOUT
        return sent

    return struck


def _bus_takes(share: int, *, heard: bool) -> Callable[..., Any]:
    """Let the bus take one in `share` events (0: none), and say so or not."""

    def struck(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
        events = list(args[0])
        taken = events[::share] if share else []
        world.base.bus.put(taken)
        return frozenset(event.id for event in events if not (heard and event in taken))

    return struck


def _dropped(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
    return None


def _clock_expired(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
    result = effect()
    world.expire_clock(args[0].promise.id)
    return result


def _meanwhile(happen: Callable[[Any, Any], None], *, before: bool) -> Callable[..., Any]:
    """Let something else happen just before or just after the call."""

    def struck(world: Any, effect: Call, args: tuple[Any, ...], worker: Any) -> Any:
        if before:
            happen(world, worker)
            return effect()
        result = effect()
        happen(world, worker)
        return result

    return struck


def _rival_ring(world: Any, worker: Any) -> None:
    world.functions.ring_all()


def _rival_write(world: Any, worker: Any) -> None:
    world.sources.tell_again()


def _news(world: Any, worker: Any) -> None:
    world.sources.tell_unplanned("promise.progressed", note="news that came in between", tell="now")


def _end(world: Any, worker: Any) -> None:
    world.sources.tell_unplanned("promise.kept", note="an end that came in between")


def _stall(world: Any, worker: Any) -> None:
    world.run_until(world.time + STALL)


def _sleep(world: Any, worker: Any) -> None:
    world.run_until(world.time + SLEEP)


_STRIKES: dict[Kind, Callable[..., Any]] = {
    Kind.CRASH_BEFORE: _crash_before,
    Kind.CRASH_AFTER: _crash_after,
    Kind.TIMEOUT_BEFORE: _timeout_before,
    Kind.TIMEOUT_AFTER: _timeout_after,
    Kind.CONDITION_FAILED: _condition_failed,
    Kind.UNAVAILABLE: _answers(Sent(Outcome.UNAVAILABLE, reason="http 503")),
    Kind.HELD: _answers(Sent(Outcome.UNAVAILABLE, reason="http 429", hold=HOLD)),
    Kind.REFUSED: _answers(Sent(Outcome.REFUSED, reason="http 400")),
    Kind.UNKNOWN_BEFORE: _answers(Sent(Outcome.UNKNOWN, reason="http 500")),
    Kind.UNKNOWN_AFTER: _answers(Sent(Outcome.UNKNOWN, reason="http 500"), done=True),
    Kind.NOT_TAKEN: _bus_takes(0, heard=True),
    Kind.HALF_TAKEN: _bus_takes(2, heard=True),
    Kind.TAKEN_UNHEARD: _bus_takes(1, heard=False),
    Kind.DROPPED: _dropped,
    Kind.CLOCK_EXPIRED: _clock_expired,
    Kind.RIVAL_RING_BEFORE: _meanwhile(_rival_ring, before=True),
    Kind.RIVAL_RING_AFTER: _meanwhile(_rival_ring, before=False),
    Kind.RIVAL_WRITE_BEFORE: _meanwhile(_rival_write, before=True),
    Kind.RIVAL_WRITE_AFTER: _meanwhile(_rival_write, before=False),
    Kind.NEWS_BEFORE: _meanwhile(_news, before=True),
    Kind.NEWS_AFTER: _meanwhile(_news, before=False),
    Kind.END_BEFORE: _meanwhile(_end, before=True),
    Kind.END_AFTER: _meanwhile(_end, before=False),
    Kind.STALL_BEFORE: _meanwhile(_stall, before=True),
    Kind.STALL_AFTER: _meanwhile(_stall, before=False),
    Kind.SLEEP_BEFORE: _meanwhile(_sleep, before=True),
    Kind.SLEEP_AFTER: _meanwhile(_sleep, before=False),
}
