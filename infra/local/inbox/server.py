"""The inbox over HTTP, on loopback: SendGrid's Mail Send, the API for scripts, and the pages for people."""

import json
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from infra.local.inbox import page, sendgrid
from infra.local.inbox.addresses import ORDINARY, behaviour_of
from infra.local.inbox.mail_checks import Fault
from infra.local.inbox.receipts import Receipts
from infra.local.inbox.replies import BadReplyError, NotConnectedError, Replies, read_reply
from infra.local.inbox.sendgrid import RejectedError
from infra.local.inbox.store import Store
from infra.local.place import HOST

MOST_BYTES = 30 * 1024 * 1024  # SendGrid's limit for one mail
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


class InboxServer(ThreadingHTTPServer):
    """Serves one store; `api_key` is the only SendGrid key it takes. Replies wait for `replies` to be connected."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, store: Store, receipts: Receipts, api_key: str) -> None:
        super().__init__((HOST, port), _Handler)
        self.store = store
        self.receipts = receipts
        self.api_key = api_key
        self.replies = Replies()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: InboxServer
    protocol_version = "HTTP/1.1"
    server_version = "KeptInbox"
    sys_version = ""

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(target.query).items()}
        store = self.server.store
        if target.path == "/":
            chosen = asked.get("to") or None
            revision = store.revision  # before the rest, so that what arrives meanwhile makes the page reload
            rows = [*store.messages(chosen), *store.replies(chosen)]
            shown = page.listing(rows, store.operator_notices(), chosen, revision)
            self._answer(200, HTML, shown)
        elif target.path == "/api/messages":
            found = store.messages(asked.get("to"), asked.get("channel"))
            self._json(200, [message.as_json() for message in found])
        elif target.path == "/api/operators":
            self._json(200, store.operator_notices())
        elif target.path == "/api/revision":
            self._json(200, store.revision)
        elif target.path.startswith("/messages/"):
            message = store.message(unquote(target.path.removeprefix("/messages/")))
            if message:
                self._answer(200, HTML, page.one(message))
            else:
                self._answer(404, HTML, page.missing())
        else:
            self._answer(404, HTML, page.missing())

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if urlsplit(self.path).path == "/api/messages":
            self.server.store.clear()
            self._answer(204, JSON, "")
        else:
            self._json(404, {"error": "Only /api/messages can be deleted."})

    def do_POST(self) -> None:
        received = datetime.now(UTC)
        body = self._body()
        path = urlsplit(self.path).path
        if body is None:
            self._reject(RejectedError(413, [Fault("The mail is larger than 30 MB.")]))
        elif path == "/v3/mail/send":
            try:
                self._take_mail(body, received)
            except RejectedError as rejected:
                self._reject(rejected)
        elif path in {"/api/replies", "/replies"}:
            self._take_reply(body, received, by_form=path == "/replies")
        else:
            self._json(404, {"error": "There is nothing to post to here but /v3/mail/send and /api/replies."})

    def _take_reply(self, body: bytes, received: datetime, *, by_form: bool) -> None:
        store = self.server.store
        try:
            reply = read_reply(self.headers.get("Content-Type", ""), body)
            asked = store.messages(reply.phone, "sms")
            taken = self.server.replies.hand_over(reply, asked[-1].id if asked else None, received)
        except BadReplyError as bad:
            self._refuse_reply(400, bad.problems, by_form=by_form)
        except NotConnectedError as problem:
            self._refuse_reply(503, [str(problem)], by_form=by_form)
        else:
            store.add_reply(taken)
            if by_form:
                self._answer(303, HTML, "", {"Location": f"/?{urlencode({'to': reply.phone})}"})
            else:
                self._json(202, {"id": taken.id})

    def _refuse_reply(self, status: int, problems: list[str], *, by_form: bool) -> None:
        if by_form:
            self._answer(status, HTML, page.refused(problems))
        else:
            self._json(status, {"errors": problems})

    def _take_mail(self, body: bytes, received: datetime) -> None:
        sendgrid.authorize(self.headers.get("Authorization"), self.server.api_key)
        mails = sendgrid.read_mail(self.headers.get("Content-Type", ""), body, received)
        behaviours = [behaviour_of(mail.to) for mail in mails]
        odd = next((behaviour for behaviour in behaviours if behaviour is not ORDINARY), ORDINARY)
        if not odd.accepts:
            raise RejectedError(odd.status, [Fault(f"The address {odd.name}@ is always answered like this.")])
        self.server.store.add(mails)
        for mail, behaviour in zip(mails, behaviours, strict=True):
            self.server.receipts.report(mail, behaviour.events, behaviour.events_after_seconds)
        time.sleep(odd.delay_seconds)
        self._answer(202, "text/plain; charset=utf-8", "", {"X-Message-Id": mails[0].id})

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def _reject(self, rejected: RejectedError) -> None:
        self._json(rejected.status, {"errors": [fault.as_json() for fault in rejected.faults]})

    def _json(self, status: int, value: Any) -> None:
        self._answer(status, JSON, json.dumps(value, ensure_ascii=False))

    def _answer(self, status: int, content_type: str, text: str, headers: dict[str, str] | None = None) -> None:
        raw = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("Cache-Control", "no-store")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(raw)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the sender has given up waiting, as unknown@ is there to make it do

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the standard library's
        """Says nothing: every send and every look would be a line on the terminal."""
