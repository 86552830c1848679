"""A customer named in everything that anybody writes: it stands with the promise alone and, once erased, nowhere.

What comes late, as receipts, replies, presses and repeated webhooks do, brings nothing back.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from infra.local.inbox.receipts import Receipts, signing_key
from tests.e2e.bus import Bus
from tests.e2e.canary import erase, published, stand_only, tokens
from tests.e2e.claims import claim, customer
from tests.e2e.outside import Answer, Outside, call
from tests.e2e.places import CUSTOMER_PROFILE, Places, holding
from tests.e2e.promises import Told, promise
from tests.e2e.troubles import trouble
from tests.e2e.waiting import until, until_past

# What is known by a reference of its own; everything else is news of a promise.
TAKEN_AGAIN = {"promise.made", "claim.raised", "concession.redeemed"}
# Long enough to hear of the confirmation's delivery and to erase the customer, on a busy machine too.
ERASED_BEFORE = timedelta(seconds=45)
FORM = {"content-type": "application/x-www-form-urlencoded"}
# Where what people write may stand: the promise, its facts, and what was granted to make up for it.
WITH_THE_PROMISE = re.compile(r"P#\w+ (?:STATE|FACT#\d+)$|CONCESSION#[\w-]+$")


@dataclass
class Named:
    """A promise whose customer is named in every text; `sent` are the webhooks that told of it, by their ids."""

    told: Told
    outside: Outside
    sent: dict[str, tuple[str, Any, Answer]]

    def write(self, text: str) -> str:
        known = self.told.data["customer"]
        return f"{text}: {known['name']}, {known['phone']}, {known['email']}"

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        webhook_id = f"msg_{self.told.ref}_{len(self.sent)}"
        answer = self.outside.post(kind, data, webhook_id=webhook_id)
        assert answer.status == 202, answer.body
        self.sent[webhook_id] = (kind, data, answer)

    def page(self) -> tuple[str, str]:
        """The newest link, and the nonce of the form behind it."""
        link = self.outside.inbox(self.told.phone)[-1]["links"][0]
        found = re.search(r'name="nonce" value="([^"]+)"', call(link).body)
        assert found
        return link, found[1]

    def press(self, **fields: str) -> None:
        link, nonce = self.page()
        answer = call(link, "POST", urlencode(fields | {"nonce": nonce}).encode(), FORM)
        assert answer.status == 200, answer.body


@pytest.fixture(scope="module")
def erased(outside: Outside) -> Told:
    """A promise whose customer was erased while an update was to come; its moment passes beside the other tests."""
    told = promise(updates=(ERASED_BEFORE,))
    outside.tell("promise.made", told.data)
    outside.settled(told.ref)
    erase(outside, told.data["customer"]["ref"])
    assert datetime.now(UTC) < told.update_at, "the update has not come before the erasure"
    return told


@pytest.fixture(scope="module")
def named(outside: Outside) -> Iterator[Named]:
    """A promise through all that can be written of it, and a claim."""
    told = promise("", locale="en-GB", mailbox="refuse", by_sms=True)
    story = Named(told, outside, {})
    write, ref = story.write, told.ref
    told.data["what"] = write("Call")
    story.tell("promise.made", told.data)
    outside.hears(told.phone)
    story.tell("promise.progressed", {"ref": ref, "note": write("News"), "tell": "now"})
    outside.hears(told.phone, 2)
    offer = {"kind": "gift", "text": write("A cookie for")}
    said = trouble(told, case="delay", reason=write("R"), done_so_far=write("D"), solution=write("S"), offer=offer)
    story.tell("promise.at_risk", said)
    outside.hears(told.phone, 3)
    outside.reply(told.phone, write("It is me"))
    outside.has_fact(ref, "ReplyReceived")
    story.tell("call.made", {"ref": ref, "outcome": "reached", "note": write("Spoke to")})
    outside.reply(told.phone, "1")
    outside.has_fact(ref, "ChoiceConfirmed")
    code = outside.has_fact(ref, "ConcessionGranted")["data"]["code"]
    story.tell("concession.redeemed", {"code": code, "order": "order-5678"})
    story.tell("promise.kept", {"ref": ref, "note": write("Handed to")})
    outside.has_fact(ref, "ClosingSent")
    outside.hears(told.phone, 5)
    story.press(action="answer", kept="no", expected=write("A call to"))
    outside.has_fact(ref, "CallRequired")
    claimed = claim(customer("Gemma", "es"), write("Promised to"), seller="seller-7") | {"evidence": write("Said to")}
    claimed["customer"] = told.data["customer"]
    story.tell("claim.raised", claimed)
    outside.hears(told.phone, 6)
    story.tell("claim.settled", {"ref": claimed["ref"], "finding": "not_promised", "note": write("Found of")})
    outside.has_fact(claimed["ref"], "FindingSent")
    outside.hears(told.phone, 7)
    yield story


def test_an_erasure_leaves_nothing_to_say(outside: Outside, erased: Told) -> None:
    assert outside.read(erased.ref)["promise"]["next_contact_at"] is None


def test_what_names_a_customer_stands_with_the_promise_alone_and_then_nowhere(
    outside: Outside, bus: Bus, places: Places, named: Named
) -> None:
    ref = named.told.data["customer"]["ref"]
    words = outside.people.customers[ref]
    links = tokens(outside)
    assert len(links) >= 7, "each message had one"
    published(outside, bus)
    the_id = outside.read(named.told.ref)["promise"]["id"]
    until(lambda: [each for each in outside.operators_hear() if the_id in each["subject"]], "the operators' message")

    before = list(places.kept())
    found = holding(words, before)
    written = {where for where in found if WITH_THE_PROMISE.search(where)}
    for place in (CUSTOMER_PROFILE, *written):
        assert {named.told.email, named.told.phone, named.told.first_name} <= found[place], "the search sees them there"
    assert [where for where in written if where.endswith("STATE")]
    assert [where for where in written if "CONCESSION" in where]
    assert {"a stream", "the bus", "what operators were told"} <= holding({the_id}, before).keys(), "they were read"
    assert any(where.startswith("log /kept/") for where, _ in before)
    stand_only(words, before, CUSTOMER_PROFILE, *written)
    stand_only(links, before)

    erase(outside, ref)
    shown = json.dumps(published(outside, bus))
    stand_only(words | links, places.kept())
    assert not [word for word in words if word in shown]


def test_what_comes_late_brings_nothing_back(outside: Outside, bus: Bus, places: Places, named: Named) -> None:
    told = named.told
    ref = told.data["customer"]["ref"]
    words = set(outside.people.customers[ref]) | tokens(outside)
    links = [each["links"][0] for each in outside.inbox(told.phone)]
    notices = [each["id"] for each in outside.read(told.ref)["notices"]]
    erase(outside, ref)
    before, heard = outside.read(told.ref), len(outside.inbox(told.phone))

    for webhook_id, (kind, data, first) in named.sent.items():
        again = outside.post(kind, data, webhook_id=webhook_id)
        assert (again.status, again.body) == (202, first.body)
        anew = outside.post(kind, data)
        assert anew.status == (202 if kind in TAKEN_AGAIN else 409), anew.body
    assert {call(link).status for link in links} == {404}
    replies = places.ended("sms_reply")
    outside.reply(told.phone, named.write("It is me again"))
    for notice in notices:
        report(outside, notice_id=notice, email=told.email, reason=f"550 no {told.email} here", event="bounce")
    report(outside, email=told.email, reason=f"550 no {told.email} here", event="bounce")
    until(lambda: places.ended("sms_reply") > replies, "the end of the function that takes the reply")

    assert outside.read(told.ref)["promise"] == before["promise"]
    assert len(outside.inbox(told.phone)) == heard
    assert call(f"{outside.stack.api}/v1/customers/{ref}", headers=outside.read_key()).json["channels"] == []
    published(outside, bus)
    stand_only(words, places.kept())


def test_a_pending_word_is_not_said_after_an_erasure(outside: Outside, erased: Told) -> None:
    until_past(erased.update_at + timedelta(seconds=3))
    assert len(outside.inbox(erased.email)) == 1
    assert outside.facts(erased.ref)[-1] == "CustomerErased"


def test_erasing_somebody_unknown_is_done_at_once(outside: Outside) -> None:
    answer = outside.post("customer.erased", {"customer": {"ref": "nobody-at-all"}})
    assert (answer.status, answer.json) == (202, {"customer": {"ref": "nobody-at-all"}})


def report(outside: Outside, **event: Any) -> None:
    """Post a receipt, signed as SendGrid signs."""
    told = {"timestamp": int(time.time()), "sg_message_id": "never-heard-of.recvd-0", "type": "bounce", **event}
    body = json.dumps([told]).encode()
    headers = Receipts(signing_key(outside.stack.state / "receipts-key.pem")).signed_headers(body, time.time())
    answer = call(f"{outside.stack.api}/v1/receipts/sendgrid", "POST", body, headers)
    assert answer.status == 204, answer.body
