"""A stable address in front of API Gateway, as a custom domain is in production.

MiniStack gives a REST API a new id whenever its routes change, so an address with the id in it would break every link
in the mails already sent.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Alias:
    """Rewrites the path of requests under a known prefix; passes on everything else untouched.

    The routes file maps a prefix to the path it stands for: {"/kept": "/restapis/abc123/api/_user_request_"}.
    """

    def __init__(self, application: Application, routes_file: Path) -> None:
        self._application = application
        self._routes_file = routes_file
        self._read_at = 0
        self._routes: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = self._resolved(scope)
        await self._application(scope, receive, send)

    def _resolved(self, scope: Scope) -> Scope:
        path: str = scope["path"]
        for prefix, target in self._current().items():
            if path == prefix or path.startswith(prefix + "/"):
                raw = scope.get("raw_path") or path.encode()
                return {
                    **scope,
                    "path": target + (path[len(prefix) :] or "/"),
                    "raw_path": target.encode() + (raw[len(prefix) :] or b"/"),
                }
        return scope

    def _current(self) -> dict[str, str]:
        """The routes, read again when a deployment has rewritten them."""
        try:
            changed_at = self._routes_file.stat().st_mtime_ns
        except FileNotFoundError:
            return self._routes
        if changed_at != self._read_at:
            self._routes = json.loads(self._routes_file.read_text())
            self._read_at = changed_at
        return self._routes
