"""Who comes to us besides the sources: promisers and customers with forms, phones that answer, services that read."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.promise import promise_id
from chalicelib.entrypoints import jobs
from chalicelib.security.report_sessions import open_session
from chalicelib.usecases.open_page import FORM_LIFE
from tests.simulation.faults import Kind
from tests.simulation.journal import Asked, Heard, Press, Telling
from tests.simulation.topic import Topic
from tests.world import SOURCE

# Whoever gets no answer tries again; after so many tries they have gone elsewhere.
AGAIN = timedelta(minutes=10)
MOST_TRIES = 6
ASKED_BY_TEXT = frozenset({"recovery", "reminder", "reminder_elsewhere"})
_FORM = {"content-type": "application/x-www-form-urlencoded"}
_KEY = "read-key"
_READ_KEY = {"authorization": f"Bearer {_KEY}"}
_TOO_LATE = 409
_EXPIRED = 403


class Visitors:
    """Open pages and press what is on them, answer text messages, and read; each until there is an answer."""

    def __init__(self, world: Any) -> None:
        self._world = world
        self._replies = Topic(world, "sms_reply", jobs.sms_reply)

    def press(self, ref: str, action: str, **fields: str) -> None:
        """The customer opens the page behind the newest link and presses a button."""
        promise = promise_id(SOURCE, ref)
        asked = Asked(f"press {action} on {ref}", self._world.time)
        self._until_answered(lambda: self._press(promise, action, fields, asked))

    def answer_check_in(self, ref: str, kind: str, data: Mapping[str, object], **fields: str) -> None:
        """The promiser opens the form behind the newest question and answers; `data` is what this tells us."""
        world, promise = self._world, promise_id(SOURCE, ref)
        telling = Telling(f"form_{len(world.journal.told) + 1}", kind, {"ref": ref, **data}, world.time)

        def answer() -> bool:
            if self.token(promise, of_promiser=True) is None:
                return False  # not asked yet, or not any more
            if telling not in world.journal.told:
                world.journal.told.append(telling)
            return self._answer(promise, fields, telling)

        self._until_answered(answer)

    def claim(self, ref: str, what: str, customer: Mapping[str, object]) -> None:
        """The customer opens the form for a claim behind the newest link of a promise, and sends it."""
        sent: list[tuple[Telling, str, str, datetime]] = []
        asked = Asked("a claim by form", self._world.time)
        self._world.journal.asked.append(asked)
        fields = {"what": what, "by_whom": "Ana", "when": "el martes", "evidence": ""}
        self._until_answered(lambda: self._claim(promise_id(SOURCE, ref), fields, customer, sent, asked))

    def reply(self, ref: str, text: str) -> None:
        """The customer sends a text message back, once they were asked by one."""
        self._until_answered(lambda: self._reply(promise_id(SOURCE, ref), text))

    def read(self, resource: str, path: Mapping[str, str], query: Mapping[str, str], *, in_browser: bool) -> None:
        """A service, or a manager in a browser that was shown a read key, reads something: answered in the end."""
        world = self._world
        asked = Asked(f"GET {resource} {dict(path)} {dict(query)}", world.time)
        world.journal.asked.append(asked)

        def done() -> bool:
            kind = world.tap.trigger("deliver.http")
            headers = {"cookie": f"kept_report={open_session(_KEY, world.time)}"} if in_browser else _READ_KEY
            status, _ = world.sources.request("GET", resource, headers, query=dict(query), path=dict(path), kind=kind)
            asked.done = status == 200
            return asked.done

        self._until_answered(done)

    def token(self, promise: str, *, of_promiser: bool = False) -> str | None:
        """Return the token of the newest link that the customer, or the promiser, holds."""
        for heard in reversed(self._world.journal.heard):
            to_promiser = heard.word == "check_in"
            if heard.promise_id == promise and to_promiser is of_promiser and (found := _token_in(heard)):
                return found
        return None

    def _until_answered(self, attempt: Callable[[], bool], tries: int = MOST_TRIES) -> None:
        if not attempt() and tries:
            self._world.at(self._world.time + AGAIN, lambda: self._until_answered(attempt, tries - 1))

    def _press(self, promise: str, action: str, fields: Mapping[str, str], asked: Asked) -> bool:
        self._world.journal.tried.append(Press(promise, action, self._world.time))
        status = self._send("/p", self.token(promise), {"action": action, **fields}, asked)
        if status == 200:
            self._world.journal.presses.append(Press(promise, action, self._world.time))
        asked.done = status in {200, _TOO_LATE}
        return asked.done

    def _answer(self, promise: str, fields: Mapping[str, str], telling: Telling) -> bool:
        status = self._send("/c", self.token(promise, of_promiser=True), fields)
        if status in {200, _TOO_LATE}:
            telling.status, telling.answered_at = 202 if status == 200 else status, self._world.time
        return bool(telling.status)

    def _claim(
        self,
        promise: str,
        fields: Mapping[str, str],
        customer: Mapping[str, object],
        sent: list[tuple[Telling, str, str, datetime]],
        asked: Asked,
    ) -> bool:
        """Send the form; a browser that got no answer sends the same form, with the same nonce, once more."""
        world, token = self._world, self.token(promise)
        if token is None:
            return False
        if not sent:
            opened_at = world.time
            _, nonce = world.sources.open(token, world.tap.trigger("deliver.http"), page="/k")
            if nonce is None:
                return False
            words = chr(0).join((nonce, *(fields[name] for name in ("what", "by_whom", "when", "evidence"))))
            key = f"page-{hashlib.sha256(words.encode()).hexdigest()[:16]}"
            data = {"ref": key, "customer": dict(customer), "what": fields["what"]}
            telling = Telling(key, "claim.raised", data, world.time)
            world.journal.told.append(telling)
            world.sources.made.append(telling)
            sent.append((telling, nonce, token, opened_at))
        telling, nonce, token, opened_at = sent[0]
        status = self._post("/k", token, {**fields, "nonce": nonce})
        if status == 200:
            telling.status, telling.answered_at = 202, world.time
            asked.done = True
        elif (
            status == _EXPIRED and opened_at + FORM_LIFE <= world.time and telling.webhook_id not in world.journal.taken
        ):
            # The form comes back with what was typed, to be sent anew.
            world.journal.told.remove(telling)
            world.sources.made.remove(telling)
            sent.clear()
        return bool(telling.status)

    def _reply(self, promise: str, text: str) -> bool:
        heard = self._world.journal.heard
        phones = [each.message.to for each in heard if each.promise_id == promise and each.word in ASKED_BY_TEXT]
        phones = [each for each in phones if each.startswith("+")]
        if not phones:
            return False

        message_id = f"reply-{len(self._world.journal.asked)}"
        asked = Asked(f"reply {text[0]}", self._world.time, about=promise, id=message_id)
        self._world.journal.asked.append(asked)

        def then(taken: bool) -> None:
            asked.done = taken

        told = {"originationNumber": phones[-1], "messageBody": text, "inboundMessageId": message_id}
        self._replies.publish(json.dumps(told), then)
        return True

    def _send(self, page: str, token: str | None, fields: Mapping[str, str], asked: Asked | None = None) -> int:
        """Open a page and send its form. Whoever has found one to press must be answered sooner or later (`asked`)."""
        if token is None:
            return 0
        world = self._world
        _, nonce = world.sources.open(token, world.tap.trigger("deliver.http"), page=page)
        if nonce is None:
            return 0
        if asked and asked not in world.journal.asked:
            world.journal.asked.append(asked)
        # Somebody in a hurry presses twice.
        if world.tap.trigger("deliver.press") is Kind.DUPLICATED:
            self._post(page, token, {**fields, "nonce": nonce})
        return self._post(page, token, {**fields, "nonce": nonce})

    def _post(self, page: str, token: str, fields: Mapping[str, str]) -> int:
        status: int = self._world.sources.request("POST", page, _FORM, urlencode(fields), query={"t": token})[0]
        return status


def _token_in(heard: Heard) -> str | None:
    found = re.search(r"\?t=([\w.\-]+)", heard.message.text)
    return found[1] if found else None
