"""The last safety net alone: no sweep runs and the queue loses its rings, so only an expired clock can still ring."""

from datetime import timedelta

from infra.local.stack import Stack
from tests.e2e.outside import Outside, moment
from tests.e2e.promises import promise
from tests.e2e.waiting import until
from tests.integration.conftest import AT_ONCE_SECONDS
from tests.integration.machinery import Machinery

# Long enough to tell, to hear of the confirmation's delivery and to throw the rings away, on a busy machine too.
UPDATE_IN = timedelta(seconds=45)


def test_a_clock_that_nothing_rang_expires_and_its_promise_is_rescued(expiring_at_once: Stack) -> None:
    outside, machinery = Outside(expiring_at_once), Machinery(expiring_at_once)
    with machinery.stopped("Sweep"):
        sweeps_before = machinery.metric("SweepHeartbeat")
        told = promise(updates=(UPDATE_IN,))
        promise_id = outside.tell("promise.made", told.data)["id"]
        outside.settled(told.ref)
        assert machinery.clock(promise_id) == told.update_at
        machinery.drop_rings()

        update = outside.hears(told.email, 2)
        assert moment(update["received_at"]) >= told.update_at + timedelta(seconds=AT_ONCE_SECONDS - 1)
        outside.has_fact(told.ref, "UpdateSent")
        until(lambda: machinery.metric("RescuedByTtl") == 1, "the rescue in the metrics")
        assert machinery.metric("SweepHeartbeat") <= sweeps_before + 1, "at most the sweep that had begun"

        rearmed = until(lambda: machinery.clock(promise_id), "a new clock in place of the one that expired")
        assert told.update_at < rearmed <= moment(told.data["due_at"]), "it is set for what comes next"
        until(lambda: machinery.alarm("RescuedByTtl") == "ALARM", "the alarm")
        until(lambda: _told(outside), "the alarm at the operators")


def _told(outside: Outside) -> list[str]:
    return [each["subject"] for each in outside.operators_hear() if "RescuedByTtl" in each["subject"]]
