"""What became of the words that were owed, judged from outside: by the inbox, and by each promise as it is read."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.e2e.outside import moment

# The line in the timeline that says so, for each word that a promise owes in these measures.
SENT = {"confirmation": "ConfirmationSent", "update": "UpdateSent"}
COUNTED = ("owed", "lost", "twice", "early", "handed_over", "untrue", "by_receipt", "vanished")


@dataclass(frozen=True)
class Accepted:
    """A promise whose webhook was accepted: it owes a confirmation, and one update at its moment.

    Unless that had passed when the answer came: a confirmation that goes out after a moment is the word for it.
    """

    promise_id: str
    update_at: datetime
    accepted_at: datetime

    @property
    def words(self) -> tuple[str, ...]:
        return ("confirmation", "update") if self.update_at > self.accepted_at else ("confirmation",)


@dataclass(frozen=True)
class Words:
    """Counts of words; `most` is how often one of them was heard at most.

    lost: neither in the inbox nor handed to a person. twice: messages beyond the first of a word. early: an update
    before its moment. untrue: lines of a timeline that do not agree with the inbox, or a webhook that was not applied
    exactly once. by_receipt: sends that a receipt told of before any record; vanished: sends whose worker left neither.
    """

    owed: int
    lost: int
    twice: int
    most: int
    early: int
    handed_over: int
    untrue: int
    by_receipt: int
    vanished: int


def count(accepted: Sequence[Accepted], inbox: Iterable[Any], histories: Mapping[str, Any]) -> Words:
    """Count what became of every word; a promise without a history was accepted and cannot be read back."""
    heard: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for message in inbox:
        promise_id, word, _ = message["custom_args"]["notice_id"].split(":")
        heard[promise_id, word].append(moment(message["received_at"]))
    counts: Counter[str] = Counter()
    most = 0
    for promise in accepted:
        history = histories.get(promise.promise_id, {"timeline": [], "notices": []})
        told = Counter(line["fact"] for line in history["timeline"])
        counts["untrue"] += told["PromiseMade"] != 1
        for word in promise.words:
            times, called = len(heard[promise.promise_id, word]), handed_over(history, word)
            counts["owed"] += 1
            most = max(most, times)
            counts["lost"] += not times and not called
            counts["twice"] += max(times - 1, 0)
            counts["handed_over"] += called
            counts["untrue"] += told[SENT[word]] not in _lines(times, called=called)
        counts["early"] += sum(at < promise.update_at for at in heard[promise.promise_id, "update"])
        reasons = Counter(attempt["reason"] for notice in history["notices"] for attempt in notice["attempts"])
        counts["by_receipt"] += reasons["receipt"]
        counts["vanished"] += reasons["the worker vanished"]
    return Words(most=most, **{name: counts[name] for name in COUNTED})


def _lines(times_heard: int, *, called: bool) -> set[int]:
    """How many lines of a word the timeline may have; one that a person has taken over may have been heard unknown."""
    if not times_heard:
        return {0}
    return {0, 1} if called else {1}


def is_settled(promise: Accepted, history: Any) -> bool:
    """Whether each word is on record as said or as handed to a person: then nothing more comes of it."""
    facts = {line["fact"] for line in history["timeline"]}
    return all(SENT[word] in facts or handed_over(history, word) for word in promise.words)


def handed_over(history: Any, word: str) -> bool:
    """Whether a call was required of a person for a word."""
    calls = (line["data"] for line in history["timeline"] if line["fact"] == "CallRequired")
    return any(call.get("word") == word for call in calls)
