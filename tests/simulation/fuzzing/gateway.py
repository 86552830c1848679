"""Requests as API Gateway hands them to the application, whole and in one process, and what it answers."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app import app
from chalicelib import bootstrap

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a route, as `app.routes` names it. A query lists every value; the last of a name counts.

    A body of bytes comes as the gateway brings it: as text, or in base64 (`encoded`, and whatever is not UTF-8). A body
    of text comes as it stands, even where it is neither.
    """

    method: str
    route: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str = b""
    query: Sequence[tuple[str, str]] = ()
    path: Mapping[str, str] = field(default_factory=dict)
    encoded: bool = False

    def event(self) -> dict[str, Any]:
        """Return the event that the function is called with."""
        body, is_base64 = self._carried()
        query: dict[str, list[str]] = {}
        for name, value in self.query:
            query.setdefault(name, []).append(value)
        return {
            "httpMethod": self.method,
            "headers": dict(self.headers),
            "multiValueHeaders": {name: [value] for name, value in self.headers.items()},
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": dict(self.path) or None,
            "body": body,
            "isBase64Encoded": is_base64,
            "stageVariables": None,
            "requestContext": {"httpMethod": self.method, "resourcePath": self.route, "path": self.route},
        }

    def _carried(self) -> tuple[str, bool]:
        if isinstance(self.body, str):
            return self.body, self.encoded
        if not self.encoded:
            try:
                return self.body.decode(), False
            except UnicodeDecodeError:
                pass
        return base64.b64encode(self.body).decode(), True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Status 500 stands for an exception that came out of the application, too."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def ask(request: Request, world: Any) -> Answer:
    """Make a request of the whole application, with a world behind it."""
    bootstrap.install(world)
    try:
        response = app(request.event(), None)
    except Exception as error:  # noqa: BLE001 - whatever comes out of the application is what is looked for
        return Answer(500, f"came out of the application: {error!r}")
    return Answer(response["statusCode"], response["body"], response["headers"])
