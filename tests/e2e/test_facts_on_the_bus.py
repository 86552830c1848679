"""Facts reach other services over the bus: each one, under an id, in its published shape, without a word of anybody."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.bus import Bus
from tests.e2e.outside import Outside
from tests.e2e.promises import SOON, Told, promise
from tests.events import faults

NEWS = "The driver left the depot at noon."
CLOSING = "Handed to you in person."
REASON = "The shop closed down."
# Comes when the mailbox has taken a message, so before or after whatever else happens.
DELIVERED = "Notice Delivered"


def published(outside: Outside, bus: Bus, told: Told) -> list[Any]:
    """The events of a promise, once all of its facts have arrived, each held against its schema."""
    history = outside.read(told.ref)
    events = bus.hears_all(history)
    for event, line in zip(events, history["timeline"], strict=True):
        assert faults(event["detail-type"], event["detail"]) == []
        assert event["detail-type"].replace(" ", "") == line["fact"]
        assert (event["source"], event["detail"]["ref"]) == ("kept", told.ref)
    personal = [
        told.email,
        told.phone,
        told.first_name,
        told.promiser,
        told.data["promised_by"]["email"],
        NEWS,
        CLOSING,
        REASON,
    ]
    spoken = json.dumps(events, ensure_ascii=False)
    assert [each for each in personal if each in spoken] == []
    return events


def types(events: list[Any]) -> list[str]:
    return [event["detail-type"] for event in events]


@pytest.fixture(scope="module")
def with_news(outside: Outside) -> Told:
    """A promise that has news for its update, which comes beside the other tests."""
    told = promise(updates=(SOON,))
    outside.tell("promise.made", told.data)
    outside.has_fact(told.ref, "ConfirmationSent")
    outside.tell("promise.progressed", {"ref": told.ref, "note": NEWS, "tell": "next"})
    return told


@pytest.mark.usefixtures("with_news")
def test_a_promise_that_is_withdrawn(outside: Outside, bus: Bus) -> None:
    told = promise()
    outside.tell("promise.made", told.data)
    outside.tell("promise.withdrawn", {"ref": told.ref, "reason": REASON})
    outside.has_fact(told.ref, "WithdrawalSent")
    assert {"Promise Withdrawn", "Withdrawal Sent"} <= set(types(published(outside, bus, told)))


def test_a_promise_whose_due_time_passes(outside: Outside, bus: Bus) -> None:
    told = promise(due=timedelta(seconds=6))
    outside.tell("promise.made", told.data)
    outside.has_fact(told.ref, "OverdueSent")
    assert {"Promise Broken", "Overdue Sent"} <= set(types(published(outside, bus, told)))


def test_a_customer_whom_nothing_reaches(outside: Outside, bus: Bus) -> None:
    told = promise(mailbox="refuse")
    outside.tell("promise.made", told.data)
    outside.has_fact(told.ref, "CallRequired")
    assert {"Notice Refused", "Call Required"} <= set(types(published(outside, bus, told)))


def test_a_promise_from_its_making_to_its_closing(outside: Outside, bus: Bus, with_news: Told) -> None:
    told = with_news
    outside.has_fact(told.ref, "UpdateSent")
    outside.tell("promise.kept", {"ref": told.ref, "note": CLOSING})
    outside.has_fact(told.ref, "ClosingSent")
    events = published(outside, bus, told)
    assert [event["detail"]["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [each for each in types(events) if each != DELIVERED] == [
        "Promise Made",
        "Confirmation Sent",
        "Progress Noted",
        "Update Sent",
        "Promise Kept",
        "Closing Sent",
    ]
