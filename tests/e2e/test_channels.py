"""What becomes of a word when a provider refuses it, is down or does not say: told apart, stored and never silent."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.outside import Outside, moment
from tests.e2e.promises import Told, promise
from tests.e2e.waiting import until

# The local stack's own settings (infra/stages.py).
QUIET_WINDOW_SECONDS = 30
FIRST_WAIT_SECONDS = 15


@dataclass(frozen=True)
class Troubles:
    """Promises made at once, so that their waits run side by side."""

    refused: Told
    down: Told
    unknown: Told
    nowhere: Told


@pytest.fixture(scope="module")
def troubles(outside: Outside) -> Troubles:
    found = Troubles(
        refused=promise(mailbox="refuse", by_sms=True),
        down=promise(mailbox="down", by_sms=True),
        unknown=promise(mailbox="silent", by_sms=True),
        nowhere=promise(mailbox="refuse"),
    )
    for told in (found.unknown, found.down, found.refused, found.nowhere):
        outside.tell("promise.made", told.data)
    return found


def attempts(outside: Outside, told: Told) -> list[Any]:
    """Every send of the confirmation, in order."""
    notices = [each for each in outside.read(told.ref)["notices"] if each["obligation"] == "confirmation"]
    return sorted((each for notice in notices for each in notice["attempts"]), key=lambda each: str(each["at"]))


def outcomes(outside: Outside, told: Told) -> list[tuple[str, str]]:
    return [(each["channel"], each["outcome"]) for each in attempts(outside, told)]


def test_a_customer_known_by_phone_only_hears_by_sms(outside: Outside) -> None:
    told = promise("Tu pedido 77 llega", locale="es", by_sms=True)
    outside.tell("promise.made", told.data)
    message = outside.hears(told.phone)
    assert message["channel"] == "sms"
    assert len(message["links"]) == 1
    assert outside.has_fact(told.ref, "ConfirmationSent")["data"]["channel"] == "sms"


def test_a_refused_email_goes_out_by_sms(outside: Outside, troubles: Troubles) -> None:
    outside.hears(troubles.refused.phone)
    outside.has_fact(troubles.refused.ref, "ConfirmationSent")
    assert outcomes(outside, troubles.refused) == [("email", "refused"), ("sms", "accepted")]
    assert "NoticeRefused" in outside.facts(troubles.refused.ref)
    assert outside.inbox(troubles.refused.email) == []


def test_a_customer_whom_no_channel_reaches_becomes_a_call_that_a_person_owes(
    outside: Outside, troubles: Troubles
) -> None:
    line = outside.has_fact(troubles.nowhere.ref, "CallRequired")
    assert line["data"]["word"] == "confirmation"


def test_an_email_that_was_not_taken_is_tried_again_and_not_given_to_the_phone_at_once(
    outside: Outside, troubles: Troubles
) -> None:
    until(lambda: len(attempts(outside, troubles.down)) >= 2, "a second try at an address that is down")
    first, second = attempts(outside, troubles.down)[:2]
    assert (first["outcome"], second["outcome"]) == ("unavailable", "unavailable")
    assert (moment(second["at"]) - moment(first["at"])).total_seconds() >= FIRST_WAIT_SECONDS
    assert outside.inbox(troubles.down.phone) == []


def test_an_email_of_which_nobody_ever_hears_is_sent_once_more_after_the_quiet_window_and_then_by_sms(
    outside: Outside, troubles: Troubles
) -> None:
    first = outside.hears(troubles.unknown.email)
    again = outside.hears(troubles.unknown.email, 2)
    waited = moment(again["received_at"]) - moment(first["received_at"])
    assert waited.total_seconds() >= QUIET_WINDOW_SECONDS
    assert again["subject"] == first["subject"]
    outside.hears(troubles.unknown.phone)
    outside.has_fact(troubles.unknown.ref, "ConfirmationSent")
    assert outcomes(outside, troubles.unknown) == [("email", "unknown"), ("email", "unknown"), ("sms", "accepted")]
    assert len(outside.inbox(troubles.unknown.email)) == 2, "sent once more, and never a third time"
