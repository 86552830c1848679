"""What is looked for after each story: its people, in every place; and then once more, when they have been erased."""

import json
import re
from collections.abc import Iterable
from typing import Any

from tests.e2e.bus import Bus
from tests.e2e.outside import Outside, call
from tests.e2e.people import words_of
from tests.e2e.places import CUSTOMER_PROFILE, PROMISER_PROFILE, Kept, Places, holding

_TOKEN = re.compile(r"[?&]t=([\w.\-]+)")
# What providers keep for ever, beside what they are given a message for.
_OPAQUE = {"notice_id", "promise_id", "AWS.SNS.SMS.SMSType"}


def look(outside: Outside, bus: Bus, places: Places) -> None:
    """Fail unless what is personal stands in profiles alone, and, once its people are erased, nowhere."""
    customers, promisers = words_of(outside.people.customers), words_of(outside.people.promisers)
    if not customers:
        return
    published(outside, bus)
    links = tokens(outside)
    sent_with_care(outside, customers | promisers | links)
    before = list(places.kept())
    stand_only(customers, before, CUSTOMER_PROFILE)
    stand_only(promisers, before, PROMISER_PROFILE)
    stand_only(links, before)

    erase(outside, *outside.people.customers)
    shown = json.dumps(published(outside, bus), ensure_ascii=False)
    stand_only(customers | links, places.kept())
    still = [each for each in customers | links if each in shown]
    assert not still, f"still shown: {still}"


def stand_only(words: set[str], kept: Iterable[Kept], *where: str) -> None:
    """Fail, and say where, if any of the words stands anywhere else."""
    wrong = {place: some for place, some in holding(words, kept).items() if place not in where}
    assert not wrong, f"what is personal stands in {wrong}"


def erase(outside: Outside, *refs: str) -> None:
    """Have customers erased."""
    for ref in refs:
        answer = outside.post("customer.erased", {"customer": {"ref": ref}})
        assert answer.status == 202, answer.body


def published(outside: Outside, bus: Bus) -> list[Any]:
    """Read all that is shown of the customers, and wait until every fact of theirs is on the bus."""
    shown: list[Any] = []
    for ref in list(outside.people.customers):
        answer = call(f"{outside.stack.api}/v1/customers/{ref}", headers=outside.read_key())
        if answer.status == 200:
            histories = [outside.read(each["ref"]) for each in answer.json["promises"]]
            for each in histories:
                bus.hears_all(each)
            shown += [answer.json, *histories]
    return shown


def messages(outside: Outside) -> list[Any]:
    """What the people's mailboxes and phones hold."""
    known = {**outside.people.customers, **outside.people.promisers}
    addresses = {each for words in known.values() for each in words if "@" in each or each.startswith("+")}
    return [each for address in addresses for each in outside.inbox(address)]


def tokens(outside: Outside) -> set[str]:
    """The token of every link that the people were sent."""
    return {token for each in messages(outside) for link in each["links"] for token in _TOKEN.findall(link)}


def sent_with_care(outside: Outside, words: set[str]) -> None:
    """Fail unless messages name people, and hold links, only where the provider needs them."""
    for each in messages(outside):
        assert each["custom_args"].keys() <= _OPAQUE
        beside = json.dumps([each[part] for part in ("from", "subject", "headers", "custom_args")], ensure_ascii=False)
        assert not [word for word in words if word in beside], beside
