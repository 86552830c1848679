"""Receipts that do not say which of our notices they are about, or name one that we do not have."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from chalicelib.domain.receipts import ReceiptKind
from chalicelib.entrypoints.wire_receipts import read_sendgrid
from chalicelib.usecases.take_receipts import take_receipts
from tests.fakes import FakeSystem
from tests.receipts import event, report
from tests.unit.test_take_receipts import made, status
from tests.world import World

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class CountingSystem(FakeSystem):
    """A system that remembers how much was done together."""

    def __init__(self) -> None:
        super().__init__()
        self.at_once: list[int] = []

    def together(self, work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
        self.at_once.append(len(items))
        return super().together(work, items)


def test_a_report_that_names_a_notice_we_do_not_have_is_matched_by_the_providers_id() -> None:
    for stranger in ("a" * 24 + ":update:7", "a" * 24 + ":song:1"):
        world = World()
        confirmation = made(world)
        report(world, stranger, "delivered")
        assert status(world, confirmation) is ReceiptKind.DELIVERED
        assert world.metrics.values("ReceiptsUnmatched") == []


def test_what_neither_our_id_nor_the_providers_knows_is_counted() -> None:
    world = World()
    made(world)
    report(world, "a" * 24 + ":update:7", "delivered", "bounce", sg_message_id="somebody-elses.x")
    assert world.metrics.values("ReceiptsUnmatched") == [2.0]


def test_a_nameless_report_that_is_too_old_to_be_ours_is_counted() -> None:
    world = World()
    old = (world.system.now() - timedelta(hours=2)).timestamp()
    told = [event(None, "bounce", old, sg_message_id="somebody-elses.x")]
    assert take_receipts(read_sendgrid(json.dumps(told).encode()), world)
    assert world.metrics.values("ReceiptsUnmatched") == [1.0]


def test_of_many_nameless_reports_those_that_may_matter_are_kept_and_side_by_side() -> None:
    system = CountingSystem()
    world = World(system=system)
    at = system.now().timestamp()
    kinds = ("processed", "deferred", "open", "delivered", "bounce")
    told = [event(None, kind, at, sg_message_id=f"{kind}{n}.x") for kind in kinds for n in range(20)]
    assert take_receipts(read_sendgrid(json.dumps(told).encode()), world)
    assert set(world.store.early) == {f"{kind}{n}" for kind in kinds[1:] for n in range(20)}
    assert max(system.at_once) >= len(world.store.early)


def test_what_names_neither_a_notice_nor_a_message_is_counted() -> None:
    for known in ({"notice_id": "song"}, {"notice_id": 7}, {}):
        world = World()
        told = [{"event": "delivered", "timestamp": int(world.system.now().timestamp())} | known]
        assert take_receipts(read_sendgrid(json.dumps(told).encode()), world)
        assert world.metrics.values("ReceiptsUnmatched") == [1.0]
