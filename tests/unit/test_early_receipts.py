"""Receipts that came before our own record and could not be applied with it: a later report or the night does it."""

from datetime import timedelta

from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import Sent
from chalicelib.usecases.reconcile import reconcile
from chalicelib.usecases.store_port import StoreUnavailable
from tests.receipts import report
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
