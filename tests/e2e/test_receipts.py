"""What becomes of a word once the provider reports on it: through the real gateway, signed as SendGrid signs."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from infra.local.inbox import receipts
from tests.e2e.outside import Outside, call
from tests.e2e.promises import Told, promise
from tests.e2e.waiting import until

# The local stack's own settings (infra/stages.py), and some room for the sweep behind it.
QUIET_WINDOW_SECONDS = 30
A_SWEEP_SECONDS = 75


@dataclass(frozen=True)
class Reported:
    """Promises made at once, so that their waits run side by side."""

    delivered: Told
    bounced: Told
    dropped: Told
    unknown: Told


@pytest.fixture(scope="module")
def reported(outside: Outside) -> Reported:
    found = Reported(
        delivered=promise(),
        bounced=promise(mailbox="bounce", by_sms=True),
        dropped=promise(mailbox="drop"),
        unknown=promise(mailbox="unknown", by_sms=True),
    )
    for told in (found.unknown, found.bounced, found.dropped, found.delivered):
        outside.tell("promise.made", told.data)
    return found


def notice(outside: Outside, told: Told) -> Any:
    return outside.read(told.ref)["notices"][0]


def test_a_delivery_is_shown_with_its_times(outside: Outside, reported: Reported) -> None:
    outside.has_fact(reported.delivered.ref, "NoticeDelivered")
    delivery = notice(outside, reported.delivered)["delivery"]
    assert (delivery["status"], list(delivery["times"])) == ("delivered", ["delivered"])


def test_a_bounced_email_goes_out_by_sms(outside: Outside, reported: Reported) -> None:
    outside.hears(reported.bounced.phone)
    twice = f"the confirmation of {reported.bounced.ref} on record on both channels"
    until(lambda: outside.facts(reported.bounced.ref).count("ConfirmationSent") == 2, twice)
    facts = outside.facts(reported.bounced.ref)
    assert facts[0] == "PromiseMade"
    assert "NoticeBounced" in facts, "before our own record of the email or after it"
    assert len(outside.inbox(reported.bounced.email)) == 1
    shown = call(
        f"{outside.stack.api}/v1/customers/{reported.bounced.data['customer']['ref']}", headers=outside.read_key()
    )
    suppressed = {each["channel"]: each["suppressed"] for each in shown.json["channels"]}
    assert suppressed["email"]["reason"] == "hard_bounce"
    assert suppressed["sms"] is None


def test_a_dropped_email_with_no_other_channel_becomes_a_call(outside: Outside, reported: Reported) -> None:
    outside.has_fact(reported.dropped.ref, "CallRequired")
    assert notice(outside, reported.dropped)["delivery"]["status"] == "dropped"


def test_a_receipt_inside_the_quiet_window_settles_an_unknown_email(outside: Outside, reported: Reported) -> None:
    outside.has_fact(reported.unknown.ref, "ConfirmationSent", QUIET_WINDOW_SECONDS + A_SWEEP_SECONDS)
    attempts = [(each["outcome"], each["reason"]) for each in notice(outside, reported.unknown)["attempts"]]
    assert [outcome for outcome, _ in attempts] == ["unknown", "accepted"]
    assert attempts[1][1] == "receipt"
    outside.has_fact(reported.unknown.ref, "NoticeDelivered")
    assert len(outside.inbox(reported.unknown.email)) == 1, "nothing is sent again"
    assert outside.inbox(reported.unknown.phone) == []


def test_a_batch_that_nobody_signed_is_refused(outside: Outside, reported: Reported) -> None:
    url = f"{outside.stack.api}/v1/receipts/sendgrid"
    body = json.dumps([{"event": "bounce", "timestamp": 1}]).encode()
    forged = {"content-type": "application/json", receipts.SIGNATURE: "MEUCIQ==", receipts.TIMESTAMP: "1700000000"}
    assert call(url, "POST", body, forged).status == 401
    assert call(url, "POST", body, {"content-type": "application/json"}).status == 401
