"""One attempt: a request, what it tries, and whether who makes it has any right to be heard."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.simulation.fuzzing.estate import Estate
from tests.simulation.fuzzing.gateway import FORM, Request
from tests.simulation.fuzzing.values import Stock


@dataclass(frozen=True, slots=True)
class Attempt:
    """`entitled` when it bears a valid signature, a valid key, or a valid link and, to act, a valid form.

    Whoever is entitled may be taken or refused, as what they ask is right or wrong; nobody else may get anywhere.
    """

    what: str
    request: Request
    entitled: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """What an attempt is made from: chance, hostile values, and a world to aim at."""

    chance: Random
    stock: Stock
    estate: Estate

    def text(self, name: str = "") -> str:
        """Pick a hostile text, for a field of this name if it has one."""
        return self.stock.text(self.chance, name)

    def seldom(self, share: float) -> bool:
        """Tell whether what happens so often happens now."""
        return self.chance.random() < share


Maker = Callable[[Draw], Attempt]

_HEADERS = (
    *("content-type", "content-encoding", "content-length", "accept", "accept-language", "accept-encoding", "cookie"),
    *("authorization", "webhook-id", "webhook-timestamp", "webhook-signature", "x-forwarded-for", "host", "expect"),
    *("x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp", "x-http-method-override"),
)
_TYPES = ("application/json", FORM, "text/plain", "multipart/form-data; boundary=x", "*/*", "application/octet-stream")


def with_noise(draw: Draw, request: Request) -> Request:
    """Add headers that nobody needs, and now and then a content type or an encoding that does not fit."""
    chance = draw.chance
    headers = dict(request.headers)
    for _ in range(chance.randrange(3)):
        name = chance.choice(_HEADERS)
        if name not in headers and name not in {"authorization", "content-type"}:
            headers[name] = draw.text()
    if draw.seldom(0.1):
        headers["content-type"] = chance.choice([*_TYPES, draw.text()])
    return replace(request, headers=headers, encoded=request.encoded or draw.seldom(0.1))


def anything(draw: Draw, method: str, route: str) -> Attempt:
    """Make a request of any route, known here or not, that bears nothing valid."""
    chance = draw.chance
    names = ["t", "choose", "answer", "source", "ref", "from", "to", "by", "format", "", draw.text()]
    query = [(chance.choice(names), draw.text()) for _ in range(chance.randrange(5))]
    parameters = [part[1:-1] for part in route.split("/") if part.startswith("{")]
    headers = {chance.choice([*_HEADERS, draw.text()]): draw.text() for _ in range(chance.randrange(5))}
    headers["content-type"] = chance.choice(_TYPES)
    body: bytes | str = draw.stock.bytes(chance)
    encoded = draw.seldom(0.2)
    if draw.seldom(0.2):
        body = draw.text()
    path = {name: draw.text() for name in parameters}
    return Attempt("anything at all", Request(method, route, headers, body, query, path, encoded))
