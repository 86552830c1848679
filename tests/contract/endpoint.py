"""A small HTTP server that answers as told, or breaks as told, and keeps what it was sent."""

import json
import socket
import struct
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

# How long a test waits for an answer: one that hangs is waited for in vain, any other comes in time on a busy machine.
PATIENCE_SECONDS = 2.0


class Break(Enum):
    """How a connection can break once the request is complete."""

    HANG = "no answer comes"
    CLOSE = "closed without an answer"
    RESET = "reset"
    HALF = "closed in the middle of the answer"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one request."""

    status: int = 202
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Endpoint:
    """Answers with each of `replies` in turn, and with the last of them for ever."""

    def __init__(self) -> None:
        self.replies: deque[Reply | Break] = deque([Reply()])
        self.received: list[Received] = []
        self._over = Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                endpoint._answer(self)

            def log_message(self, *args: object) -> None:
                """Say nothing: the test tells what went wrong."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, *replies: Reply | Break) -> None:
        self.replies = deque(replies)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.received.append(Received(request.path, dict(request.headers), body))
        reply = self.replies.popleft() if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Break):
            self._break(reply, request)
            return
        request.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(reply.body.encode())

    def _break(self, how: Break, request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        if how is Break.HANG:
            self._over.wait(5)
        if how is Break.HALF:
            request.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nhalf")
        if how is Break.RESET:
            # A socket that does not linger answers its closing with a reset.
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.connection.close()


def closed_port() -> str:
    """Return the URL of a port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
