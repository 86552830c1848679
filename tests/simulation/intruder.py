"""Somebody who holds a customer's link, or a webhook on its way, and tries what they give no right to."""

import json
from datetime import timedelta
from typing import Any

from chalicelib.domain.promise import promise_id
from chalicelib.security.links import Purpose, Subject, sign
from chalicelib.usecases.open_page import form_subject
from tests.world import SOURCE

REF, OTHER_REF = "order-1", "order-2"
_HELD_BACK = timedelta(seconds=301)


def intrude(world: Any) -> None:
    """Try everything, and note what was let in."""
    mine, other = promise_id(SOURCE, REF), promise_id(SOURCE, OTHER_REF)
    token, others = world.visitors.token(mine), world.visitors.token(other)
    if token and others:
        for what, nonce in _nonces(world, mine, token, others):
            _try(world, f"pressed with {what}", lambda nonce=nonce: _press(world, token, nonce))
        for what, link in _links(world, mine, token):
            _try(world, f"opened the page with {what}", lambda link=link: world.sources.open(link)[0])
    _try(world, "told something that was held back on its way", lambda: _post_late(world))


def _try(world: Any, what: str, attempt: Any) -> None:
    status = attempt()
    if status in {200, 202}:
        world.journal.intrusions.append(f"{what} ({status})")


def _nonces(world: Any, promise: str, token: str, others: str) -> list[tuple[str, str]]:
    keys = world.base.secrets.link_keys()
    form = form_subject(world.base.store.promises[promise])
    now = world.time
    found = [
        ("no form", ""),
        ("a form made up", "x" * 54),
        ("the link itself", token),
        ("the form of another promise", world.sources.open(others)[1] or ""),
        ("a form that has expired", sign(keys, Purpose.FORM, form, now)),
        ("a form by a key that is not ours", sign(["stranger" * 5], Purpose.FORM, form, now + timedelta(hours=1))),
    ]
    found += [
        (f"a form for {purpose}", sign(keys, purpose, form, now + timedelta(hours=1)))
        for purpose in Purpose
        if purpose is not Purpose.FORM
    ]
    return found


def _links(world: Any, promise: str, token: str) -> list[tuple[str, str]]:
    keys = world.base.secrets.link_keys()
    later = world.time + timedelta(days=1)
    subject = Subject(promise, "c1")
    found = [
        ("a link that has expired", sign(keys, Purpose.PAGE, subject, world.time)),
        ("a link for a notice that was never sent", sign(keys, Purpose.PAGE, Subject(promise, "u99"), later)),
        ("a link cut short", token[:-1]),
    ]
    found += [
        (f"a link for {purpose}", sign(keys, purpose, subject, later))
        for purpose in Purpose
        if purpose is not Purpose.PAGE
    ]
    return found


def _press(world: Any, token: str, nonce: str) -> int:
    status: int = world.sources.post_form(token, {"action": "acknowledge", "nonce": nonce})
    return status


def _post_late(world: Any) -> int:
    data = {"ref": REF, "note": "held back", "tell": "now"}
    body = json.dumps({"type": "promise.progressed", "timestamp": world.time.isoformat(), "data": data})
    headers = world.sources.signed("msg_held_back", body, world.time - _HELD_BACK)
    status: int = world.sources.request("POST", "/v1/events/{source}", headers, body, path={"source": SOURCE})[0]
    return status
