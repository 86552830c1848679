"""Signed requests with one bit flipped, to the whole application: all are refused alike, and nothing is stored."""

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

from chalicelib.domain.promise import promise_id
from chalicelib.security import receipt_signatures
from tests.simulation.flips import Tried, flipped
from tests.simulation.fuzzing.examples import EXAMPLES, written
from tests.simulation.fuzzing.footprint import Footprint
from tests.simulation.fuzzing.gateway import Answer, Request, ask
from tests.simulation.fuzzing.signing import signed_event, signed_receipts
from tests.world import REF, SOURCE, World

_WEBHOOK = ("webhook-id", "webhook-timestamp", "webhook-signature", "body")
_RECEIPT = (receipt_signatures.TIMESTAMP, receipt_signatures.SIGNATURE, "body")
_REFUSED, _TAKEN, _OUR_FAULT = 401, (202, 204), 500
# So many bits of one request are flipped before another is signed.
_OF_ONE = 50


def webhooks(share: tuple[int, int]) -> Tried:
    """Flip one bit of a webhook, so many times; by a seed."""
    seed, times = share
    chance, world, tried = Random(f"webhooks of {seed}"), _world(), Tried()
    for number in range(0, times, _OF_ONE):
        kind = chance.choice(["promise.made", "promise.progressed", "promise.kept", "promise.at_risk"])
        data = EXAMPLES[kind] if kind == "promise.made" else EXAMPLES[kind] | {"ref": REF}
        right = signed_event(f"msg_{chance.randrange(10**12)}", written(kind, data), world.system.now())
        _flip(right, _WEBHOOK, min(_OF_ONE, times - number), chance, world, tried)
    return tried


def receipts(share: tuple[int, int]) -> Tried:
    """Flip one bit of a report of the email provider, so many times; by a seed."""
    seed, times = share
    chance, world, tried = Random(f"receipts of {seed}"), _world(), Tried()
    for number in range(0, times, _OF_ONE):
        event = {
            "event": chance.choice(["delivered", "bounce", "open", "spamreport"]),
            "timestamp": int(world.system.now().timestamp()),
            "notice_id": f"{promise_id(SOURCE, REF)}:confirmation:1",
            "sg_message_id": f"provider-1.{chance.randrange(10**9)}",
        }
        right = signed_receipts(json.dumps([event]).encode(), world.system.now())
        _flip(right, _RECEIPT, min(_OF_ONE, times - number), chance, world, tried)
    return tried


def _world() -> World:
    world = World()
    world.make(at=(timedelta(hours=1),))
    world.drain()
    return world


def _flip(right: Request, parts: tuple[str, ...], times: int, chance: Random, world: World, tried: Tried) -> None:
    """Send a request that is right, undo what came of it, and send it again with one bit flipped, over and over."""
    before = Footprint(world)
    taken = ask(right, world)
    if taken.status not in _TAKEN or before.is_unchanged():
        raise AssertionError(f"a request that is right was answered {taken.status}: {taken.body}")
    before.put_back()
    usual = ask(replace(right, headers={}), world)
    for _ in range(times):
        part = chance.choice(parts)
        request = _flipped(right, part, chance)
        answer = ask(request, world)
        tried.tried += 1
        _judge(f"a bit of {part} flipped: {answer.status} to {request!r}", answer, usual, tried)
        if not before.is_unchanged():
            tried.accepted.append(f"a bit of {part} flipped changed something: {request!r}")
            before.put_back()


def _flipped(right: Request, part: str, chance: Random) -> Request:
    if part == "body":
        body = bytes(right.body) if isinstance(right.body, bytes) else right.body.encode()
        return replace(right, body=flipped(body, chance.randrange(len(body) * 8)))
    value = right.headers[part].encode()
    wrong = flipped(value, chance.randrange(len(value) * 8)).decode("latin-1")
    return replace(right, headers={**right.headers, part: wrong})


def _judge(what: str, answer: Answer, usual: Answer, tried: Tried) -> None:
    """Whoever guesses at a signature must not learn from the answer how near they came."""
    if answer.status >= _OUR_FAULT:
        tried.unhandled.append(what)
    elif answer.status != _REFUSED or answer != usual:
        tried.accepted.append(what)
