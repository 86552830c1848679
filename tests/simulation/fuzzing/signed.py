"""Attempts on the two routes that take what is signed: webhooks, and receipts of the email provider."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.promise import promise_id
from chalicelib.security import receipt_signatures
from tests.simulation.fuzzing import examples
from tests.simulation.fuzzing.attempts import Attempt, Draw, with_noise
from tests.simulation.fuzzing.bodies import replaced, spoilt
from tests.simulation.fuzzing.corpus import receipt_cases, webhook_cases
from tests.simulation.fuzzing.gateway import Request
from tests.simulation.fuzzing.signing import (
    EVENTS,
    RECEIPTS,
    SECRET,
    STRANGE_SECRET,
    STRANGER,
    event_headers,
    receipt_headers,
    seconds,
    signed_event,
    signed_receipts,
)
from tests.simulation.fuzzing.values import MOMENTS
from tests.world import SOURCE

_OURS = {"source": SOURCE}
_TOO_OLD = timedelta(seconds=301)
_RECEIPT_FIELDS = ("event", "timestamp", "notice_id", "promise_id", "sg_message_id", "sg_event_id", "reason", "type")


def webhook(draw: Draw) -> Attempt:
    """Tell of something: with a signature that is not right, or with a right one and something else that is wrong."""
    kind = draw.chance.choice(examples.TYPES)
    data = dict(examples.EXAMPLES[kind])
    if "code" in data:
        data["code"] = draw.estate.code
    if draw.seldom(0.4):
        return _unsigned(draw, examples.written(kind, data))
    if draw.seldom(0.3):
        body = spoilt(draw.chance, draw.stock, examples.written(kind, data))
        return _signed(draw, f"{kind} spoilt", body)
    path = draw.chance.choice(examples.paths(kind))
    for each in (path, *draw.chance.sample(examples.paths(kind), draw.chance.choice([0, 0, 0, 1]))):
        data = replaced(draw.chance, draw.stock, data, each)
    told_at = draw.chance.choice(MOMENTS) if draw.seldom(0.2) else draw.estate.now.isoformat()
    return _signed(draw, hostile_field(kind, path), examples.written(kind, data, told_at))


def hostile_field(kind: str, path: tuple[str, ...]) -> str:
    """Name the attempt that makes one field of an event hostile."""
    return f"{kind} with a hostile {'.'.join(path)}"


def _signed(draw: Draw, what: str, body: bytes) -> Attempt:
    name = f"msg_{draw.chance.randrange(10**9)}"
    return Attempt(what, with_noise(draw, signed_event(name, body, draw.estate.now)), entitled=True)


def _unsigned(draw: Draw, body: bytes) -> Attempt:
    """Send a webhook that the source did not sign: not this one, not now, not like this, or not at all."""
    chance, now = draw.chance, draw.estate.now
    if draw.seldom(0.3):
        case = chance.choice(webhook_cases(SECRET, now))
        return Attempt(case.name, Request("POST", EVENTS, case.headers, case.body, path=_OURS), case.ours == 400)
    request = signed_event("msg_1", body, now)
    headers, timestamp = dict(request.headers), seconds(now)
    how = chance.randrange(7)
    if how == 0:
        headers |= event_headers("msg_1", timestamp, body, STRANGE_SECRET)
    elif how == 1:
        headers |= event_headers("msg_1", seconds(now + chance.choice([-1, 1]) * _TOO_OLD), body)
    elif how == 2:
        headers |= event_headers("msg_2", timestamp, body) | {"webhook-id": "msg_1"}
    elif how == 3:
        request = replace(request, body=spoilt(chance, draw.stock, body) + b" ")
    elif how == 4:
        request = replace(request, path={"source": draw.text() + "-"})
    elif how == 5:
        del headers[chance.choice(["webhook-id", "webhook-timestamp", "webhook-signature"])]
    else:
        name = chance.choice(["webhook-id", "webhook-timestamp", "webhook-signature"])
        headers[name] = chance.choice([draw.text(), headers[name] + "x" + draw.text(), headers[name][:-1]])
    return Attempt(f"webhook with a wrong signature ({how})", with_noise(draw, replace(request, headers=headers)))


def receipt(draw: Draw) -> Attempt:
    """Report of a message: unsigned, or signed and not what a report should be."""
    chance = draw.chance
    events = [_event(draw) for _ in range(chance.randrange(1, 4))]
    body = json.dumps(events).encode()
    if draw.seldom(0.4):
        return _unsigned_receipt(draw, body)
    if draw.seldom(0.4):
        body = spoilt(chance, draw.stock, body)
    request = signed_receipts(body, draw.estate.now)
    return Attempt("signed receipts", with_noise(draw, request), entitled=True)


def _event(draw: Draw) -> dict[str, Any]:
    """One event of a message that was really sent, with a field or two that are hostile."""
    chance = draw.chance
    ref, word = chance.choice(["open", "at-risk", "kept"]), chance.choice(["confirmation", "recovery", "check_in", "x"])
    event: dict[str, Any] = {
        "event": chance.choice(["delivered", "bounce", "dropped", "open", "spamreport", "unsubscribe", "deferred"]),
        "timestamp": int(draw.estate.now.timestamp()),
        "notice_id": f"{promise_id(SOURCE, ref)}:{word}:1",
        "sg_message_id": f"provider-{chance.randrange(1, 9)}.x",
        "email": examples.CUSTOMER["email"],
    }
    for name in chance.sample(_RECEIPT_FIELDS, chance.randrange(3)):
        event[name] = draw.stock.value(chance)
    return event


def _unsigned_receipt(draw: Draw, body: bytes) -> Attempt:
    chance, now = draw.chance, draw.estate.now
    if draw.seldom(0.3):
        case = chance.choice(receipt_cases(now))
        return Attempt(case.name, Request("POST", RECEIPTS, case.headers, case.body), case.ours == 400)
    request = signed_receipts(body, now)
    headers = dict(request.headers)
    how = chance.randrange(5)
    if how == 0:
        headers |= receipt_headers(seconds(now), body, STRANGER)
    elif how == 1:
        headers |= receipt_headers(seconds(now + chance.choice([-1, 1]) * _TOO_OLD), body)
    elif how == 2:
        request = replace(request, body=spoilt(chance, draw.stock, body) + b" ")
    elif how == 3:
        del headers[chance.choice([receipt_signatures.SIGNATURE, receipt_signatures.TIMESTAMP])]
    else:
        name = chance.choice([receipt_signatures.SIGNATURE, receipt_signatures.TIMESTAMP])
        headers[name] = chance.choice([draw.text(), headers[name] + "x" + draw.text(), headers[name][:-1]])
    return Attempt(f"receipts with a wrong signature ({how})", with_noise(draw, replace(request, headers=headers)))
