"""What AWS reports of text messages, in both of its forms."""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.notices import Outcome
from chalicelib.domain.people import Channel
from chalicelib.domain.receipts import Reason, ReceiptKind
from chalicelib.entrypoints.wire_sms_status import read_sms_status
from chalicelib.usecases.ports import Sent
from chalicelib.usecases.take_receipts import take_receipts
from tests.world import GEMMA, NINE, World, only_by

AT = datetime(2026, 11, 24, 9, 0, 1, tzinfo=UTC)


def event(status: str, **known: Any) -> str:
    told = {
        "eventType": f"TEXT_{status}",
        "eventTimestamp": int(AT.timestamp() * 1000),
        "messageId": "sms-1",
        "messageStatus": status,
        "destinationPhoneNumber": GEMMA.phone,
    }
    return json.dumps(told | known)


def log(status: str, response: Any) -> str:
    return json.dumps(
        {
            "notification": {"messageId": "sms-1", "timestamp": "2026-11-24 09:00:01.000"},
            "delivery": {"destination": GEMMA.phone, "providerResponse": response},
            "status": status,
        }
    )


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        (event("PENDING"), ReceiptKind.PROCESSED, None),
        (event("SUCCESSFUL"), ReceiptKind.PROCESSED, None),
        (event("DELIVERED"), ReceiptKind.DELIVERED, None),
        (event("UNREACHABLE"), ReceiptKind.BLOCKED, Reason.BLOCKED),
        (event("TTL_EXPIRED"), ReceiptKind.BLOCKED, Reason.BLOCKED),
        (event("SPAM"), ReceiptKind.DROPPED, Reason.BLOCKED),
        (event("INVALID"), ReceiptKind.BOUNCED, Reason.INVALID),
        (log("SUCCESS", "Message has been accepted by phone"), ReceiptKind.DELIVERED, None),
        (log("FAILURE", "Phone is currently unreachable/unavailable"), ReceiptKind.BLOCKED, Reason.BLOCKED),
        (log("FAILURE", "Invalid phone number"), ReceiptKind.BOUNCED, Reason.INVALID),
        (log("FAILURE", "Phone number is opted out"), ReceiptKind.DROPPED, Reason.UNSUBSCRIBED),
    ],
)
def test_each_status_is_read_in_either_form(text: str, kind: ReceiptKind, reason: Reason | None) -> None:
    report = read_sms_status(text, NINE)
    assert report
    assert (report.receipt.kind, report.receipt.reason, report.receipt.at) == (kind, reason, AT)
    assert (report.receipt.message_id, report.address) == ("sms-1", GEMMA.phone)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "{}", event("UNKNOWN"), event("DELIVERED", messageId=7)])
def test_what_says_nothing_of_a_message_is_no_report(text: str) -> None:
    assert read_sms_status(text, NINE) is None


@pytest.mark.parametrize("half", ["\ud800", "x\udfffx"])
def test_half_a_character_is_read_as_nothing(half: str) -> None:
    assert read_sms_status(event("DELIVERED", messageId=half), NINE) is None
    report = read_sms_status(event("DELIVERED", destinationPhoneNumber=half, odd=half), NINE)
    assert report
    assert report.address is None


@pytest.mark.parametrize(
    "odd", ["NaN", "9" * 9999, "[" * 300 + "]" * 300, '"\\udc00"'], ids=["nan", "digits", "nested", "half"]
)
def test_an_odd_field_takes_nothing_from_the_others(odd: str) -> None:
    text = "\ufeff" + event("DELIVERED", odd="odd").replace('"odd": "odd"', f'"odd": {odd}')
    assert odd in text
    report = read_sms_status(text, NINE)
    assert report
    assert report.receipt.at == AT


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-24 09:00:01.000", AT),
        ("2026-11-24T09:00:01Z", AT),
        ("2026-11-24T11:00:01+02:00", AT),
        ("0001-01-01T00:00:00+14:00", NINE),
        ("9999-12-31T23:59:59-14:00", NINE),
        ("yesterday", NINE),
        (7, NINE),
    ],
)
def test_a_moment_is_read_as_it_is_meant(written: object, at: datetime) -> None:
    text = json.dumps({"notification": {"messageId": "sms-1", "timestamp": written}, "status": "SUCCESS"})
    report = read_sms_status(text, NINE)
    assert report
    assert report.receipt.at == at


