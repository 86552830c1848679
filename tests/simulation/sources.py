"""The services that tell us things, by HTTP, through the whole application."""

import base64
import hmac
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from app import app
from chalicelib import bootstrap
from chalicelib.domain.promise import promise_id
from tests.simulation.faults import Crash, Kind
from tests.simulation.journal import Telling
from tests.world import SOURCE

LATE = timedelta(minutes=20)
# Senders repeat with growing waits, as the Standard Webhooks specification advises.
WAITS = [timedelta(seconds=each) for each in (5, 30, 120, *[300] * 9, *[1800] * 4)]
_LAST_WORDS = {400, 401, 409, 413, 422}
_NOBODY = 503
# What a promise begins with, and how the references begin of claims that customers send by a form.
_MAKES = frozenset({"promise.made", "claim.raised"})
_BY_FORM = "page-"
# How the ids of webhooks begin that tell once more, under a new id, what was told before.
AGAIN = "again_"


class Sources:
    """Sends webhooks until they are answered, and opens pages."""

    def __init__(self, world: Any) -> None:
        self._world = world
        self._unplanned = 0
        self._in_flight: Telling | None = None
        self.made: list[Telling] = []

    def tell(self, kind: str, data: dict[str, Any]) -> Telling:
        """Send a webhook now, and again until it is answered."""
        world = self._world
        telling = Telling(f"msg_{len(world.journal.told) + 1}", kind, data, world.time)
        world.journal.told.append(telling)
        if kind in _MAKES:
            self.made.append(telling)
        self._try(telling, 0)
        return telling

    def tell_again(self) -> None:
        """Tell once more, on another worker, what is being told at this moment, or else of the newest promise."""
        if self._in_flight:
            self._post(self._in_flight)
        elif told := [each for each in self.made if not each.ref.startswith(_BY_FORM)]:
            newest = told[-1]
            telling = Telling(f"{AGAIN}{self._world.tap.order}", newest.type, newest.data, self._world.time)
            self._world.journal.told_again.append(telling)
            self._try(telling, 0)

    def tell_unplanned(self, kind: str, note: str, **data: str) -> None:
        """Tell of some promise that is known by now something that the story did not foresee."""
        known = [each for each in self.made if promise_id(SOURCE, each.ref) in self._world.base.store.promises]
        if known:
            self._unplanned += 1
            telling = known[0] if len(known) == 1 else self._world.chance.choice(known)
            self.tell(kind, {"ref": telling.ref, "note": f"{note} {self._unplanned}", **data})

    def _try(self, telling: Telling, tried: int) -> None:
        world = self._world
        if telling.status:
            return
        kind = world.tap.trigger("deliver.http")
        if kind is Kind.DELAYED:
            world.at(world.time + LATE, lambda: self._try(telling, tried))
            return
        status = self._post(telling, kind)
        if kind is Kind.DUPLICATED:
            status = self._post(telling)
        if status in _LAST_WORDS or status // 100 == 2 or (status == 404 and telling.type == "concession.redeemed"):
            telling.status, telling.answered_at = status, world.time
        elif tried < len(WAITS):
            world.at(world.time + WAITS[tried], lambda: self._try(telling, tried + 1))

    def _post(self, telling: Telling, kind: Kind | None = None) -> int:
        now = self._world.time
        body = json.dumps({"type": telling.type, "timestamp": telling.at.isoformat(), "data": telling.data})
        before, self._in_flight = self._in_flight, telling
        try:
            return self.request(
                "POST",
                "/v1/events/{source}",
                self.signed(telling.webhook_id, body, now),
                body,
                path={"source": SOURCE},
                kind=kind,
            )[0]
        finally:
            self._in_flight = before

    def signed(self, webhook_id: str, body: str, at: datetime) -> dict[str, str]:
        """Return the headers of a webhook, signed by its source."""
        timestamp = int(at.timestamp())
        secret = self._world.base.secrets.webhook_secrets(SOURCE)[0]
        key = base64.b64decode(secret.removeprefix("whsec_"))
        digest = hmac.digest(key, f"{webhook_id}.{timestamp}.{body}".encode(), "sha256")
        return {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": "v1," + base64.b64encode(digest).decode(),
            "content-type": "application/json",
        }

    def open(self, token: str, kind: Kind | None = None, page: str = "/p") -> tuple[int, str | None]:
        """Open a page; return the status and the nonce of its form."""
        status, html = self.request("GET", page, {}, query={"t": token}, kind=kind)
        return status, html.removesuffix("</p>").rpartition(" ")[2] if status == 200 else None

    def post_form(self, token: str, fields: dict[str, str]) -> int:
        """Press a button."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self.request("POST", "/p", headers, urlencode(fields), query={"t": token})[0]

    def request(
        self,
        method: str,
        resource: str,
        headers: dict[str, str],
        body: str = "",
        *,
        query: dict[str, str] | None = None,
        path: dict[str, str] | None = None,
        kind: Kind | None = None,
    ) -> tuple[int, str]:
        """Make a request of the whole application; a worker that dies is answered for by the gateway."""
        event = {
            "httpMethod": method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "multiValueQueryStringParameters": {name: [value] for name, value in (query or {}).items()} or None,
            "queryStringParameters": query,
            "pathParameters": path,
            "body": body,
            "isBase64Encoded": False,
            "stageVariables": None,
            "requestContext": {"httpMethod": method, "resourcePath": resource, "path": resource},
        }
        # The gateway hands one request to one worker: what another is at must not show through.
        request_before, services_before = getattr(app, "current_request", None), list(bootstrap._installed)

        def answer(worker: Any) -> Any:
            bootstrap.install(worker)
            return app(event, None)

        try:
            response = self._world.functions.work(answer, kind)
        except Crash:
            return _NOBODY, ""
        finally:
            app.current_request = request_before
            bootstrap._installed[:] = services_before
        if response["statusCode"] == 500:
            self._world.journal.surprises.append(f"{method} {resource}: 500")
        return response["statusCode"], response["body"]
