"""An event of every type that is taken as it stands, and the fields that each type has: read from its model."""

import json
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from chalicelib.entrypoints.wire import _MODELS
from tests.world import NINE

TYPES = sorted(_MODELS)

CUSTOMER = {
    "ref": "c-99",
    "name": "Gemma",
    "email": "g@example.com",
    "phone": "+34600000000",
    "locale": "es",
    "time_zone": "Europe/Madrid",
    "channels": ["email", "sms"],
}
PROMISER = {"ref": "seller-7", "name": "Ana", "email": "ana@shop.example", "team": "sales"}
ABOUT = {"order": "1234", "amount": "120.00", "currency": "EUR"}
TROUBLE: dict[str, Any] = {
    "ref": "open",
    "case": "delay",
    "reason": "el camión se averió",
    "done_so_far": "hemos cambiado de transportista",
    "solution": "llega el día 8",
    "new_due_at": "2026-12-08T18:00:00Z",
    "decide_by": "2026-11-27T18:00:00Z",
    "offer": {
        "kind": "amount_off",
        "value": "5.00",
        "currency": "EUR",
        "text": "5 € menos",
        "valid_until": "2027-01-31T00:00:00Z",
    },
}
_MADE: dict[str, Any] = {
    "ref": "new",
    "kind": "commitment",
    "what": "Tu pedido 1234 llega",
    "standard": "delivery",
    "due_at": "2026-12-05T18:00:00-03:00",
    "updates": {"every": "P2D", "at": ["2026-11-25T12:00:00Z"]},
    "check_in_before": "PT12H",
    "warn_before": "PT6H",
    "promised_by": PROMISER,
    "customer": CUSTOMER,
    "about": ABOUT,
}
_CLAIM = {"ref": "new", "customer": CUSTOMER, "what": "Envío gratis", "promised_by": PROMISER, "about": ABOUT}
# Each is told of the promise, in `estate`, that it can be told of.
EXAMPLES: dict[str, dict[str, Any]] = {
    "promise.made": _MADE,
    "promise.progressed": {"ref": "open", "note": "ya salió", "tell": "now"},
    "promise.kept": {"ref": "open", "note": "entregado"},
    "promise.withdrawn": {"ref": "open", "reason": "agotado"},
    "promise.at_risk": TROUBLE,
    "promise.broken": TROUBLE,
    "choice.final": {"ref": "chosen"},
    "concession.redeemed": {"code": "", "order": "order-77"},
    "call.made": {"ref": "at-risk", "outcome": "reached", "choice": "stay", "note": "contento"},
    "claim.raised": _CLAIM | {"evidence": "por teléfono"},
    "claim.settled": {"ref": "claim", "finding": "promised", "note": "lo dijo Ana"},
    "customer.changed": {"customer": CUSTOMER | {"phone": "+34600000001"}},
    "customer.erased": {"customer": {"ref": "c-99"}},
}


def written(kind: str, data: object, told_at: str = NINE.isoformat()) -> bytes:
    """Return an event's body."""
    return json.dumps({"type": kind, "timestamp": told_at, "data": data}).encode()


def paths(kind: str) -> list[tuple[str, ...]]:
    """Return every field of a type, and the fields within it, whether its example has them or not."""
    return list(_paths(_MODELS[kind]))


def _paths(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        yield (name,)
        for nested in _models_in(field.annotation):
            yield from ((name, *rest) for rest in _paths(nested))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
