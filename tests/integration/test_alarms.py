"""The first alarm, for real: the sweep stops, the queue loses a ring, and a promise is overdue.

The operator topic tells, and tells of the end, once the next sweep has healed what was lost.
"""

from datetime import timedelta

import pytest

from tests.e2e.outside import Outside
from tests.e2e.promises import promise
from tests.e2e.waiting import until, until_past
from tests.integration.machinery import Machinery

# Long enough to tell, to hear of the confirmation's delivery and to throw the rings away, on a busy machine too.
UPDATE_IN = timedelta(seconds=45)
# The alarm goes off at more than a minute, seen over a minute: a minute after the last such sight it is over.
PAST_THE_THRESHOLD = timedelta(seconds=61)
TWO_MINUTES_SECONDS = 120.0


# The update, the alarm after it, the sweep and the alarm's end take some four minutes where nothing is slow.
@pytest.mark.timeout(600)
def test_an_overdue_promise_is_told_to_the_operators_and_so_is_its_end(outside: Outside, machinery: Machinery) -> None:
    with machinery.stopped("Sweep"):
        told = promise(updates=(UPDATE_IN,))
        outside.tell("promise.made", told.data)
        outside.settled(told.ref)
        machinery.drop_rings()
        until_past(told.update_at + PAST_THE_THRESHOLD)
        assert machinery.run("Watch")["oldest_overdue_seconds"] > 60
        until(lambda: machinery.alarm("Overdue") == "ALARM", "the alarm")
        until(lambda: _told(outside, "ALARM"), "the alarm at the operators")
        assert len(outside.inbox(told.email)) == 1, "the ring is lost, and nothing else rings"
        ends_before = len(_told(outside, "OK"))

    outside.hears(told.email, 2)
    outside.has_fact(told.ref, "UpdateSent")
    assert machinery.metric("RescuedByTtl") == 0, "the sweep has healed it"
    until(lambda: _calm(machinery), "the alarm's end", TWO_MINUTES_SECONDS)
    until(lambda: len(_told(outside, "OK")) > ends_before, "the end at the operators")
    assert len(outside.inbox(told.email)) == 2


def _calm(machinery: Machinery) -> bool:
    """Look at once, not with the next minute's watch."""
    return machinery.run("Watch")["oldest_overdue_seconds"] == 0 and machinery.alarm("Overdue") == "OK"


def _told(outside: Outside, state: str) -> list[str]:
    """What the operators read of the alarm, with what it means and what to do first."""
    found = [each for each in outside.operators_hear() if each["subject"].startswith(f"{state}:")]
    return [
        each["message"]
        for each in found
        if "Overdue" in each["subject"] and "a customer is waiting" in each["message"] and "First:" in each["message"]
    ]
