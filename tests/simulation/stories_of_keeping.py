"""Stories of what is kept, found, read and forgotten: a night, a concession used, a customer who is erased."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.clocks import Clock
from chalicelib.domain.notices import Notice
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Word, promise_id
from chalicelib.domain.recovery import concession_code
from chalicelib.usecases.survey_port import Span
from tests.simulation.people import ANA, GEMMA
from tests.simulation.story import START, Step, Story, hours, kept, made, minutes, news, presses, tells, trouble
from tests.world import SOURCE

_ONE, _TWO, _THREE, _FOUR = (promise_id(SOURCE, f"order-{n}") for n in (1, 2, 3, 4))
_CODE = concession_code(_ONE, 1)
_READ_BY = {"from": "2026-11-01", "to": "2026-12-31"}


def _clocks_are_lost(world: Any) -> None:
    """Clocks vanish, and nobody is told."""
    for each in (_ONE, _FOUR):
        world.base.store.clocks.pop(each, None)
        world.armed.pop(each, None)


def _clock_is_left(world: Any) -> None:
    """A clock stands for a promise that is nowhere, and one for a promise that owes nothing."""
    for each in ("nobody", _THREE):
        world.base.store.clocks[each] = Clock(each, START + timedelta(days=3))


def _claims_are_forgotten(world: Any) -> None:
    """Workers vanished long ago: with words that are still to come, and with one that nobody owes."""
    store, long_ago = world.base.store, world.time - hours(3)
    for promise, word in ((_TWO, Word.UPDATE), (_THREE, Word.UPDATE), (_FOUR, Word.UPDATE)):
        notice = Notice(promise, word, 1, Channel.EMAIL, world.time, "gone", long_ago, long_ago + minutes(1))
        store.notices[notice.id] = replace(notice, wording="update_no_news")


def _facts_are_given_up(world: Any) -> None:
    """The stream gave up what was stored in the first minutes, and left word of it."""
    bus = world.base.bus
    bus.events[:] = [each for each in bus.events if each.at > START + minutes(2)]
    world.base.given_up.lying["receipt-1"] = Span(START, START + minutes(2))


def _reads(
    after: timedelta, resource: str, query: dict[str, str] | None = None, *, in_browser: bool = False, **path: str
) -> Step:
    return Step(after, lambda world: world.visitors.read(resource, path, query or {}, in_browser=in_browser))


def _does(after: timedelta, act: Callable[[Any], object]) -> Step:
    return Step(after, act)


A_NIGHT = Story(
    "a night: what no other net holds is found and mended, ledgers are rebuilt, and everything can be read",
    (
        *(made(ref=f"order-{n}", due=timedelta(days=3), at=(hours(9),), promised_by=ANA) for n in (1, 2, 3)),
        made(ref="order-4", due=timedelta(days=3), at=(minutes(95),)),
        kept(minutes(30), ref="order-3"),
        *(
            _does(hours(1), act)
            for act in (_clocks_are_lost, _clock_is_left, _claims_are_forgotten, _facts_are_given_up)
        ),
        _does(hours(2), lambda world: world.nights.begin()),
        _does(hours(4), lambda world: world.nights.rebuild()),
        _reads(hours(5), "/v1/promises/{id_}", id_=_ONE),
        _reads(hours(5), "/v1/promises", {"source": SOURCE, "ref": "order-2"}),
        _reads(hours(5), "/v1/customers/{ref}", ref="c-99"),
        _reads(hours(5), "/v1/promisers/{ref}", ref="agent-7"),
        _reads(hours(5), "/v1/teams/{team}", team="soporte"),
        _reads(hours(6), "/v1/report", _READ_BY | {"by": "promiser", "format": "json"}),
        _reads(hours(6), "/v1/report", _READ_BY | {"by": "team", "format": "html"}, in_browser=True),
        *(kept(hours(14), ref=f"order-{n}") for n in (1, 2, 4)),
    ),
    hears=(*["confirmation"] * 4, "closing", *["update"] * 3, *["closing"] * 3),
    lasts=hours(15),
    late_by=minutes(26),
)
KEPT_FOR_A_TIME = Story(
    "what has ended is kept for a time by its kind, and then given an expiry",
    (
        made(due=hours(9), kind="personal"),
        kept(minutes(30)),
        _does(timedelta(days=366), lambda world: world.nights.begin()),
    ),
    hears=("confirmation", "closing"),
    lasts=timedelta(days=366, hours=13),
)
ON_THE_NEXT_ORDER = Story(
    "cookies without the chips: what makes up for it is on her next order, and on that one only",
    (
        made(due=hours(2)),
        trouble(minutes(10), decide=hours(5), event="promise.broken", case="wrong_item"),
        presses(minutes(30), "stay"),
        kept(minutes(100)),
        tells(minutes(110), "concession.redeemed", code=_CODE, order="order-77"),
        tells(minutes(180), "concession.redeemed", code=_CODE, order="order-78"),
        tells(minutes(200), "concession.redeemed", code=_CODE, order="order-77"),
        _reads(minutes(210), "/v1/customers/{ref}", ref="c-99"),
    ),
    hears=("confirmation", "recovery", "choice", "closing"),
    lasts=minutes(220),
)
FORGOTTEN = Story(
    "a customer is to be forgotten in the middle of it all: nothing more is said, and nothing is left",
    (
        made(due=hours(9), at=(minutes(5), minutes(90)), what="El pedido de Gemma llega"),
        made(ref="order-2", due=hours(9), at=(minutes(5),), promised_by=ANA),
        news(minutes(8), "Gemma llamó: no está en casa por la mañana"),
        trouble(minutes(10), decide=hours(8)),
        kept(minutes(12), "entregado a Gemma", ref="order-2"),
        tells(minutes(40), "customer.erased", customer={"ref": "c-99"}),
        kept(minutes(120), "Gemma lo tiene"),
    ),
    hears=("confirmation", "confirmation", "update", "update", "recovery", "closing"),
    lasts=minutes(130),
)
MOVED = Story(
    "a customer moves, and hears at the new address, also of what is promised to them by name alone",
    (
        made(due=hours(9), at=(minutes(50),)),
        tells(minutes(5), "customer.changed", customer=GEMMA | {"email": "new@example.com"}),
        made(ref="order-2", due=hours(9), after=minutes(10), customer={"ref": "c-99"}),
        kept(minutes(60)),
        kept(minutes(70), ref="order-2"),
    ),
    hears=("confirmation", "confirmation", "update", "closing", "closing"),
    lasts=minutes(75),
)
STORIES = (A_NIGHT, KEPT_FOR_A_TIME, ON_THE_NEXT_ORDER, FORGOTTEN, MOVED)