@pytest.mark.parametrize("response", ["Blocked as spam by phone carrier", "a reason of next year", "", None, 7, ["x"]])
def test_a_failure_whose_reason_is_not_known_may_go_well_tomorrow(response: Any) -> None:
    report = read_sms_status(log("FAILURE", response), NINE)
    assert report
    assert (report.receipt.kind, report.receipt.reason) == (ReceiptKind.BLOCKED, Reason.BLOCKED)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
        lambda inner: st.dictionaries(
            st.sampled_from(["messageId", "status", "notification", "delivery", "eventTimestamp", "timestamp"]), inner
        ),
    )
)
def test_nothing_that_comes_is_an_error(told: object) -> None:
    read_sms_status(json.dumps(told), NINE)


def world_of(outcome: Outcome) -> World:
    world = World()
    accepted = outcome is Outcome.ACCEPTED
    world.sms.answer_next(Sent(outcome, "sms-1" if accepted else None))
    world.make(customer=only_by(Channel.SMS))
    world.drain()
    return world


def take(world: World, text: str) -> None:
    report = read_sms_status(text, world.system.now())
    assert report
    assert take_receipts([report], world)


def test_a_delivered_text_message_is_matched_by_the_providers_id() -> None:
    world = world_of(Outcome.ACCEPTED)
    take(world, event("DELIVERED"))
    assert world.facts() == ["PromiseMade", "ConfirmationSent", "NoticeDelivered"]


def test_a_number_that_does_not_exist_is_marked_and_its_customer_called() -> None:
    world = world_of(Outcome.ACCEPTED)
    take(world, event("INVALID"))
    world.drain()
    assert world.facts()[2:] == ["NoticeBounced", "CallRequired"]
    assert [each.channel for each in world.store.profiles[GEMMA.ref].marks] == [Channel.SMS]


def test_a_status_that_comes_before_the_record_is_kept_and_applied() -> None:
    world = World()
    world.sms.answer_next(Sent(Outcome.ACCEPTED, "sms-1"))
    world.make(customer=only_by(Channel.SMS))
    world.sms.on_send = lambda _: take(world, event("DELIVERED"))
    world.drain()
    assert world.facts() == ["PromiseMade", "ConfirmationSent", "NoticeDelivered"]


@pytest.mark.parametrize("told", list(permutations(["PENDING", "SUCCESSFUL", "DELIVERED", "UNREACHABLE"])))
def test_statuses_come_in_any_order_and_more_than_once(told: tuple[str, ...]) -> None:
    world = world_of(Outcome.ACCEPTED)
    for each in (*told, *told):
        take(world, event(each))
        world.drain()
    assert world.store.notices[f"{world.promise().id}:confirmation:1"].delivery.status is ReceiptKind.BLOCKED
    assert sorted(world.facts()[2:]) == ["CallRequired", "NoticeBlocked", "NoticeDelivered"]
    assert [(each.channel, each.reason) for each in world.store.profiles[GEMMA.ref].marks] == [
        (Channel.SMS, Reason.BLOCKED)
    ]


def test_a_status_of_a_time_to_come_is_of_now() -> None:
    world = world_of(Outcome.ACCEPTED)
    take(world, event("DELIVERED", eventTimestamp=9_999_999_999_999))
    (receipt,) = world.store.notices[f"{world.promise().id}:confirmation:1"].delivery.receipts
    assert receipt.at == world.system.now()


def test_an_unknown_text_message_is_not_repeated_and_goes_to_the_next_rung() -> None:
    world = world_of(Outcome.UNKNOWN)
    world.pass_time(timedelta(hours=1))
    assert len(world.sms.tried) == 1
    assert world.facts()[-2:] == ["NoticeUnknown", "CallRequired"]
