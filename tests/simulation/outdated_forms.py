"""Links and forms that were right once, pressed too late: after the choice is final, the end, or a newer recovery.

Every link that the people of a promise were ever sent is tried with every form that was ever shown to them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.domain.promise import promise_id
from chalicelib.usecases.compose import LINK_LIFE
from chalicelib.usecases.open_page import FORM_LIFE
from tests.simulation.flips import Tried
from tests.simulation.forged_links import FORMS
from tests.simulation.fuzzing.estate import LINK, Estate
from tests.simulation.fuzzing.examples import TROUBLE
from tests.simulation.fuzzing.footprint import Footprint
from tests.world import SOURCE

_CHOICES = ({"action": "stay"}, {"action": "cancel"})
_PRESSES = {"/p": _CHOICES, "/c": (FORMS["/c"], {"answer": "on_track", "word": "todo bien"})}
_ALL = _PRESSES | {"/p": (*_CHOICES, {"action": "acknowledge"})}
_OUR_FAULT = 500
_NEWER = TROUBLE | {"reason": "otro camión se averió", "new_due_at": "2026-12-09T18:00:00Z"}


def outdated() -> Tried:
    """Try every press that comes too late, in every way in which it can."""
    tried = Tried()
    for way in _WAYS:
        estate = Estate()
        shown = _Shown(estate, way.ref)
        way.happen(estate, shown)
        _press_all(way, shown, estate, tried)
    return tried


class _Shown:
    """The links that were sent about a promise, and the forms that were shown, at whatever moment."""

    def __init__(self, estate: Estate, ref: str) -> None:
        self._estate, self.ref = estate, ref
        self.nonces: dict[str, set[str]] = {page: set() for page in _PRESSES}
        self.look()

    def look(self) -> None:
        """Open every page by every link, and keep the forms."""
        for page in _PRESSES:
            self.nonces[page] |= {self._estate.nonce(page, token) for token in self.links(page)} - {""}

    def links(self, page: str) -> set[str]:
        """Return the links to a page that were sent."""
        world, id_ = self._estate.world, promise_id(SOURCE, self.ref)
        sent = [each for each in (*world.email.delivered, *world.sms.delivered) if each.promise_id == id_]
        return {token for each in sent for name, token in LINK.findall(each.text) if f"/{name}" == page}


def _chosen(choice: str) -> Callable[[Estate, _Shown], None]:
    """Return what has the customer choose, and the choice made final."""

    def happen(estate: Estate, shown: _Shown) -> None:
        token, nonce = next(iter(shown.links("/p"))), next(iter(shown.nonces["/p"]))
        if estate.press("/p", token, {"action": choice, "nonce": nonce}).status != 200:
            raise AssertionError("a form that is right was refused")
        estate.world.drain()
        shown.look()
        _told("choice.final")(estate, shown)

    return happen


def _told(kind: str, **data: Any) -> Callable[[Estate, _Shown], None]:
    """Return what has the source tell of something."""

    def happen(estate: Estate, shown: _Shown) -> None:
        estate.tell(kind, {"ref": shown.ref, **{name: value for name, value in data.items() if name != "ref"}})
        estate.world.drain()

    return happen


def _passed(time: timedelta) -> Callable[[Estate, _Shown], None]:
    """Return what lets time pass, with nothing told and nothing rung."""

    def happen(estate: Estate, shown: _Shown) -> None:
        estate.world.system.time += time

    return happen


def _erased(estate: Estate, shown: _Shown) -> None:
    estate.tell("customer.erased", {"customer": {"ref": "c-99"}})


@dataclass(frozen=True, slots=True)
class _Way:
    """What happens to a promise before the presses come, and which presses are too late then."""

    name: str
    ref: str
    happen: Callable[[Estate, _Shown], None]
    presses: Mapping[str, Sequence[dict[str, str]]] = field(default_factory=lambda: _PRESSES)


# A choice that is final ends the matter for the customer; the promiser of a renewed promise still has a say. And "got
# it, thanks" may be pressed for as long as the form is fresh.
_WAYS = (
    _Way("after stay was made final", "at-risk", _chosen("stay"), {"/p": _CHOICES}),
    _Way("after cancel was made final", "broken", _chosen("cancel")),
    _Way("after the promise was kept", "at-risk", _told("promise.kept")),
    _Way("after the promise was withdrawn", "broken", _told("promise.withdrawn", reason="agotado")),
    _Way("after a choice, and the promise was kept", "chosen", _told("promise.kept")),
    _Way("after a newer recovery", "at-risk", _told("promise.at_risk", **_NEWER), _ALL),
    _Way("after the first recovery", "open", _told("promise.broken", **_NEWER), _ALL),
    _Way("when the form is an hour old", "at-risk", _passed(FORM_LIFE), _ALL),
    _Way("when the link is too old", "at-risk", _passed(LINK_LIFE + timedelta(days=30)), _ALL),
    _Way("after the customer was erased", "at-risk", _erased, _ALL),
)


def _press_all(way: _Way, shown: _Shown, estate: Estate, tried: Tried) -> None:
    before = Footprint(estate.world)
    for page, token, fields in _presses(way, shown):
        answer = estate.press(page, token, fields)
        tried.tried += 1
        what = f"{way.name}, {fields} on {page} of {shown.ref}: {answer.status}"
        if answer.status >= _OUR_FAULT:
            tried.unhandled.append(what)
        if not before.is_unchanged():
            tried.accepted.append(what)
            before.put_back()


def _presses(way: _Way, shown: _Shown) -> Iterator[tuple[str, str, dict[str, str]]]:
    for page, presses in way.presses.items():
        for token in shown.links(page):
            for nonce in shown.nonces[page]:
                yield from ((page, token, {**fields, "nonce": nonce}) for fields in presses)
