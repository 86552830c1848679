"""The sweep: it heals what the queue lost, and needs no expiry of clocks behind it."""

from datetime import timedelta

from tests.e2e.outside import Outside, moment
from tests.e2e.promises import promise
from tests.e2e.waiting import until_past
from tests.integration.machinery import Machinery

UPDATE_IN = timedelta(seconds=15)
LONG_ENOUGH = timedelta(seconds=3)
UNTIL_THE_NEXT_SWEEP = timedelta(seconds=75)


def test_a_ring_that_the_queue_lost_is_healed_by_the_next_sweep(outside: Outside, machinery: Machinery) -> None:
    with machinery.sweep_stopped():
        told = promise(updates=(UPDATE_IN,))
        outside.tell("promise.made", told.data)
        outside.has_fact(told.ref, "ConfirmationSent")
        machinery.drop_rings()
        until_past(told.update_at + LONG_ENOUGH)
        assert len(outside.inbox(told.email)) == 1, "the ring is lost, and nothing else rings"

    outside.hears(told.email, 2, UNTIL_THE_NEXT_SWEEP.total_seconds())
    outside.has_fact(told.ref, "UpdateSent")
    assert machinery.metric("RescuedByTtl") == 0
    assert len(outside.inbox(told.email)) == 2


def test_without_any_expiry_nothing_is_missed_and_nothing_is_early(outside: Outside, machinery: Machinery) -> None:
    """Some moments come before the next sweep (the fast path), the others after it (the sweep queues them)."""
    all_told = [promise(updates=(timedelta(seconds=5 + 5 * place),)) for place in range(18)]
    for told in all_told:
        outside.tell("promise.made", told.data)
    for told in all_told:
        update = outside.hears(told.email, 2)
        assert told.update_at <= moment(update["received_at"])
    assert [len(outside.inbox(told.email)) for told in all_told] == [2] * len(all_told)
    assert machinery.metric("RescuedByTtl") == 0
