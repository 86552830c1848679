"""The fast path and the sweep: together they need no expiry of clocks behind them."""

from datetime import timedelta

from tests.e2e.outside import Outside, moment
from tests.e2e.promises import promise
from tests.integration.machinery import Machinery


def test_without_any_expiry_nothing_is_missed_and_nothing_is_early(outside: Outside, machinery: Machinery) -> None:
    """Some moments come before the next sweep (the fast path), the others after it (the sweep queues them)."""
    all_told = []
    for place in range(18):
        # Counted from this very moment: on a busy machine all the tellings take longer than the first update is away.
        all_told.append(promise(updates=(timedelta(seconds=20 + 4 * place),)))
        outside.tell("promise.made", all_told[-1].data)
    for told in all_told:
        update = outside.hears(told.email, 2)
        assert told.update_at <= moment(update["received_at"])
    assert [len(outside.inbox(told.email)) for told in all_told] == [2] * len(all_told)
    assert machinery.metric("RescuedByTtl") == 0
