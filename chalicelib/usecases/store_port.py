"""The port of the store: promises with all that belongs to them, stored together or not at all, and their clocks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from chalicelib.domain.claimed import Finding
from chalicelib.domain.clocks import Clock
from chalicelib.domain.expectations import Expectation
from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing, Party
from chalicelib.domain.notices import Notice
from chalicelib.domain.people import Customer, Mark, Promiser
from chalicelib.domain.promise import Promise
from chalicelib.domain.receipts import Delivery
from chalicelib.domain.recovery import Concession


class StoreUnavailable(Exception):
    """The store did not answer, or throttled: what was asked may or may not have happened. A retry can help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer given to a webhook, kept under its id so that the same id gets the same answer."""

    source: str
    webhook_id: str
    status: int
    body: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyRoute:
    """To which promise a text message from a phone replies: the last one asked. `key` hides the number (keyed hash).

    It may vanish some time after `expires_at`, so that no number stays behind that a customer has long given up (None:
    it was stored before routes expired).
    """

    key: str
    promise_id: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class SentAs:
    """Which notice a provider knows by an id of its own, to be remembered until `expires_at`."""

    provider_id: str
    notice_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Marking:
    """The marks that a person's addresses get, in place of those that `person` was read with."""

    person: Customer | Promiser
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """What must be stored together or not at all.

    `promise.version` is the version that was read: it must still be the stored one (0: there must be none), and is
    stored as one more. The clock is stored as given, or removed when None. `notice` is stored under the condition that
    its token is still the stored one, and its status still `notice_was` where that is given; its attempts and receipts
    join those that are stored. Marks are stored if they were not changed since; profiles never change them.
    `answer` must be the first under its id. Profiles and `sent_as` are stored as given, but with `customer_known` the
    customer's profile must still be there: what was made of an older one must not bring it back. A concession is stored
    as given but for its redemption, which stays as it is stored. `redemption` is stored under the conditions of
    `redeem`. `promiser` is listed for good with the team that it `joins`. A new promise is listed with its customer and
    its promiser. One that is `reopened` must not be about to vanish: see `keep`.
    """

    promise: Promise
    clock: Clock | None
    facts: tuple[Fact, ...] = ()
    notice: Notice | None = None
    answer: Answer | None = None
    customer: Customer | None = None
    customer_known: bool = False
    promiser: Promiser | None = None
    joins: str | None = None
    concession: Concession | None = None
    redemption: Concession | None = None
    sent_as: SentAs | None = None
    notice_was: str | None = None
    marking: Marking | None = None
    reopened: bool = False


