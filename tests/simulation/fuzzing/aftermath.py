"""What was taken must not be a trap: what it brought is rung, told, published, counted and read like all the rest."""

from collections.abc import Iterator
from urllib.parse import quote

from chalicelib.security.links import Purpose, Subject, sign
from chalicelib.usecases.compose import NOTICE_CODE
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.open_page import FORM_LIFE
from chalicelib.usecases.publish import publish
from chalicelib.usecases.ring import ring
from tests.simulation.fuzzing.estate import READ_KEY, Estate
from tests.simulation.fuzzing.gateway import Request, ask

# So many of the promise's next moments are lived through.
_RINGS = 3
_KEY = {"authorization": f"Bearer {READ_KEY}"}


def traps(estate: Estate) -> Iterator[str]:
    """Yield what cannot be served after a request was taken: every promise that it changed is tried."""
    world = estate.world
    changed = [promise for promise in world.store.promises.values() if estate.is_new(promise)]
    for promise in changed:
        for _ in range(_RINGS):
            clock = world.store.clocks.get(promise.id)
            if clock is None:
                break
            world.system.time = max(world.system.time, clock.ring_at)
            if ring([clock], world):
                yield f"promise {promise.ref!r} cannot be rung at {clock.ring_at}"
                break
    facts = [key for key in world.store.noted if key not in estate.facts]
    if publish(facts, world) or count_facts(facts, world):
        yield "its facts cannot be published and counted"
    for promise in changed:
        answer = ask(Request("GET", "/v1/promises/{id_}", _KEY, path={"id_": promise.id}), world)
        if answer.status != 200:
            yield f"promise {promise.ref!r} cannot be read: {answer.status}"
        if not promise.is_erased:
            yield from _unopened(promise.id, estate)
        path = {"ref": quote(promise.customer_ref, safe="")}
        status = ask(Request("GET", "/v1/customers/{ref}", _KEY, path=path), world).status
        if status not in {200, 404}:
            yield f"customer {promise.customer_ref!r} cannot be read: {status}"


def _unopened(promise_id: str, estate: Estate) -> Iterator[str]:
    """Open the customer's pages by the link of the newest notice."""
    world = estate.world
    keys, later = world.secrets.link_keys(), world.system.now() + FORM_LIFE
    for notice in [each for each in world.store.notices.values() if each.promise_id == promise_id][-1:]:
        token = sign(keys, Purpose.PAGE, Subject(promise_id, f"{NOTICE_CODE[notice.word]}{notice.n}"), later)
        for page in ("/p", "/k"):
            status = ask(Request("GET", page, query=(("t", token),)), world).status
            if status != 200:
                yield f"the page {page} cannot be opened: {status}"
