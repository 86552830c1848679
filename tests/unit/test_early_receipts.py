"""Receipts that came before our own record and could not be applied with it: a later report or the night does it."""

import json
from datetime import timedelta

import pytest

from chalicelib.domain.notices import Outcome
from chalicelib.domain.receipts import ReceiptKind
from chalicelib.entrypoints.wire_receipts import read_sendgrid
from chalicelib.usecases.ports import Sent
from chalicelib.usecases.reconcile import reconcile
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.take_receipts import take_receipts
from tests.receipts import event, report
from tests.world import World

APPLIED = ["PromiseMade", "ConfirmationSent", "NoticeBounced", "ConfirmationSent"]


def left_behind() -> World:
    """Let a nameless bounce come while the mail is sent, and the store fail when it is applied after the record."""
    world = World()
    world.make()
    world.sms.answer_next(Sent(Outcome.ACCEPTED, provider_id="text-1"))
    world.email.on_send = lambda _: report(world, None, "bounce", sg_message_id="provider-1.x")  # type: ignore[assignment]
    calls: list[str] = []

    def fail(call: str) -> None:
        calls.append(call)
        if call == "find_notices" and "remember" in calls:
            world.store.before = lambda _: None
            raise StoreUnavailable

    world.store.before = fail
    world.drain()
    assert world.facts() == APPLIED[:2]
    return world


def test_the_next_report_of_the_same_message_brings_them() -> None:
    world = left_behind()
    assert report(world, None, "deferred", sg_message_id="provider-1.x")
    world.drain()
    assert world.facts() == APPLIED


def test_a_reconcile_brings_them_and_the_next_changes_nothing() -> None:
    world = left_behind()
    reconcile(world, lambda: timedelta(hours=1))
    world.drain()
    assert world.facts() == APPLIED
    reconcile(world, lambda: timedelta(hours=1), afresh=True)
    world.drain()
    assert world.facts() == APPLIED
    assert len(world.sms.delivered) == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("deferred", ReceiptKind.DEFERRED),
        ("delivered", ReceiptKind.DELIVERED),
        ("open", ReceiptKind.OPENED),
        ("click", ReceiptKind.OPENED),
        ("bounce", ReceiptKind.BOUNCED),
        ("dropped", ReceiptKind.DROPPED),
        ("unsubscribe", ReceiptKind.UNSUBSCRIBED),
        ("group_resubscribe", ReceiptKind.RESUBSCRIBED),
        ("spamreport", ReceiptKind.SPAM_REPORTED),
    ],
)
@pytest.mark.parametrize("seconds", [0, -3601, -86400, 3600])
def test_whatever_comes_before_our_record_is_applied_with_it_however_the_providers_clock_goes(
    kind: str, expected: ReceiptKind, seconds: int
) -> None:
    world = World()
    world.make()
    world.sms.answer_next(Sent(Outcome.ACCEPTED, provider_id="text-1"))
    told = event(None, kind, world.system.now().timestamp() + seconds, sg_message_id="provider-1.x")
    batch = read_sendgrid(json.dumps([told]).encode())
    world.email.on_send = lambda _: take_receipts(batch, world)  # type: ignore[assignment]
    world.drain()
    (receipt,) = world.store.notices[f"{world.promise().id}:confirmation:1"].delivery.receipts
    assert receipt.kind is expected
    assert receipt.at <= world.system.now()
