"""A world with a promise in every state, and the links and forms that its people hold: what requests are aimed at."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.promise import Promise, promise_id
from chalicelib.messages import texts
from chalicelib.standards.published import published
from chalicelib.usecases.count_facts import count_facts
from tests.simulation.fuzzing.examples import CUSTOMER, EXAMPLES, PROMISER, TROUBLE, written
from tests.simulation.fuzzing.footprint import Footprint
from tests.simulation.fuzzing.gateway import FORM, Answer, Request, ask
from tests.simulation.fuzzing.signing import signed_event
from tests.world import SOURCE, World

PAGES = ("/p", "/c", "/k")
READ_KEY = "read-key"
_NONCE = re.compile(r'name="nonce"\s+value="([^"]+)"')
LINK = re.compile(r"/([a-z])\?t=([\w.\-]+)")
_MADE = {
    "kind": "commitment",
    "what": "Tu pedido llega",
    "due_in": "PT6H",
    "check_in_before": "PT5H59M",
    "warn_before": "PT1H",
    "promised_by": PROMISER,
    "customer": CUSTOMER,
    "about": {"order": "1234"},
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What the people of one promise hold: by page, the token of a link, and the nonce of its form."""

    ref: str
    tokens: dict[str, str] = field(default_factory=dict)
    nonces: dict[str, str] = field(default_factory=dict)


class Estate:
    """The world, built by signed requests alone, as services and customers would."""

    def __init__(self) -> None:
        """Make promises, and let each come to a state of its own, which is its reference too."""
        self.world = World(texts=texts)  # type: ignore[arg-type]
        self.world.rules = replace(self.world.rules, standards=published)
        self._told = 0
        for ref in ("open", "at-risk", "broken", "chosen", "final", "kept", "cancelled", "withdrawn"):
            self.tell("promise.made", _MADE | {"ref": ref})
        self.tell("claim.raised", EXAMPLES["claim.raised"] | {"ref": "claim"})
        self.world.pass_time(timedelta(minutes=2))
        for ref in ("at-risk", "chosen", "final", "cancelled"):
            self.tell("promise.at_risk", TROUBLE | {"ref": ref})
        self.tell("promise.broken", TROUBLE | {"ref": "broken"})
        self.world.drain()
        for ref, choice in (("chosen", "stay"), ("final", "cancel"), ("cancelled", "cancel")):
            self.tell("call.made", {"ref": ref, "outcome": "reached", "choice": choice})
        self.tell("choice.final", {"ref": "final"})
        self.tell("promise.kept", {"ref": "kept"})
        self.tell("promise.withdrawn", {"ref": "withdrawn", "reason": "agotado"})
        self.world.drain()
        count_facts(list(self.world.store.noted), self.world)
        self.footprint = Footprint(self.world)
        self._promises, self.facts = dict(self.world.store.promises), frozenset(self.world.store.noted)

    @cached_property
    def holdings(self) -> dict[str, Holding]:
        """What people hold of each promise, by its reference."""
        return {ref: self.hold(ref) for ref in ("open", "at-risk", "broken", "chosen", "final", "kept", "cancelled")}

    @property
    def code(self) -> str:
        """The code of the one concession that can be redeemed."""
        return next(each.code for each in self.world.store.granted.values() if not each.void)

    def is_new(self, promise: Promise) -> bool:
        """Tell whether a promise is not one of these, as they stood at first."""
        return self._promises.get(promise.id) != promise

    def tell(self, kind: str, data: dict[str, Any]) -> Answer:
        """Tell of something that is taken."""
        self._told += 1
        answer = ask(signed_event(f"estate_{self._told}", written(kind, data), self.now), self.world)
        if answer.status != 202:
            raise AssertionError(f"{kind} was answered {answer.status}: {answer.body}")
        return answer

    def hold(self, ref: str) -> Holding:
        """Take the newest link to each page of a promise from the messages sent, and open it for its form."""
        id_ = promise_id(SOURCE, ref)
        sent = [*self.world.email.delivered, *self.world.sms.delivered]
        tokens: dict[str, str] = {}
        for message in (each for each in sent if each.promise_id == id_):
            tokens |= {f"/{page}": token for page, token in LINK.findall(message.text)}
        tokens["/k"] = tokens["/p"]
        return Holding(ref, tokens, {page: self.nonce(page, token) for page, token in tokens.items()})

    def nonce(self, page: str, token: str) -> str:
        """Open a page, and return the nonce of its form; an empty one where the page has no form any more."""
        shown = _NONCE.search(ask(Request("GET", page, query=(("t", token),)), self.world).body)
        return shown[1] if shown else ""

    def press(self, page: str, token: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        return ask(pressed(page, token, fields), self.world)

    @property
    def now(self) -> datetime:
        """The world's moment."""
        return self.world.system.now()


def pressed(page: str, token: str, fields: dict[str, str]) -> Request:
    """Return the request of a form that is sent."""
    return Request("POST", page, {"content-type": FORM}, urlencode(fields).encode(), (("t", token),))