class Committed(Enum):
    """How a commit ended. STALE: what was read moved on. FENCED: another has the notice. REPEATED: the webhook was
    answered before. Only DONE wrote anything."""

    DONE = "done"
    STALE = "stale"
    FENCED = "fenced"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of one promise, facts in order and notices by when they were due."""

    promise: Promise
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...]


class Store(Protocol):
    """Promises with their facts, notices and clocks, profiles, and the answers to webhooks.

    Every method raises StoreUnavailable when the store cannot be reached. Reads are strongly consistent.
    """

    def load(self, promise_ids: Sequence[str]) -> Mapping[str, Promise]:
        """Return the promises that exist, by id."""

    def customers(self, refs: Sequence[str]) -> Mapping[str, Customer]:
        """Return the customer profiles that exist, by reference."""

    def promisers(self, refs: Sequence[str]) -> Mapping[str, Promiser]:
        """Return the promiser profiles that exist, by reference."""

    def ever_in(self, team: str) -> Sequence[str]:
        """Return who was ever said to be in a team; whether they still are stands in their profiles."""

    def facts(self, keys: Sequence[tuple[str, int]]) -> Sequence[Fact]:
        """Return the facts that exist among (promise id, number), in no particular order."""

    def history(self, promise_id: str) -> History | None:
        """Return everything about a promise, or None when there is none."""

    def answer(self, source: str, webhook_id: str) -> Answer | None:
        """Return the answer that a webhook got, if it was seen before."""

    def commit(self, commit: Commit) -> Committed:
        """Store a change whole, or nothing of it."""

    def concession(self, code: str) -> Concession | None:
        """Return a concession by its code."""

    def concessions_of(self, customer_ref: str) -> Sequence[Concession]:
        """Return a customer's concessions, oldest first."""

    def promises_of(self, customer_ref: str) -> Sequence[str]:
        """Return the ids of a customer's promises, the newest first."""

    def newest(self, party: Party, ref: str, most: int, after: Listing | None = None) -> Sequence[Listing]:
        """Return up to `most` promises of one person, the newest first, only older ones than `after` if that is given.

        One that retention has removed may still be listed for some days.
        """

    def confirmed(self, promiser_ref: str, subjects: Sequence[str]) -> Mapping[str, str]:
        """Return, by subject, the promise whose claim on this promiser was found promised last.

        One that retention has removed may still be named for some days.
        """

    def expectations(
        self, since: datetime, until: datetime, most: int, after: Listing | None = None
    ) -> Sequence[Expectation]:
        """Return up to `most` of what customers said they had expected, each promise's latest, the newest first.

        Said at or after `since` and before `until`, and only what is older than `after` if that is given.
        """

    def save_customer(self, customer: Customer, answer: Answer, *, known: bool) -> Committed:
        """Store a profile with the answer to the webhook that told of it: DONE or REPEATED.

        STALE when it was `known` and is not there any more.
        """

    def forget(self, promise_id: str) -> None:
        """Blank every text in a promise's facts. Doing it again is harmless."""

    def expire(self, promise_id: str, at: datetime) -> None:
        """Let everything about a promise vanish some time after `at`, unless it is kept after all; an earlier `at`
        stands."""

    def keep(self, promise_id: str) -> None:
        """Take back the expiry of everything about a promise. Doing it again, or without one, is harmless."""

    def forget_customer(self, customer_ref: str, reply_keys: Sequence[str]) -> None:
        """Blank the words of a customer's concessions, then remove their profile, and the routes of their replies.

        Doing it again is harmless.
        """

    def keep_answer(self, answer: Answer) -> Committed:
        """Store the answer to a webhook that had nothing else to store at the end: DONE or REPEATED."""

    def claims_of(self, customer_ref: str) -> Mapping[str, Finding | None]:
        """Return what was found of each claim of a customer, by the promise that it became; None: nothing yet."""

    def redeem(self, concession: Concession, answer: Answer) -> Committed:
        """Store `concession.order` and `redeemed_at`, with the answer to the webhook that told of it.

        STALE when the stored one is void, or redeemed against another order; REPEATED as for commit.
        """

    def set_reply_route(self, route: ReplyRoute) -> None:
        """Let text messages from a phone belong to a promise from now on."""

    def remove_reply_route(self, key: str) -> None:
        """Let text messages from a phone belong nowhere. Doing it again is harmless."""

    def reply_route(self, key: str) -> ReplyRoute | None:
        """Return where text messages from a phone belong, if it was asked anything."""

    def find_notices(self, keys: Sequence[tuple[str, str, int]]) -> Sequence[Notice]:
        """Return the notices that exist among (promise id, word, number), in no particular order."""

    def note(self, notice: Notice) -> None:
        """Add a notice's receipts to those that are stored, and nothing else; no notice comes about by it."""

    def remember(self, sent_as: SentAs) -> Delivery:
        """Store which notice a provider knows by an id; return the receipts that came before."""

    def sent_as(self, provider_ids: Sequence[str]) -> Mapping[str, tuple[str, Delivery]]:
        """Return the notice that a provider knows by each id, as far as that was remembered, and its early receipts."""

    def keep_early(self, provider_id: str, early: Delivery, expires_at: datetime) -> str | None:
        """Keep receipts until it is remembered whose they are; return the notice's id when it is known by now."""

    def claim(self, notice: Notice) -> Notice | None:
        """Claim a notice for sending; None means that the claim is won.

        1. Nobody has claimed it, or its last send is known to be over without success (unavailable, unknown): the
           claim is stored with its token and lease, earlier attempts stay, and None is returned.
        2. Otherwise nothing is written and the notice as it stands is returned: somebody is sending it, vanished while
           sending it, or has met it.
        """

    def release(self, notice: Notice) -> None:
        """Undo a claim whose word turned out not to be owed any more: a first claim vanishes, a later one returns to
        its last outcome. Does nothing when the token is not the stored one."""


class Clocks(Protocol):
    """The index of armed clocks. Raises StoreUnavailable."""

    def due(self, until: datetime) -> Iterable[Clock]:
        """Return every clock that rings at or before `until`, the overdue ones included, oldest first in each shard."""

    def get(self, promise_id: str) -> Clock | None:
        """Return a promise's clock, if it is armed."""

    def armed(self, promise_ids: Sequence[str]) -> frozenset[str]:
        """Return those of the promises that have a clock."""
