"""A customer whose name, address and phone occur nowhere else, and everything in which to look for them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from chalicelib.domain.clocks import Clock
from chalicelib.messages import texts
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.publish import publish
from chalicelib.usecases.ring import ring
from chalicelib.usecases.sweep import sweep
from tests.http import Http
from tests.unit.test_webhooks_http import CUSTOMER, MADE
from tests.world import World

NAME, EMAIL, PHONE = "Quetzali Ferrandiz", "vireo7d4k@example.com", "+34611222333"
PROMISER, PROMISERS_EMAIL = "Ambrosio", "tanager2m9x@shop.example"
# Stands in whatever the company or the customer writes.
WORDS = "zarzamora"
WHO: dict[str, Any] = CUSTOMER | {"name": NAME, "email": EMAIL, "phone": PHONE}
BY = {"ref": "seller-7", "name": PROMISER, "email": PROMISERS_EMAIL, "team": "sales"}
PERSONAL = (*NAME.split(), EMAIL, PHONE, PHONE.removeprefix("+"))
OF_THE_PROMISER = (PROMISER, PROMISERS_EMAIL)
PROFILES = {"store.profiles", "store.promiser_profiles"}
# Where what people wrote may stand: with the promise, its facts and what it granted.
WRITTEN = {"store.promises", "store.noted", "store.granted"}
_TOKEN = re.compile(r"[?&]t=([\w.\-]+)")


def clean(text: str) -> str:
    """Write something, as one should."""
    return f"{text} {WORDS}"


def careless(text: str) -> str:
    """Write something that names the customer, as people do."""
    return f"{text} {WORDS}: {NAME}, {EMAIL}, {PHONE}"


class Teller:
    """A source that tells of our customer and remembers what it told, so that it can tell it again."""

    def __init__(self, write: Any = clean) -> None:
        self.http = Http(World(texts=texts))  # type: ignore[arg-type]
        self.write = write
        self.told: list[tuple[str, dict[str, Any], str, str]] = []

    @property
    def world(self) -> World:
        return self.http.world

    def tell(self, kind: str, /, **data: Any) -> Any:
        """Tell of something that is taken, and let everything happen that it leads to at once."""
        webhook_id = f"msg_{len(self.told)}"
        response = self.http.post_event(kind, data, webhook_id=webhook_id)
        assert response.status_code == 202, response.body
        self.told.append((kind, data, webhook_id, response.body.decode()))
        self.settle()
        return response.json_body

    def make(self, ref: str = "order-1", **known: Any) -> None:
        """Tell of a promise to the customer."""
        told = MADE | {"ref": ref, "what": self.write("Pedido")} | people() | known
        self.tell("promise.made", **told)

    def settle(self) -> None:
        self.world.drain()
        keys = sorted(self.world.store.noted)
        publish(keys, self.world)
        count_facts(keys, self.world)

    def wait(self, length: timedelta) -> None:
        """Let time pass at one go, then ring every promise, whether it has a clock or not."""
        self.world.system.time += length
        sweep(self.world)
        ring([Clock(each, self.world.system.time) for each in self.world.store.promises], self.world)
        self.settle()


def people(**known: Any) -> dict[str, Any]:
    return {"customer": WHO | known, "promised_by": BY}


def kept(world: World) -> Iterator[tuple[str, str]]:
    """Everything that a world keeps, with where: all of the store, whatever it may come to hold, and what was sent out.

    Of what providers were given, the ids: address, name and text are what they are given a message for.
    """
    store: Any = world.store
    for name, held in vars(store).items():
        if isinstance(held, dict):
            yield f"store.{name}", repr(held)
    yield "ledgers", repr(vars(world.ledgers) | {"store": None})
    yield "queue", repr(world.rings.queued)
    yield "bus", repr(world.bus.events)
    yield "operators", repr(world.operators.told)
    yield "metrics", repr(world.metrics.reported)
    messages = [*world.email.tried, *world.sms.tried]
    yield "providers' ids", repr([(each.notice_id, each.promise_id) for each in messages])


def tokens(world: World) -> set[str]:
    """The token of every link that was sent."""
    return set(_TOKEN.findall(" ".join(each.text for each in (*world.email.tried, *world.sms.tried))))


def found(world: World, *canaries: str) -> set[str]:
    """Where any of the canaries stands."""
    return {where for where, text in kept(world) if any(canary in text for canary in canaries)}
