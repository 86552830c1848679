"""The store and its clocks in dictionaries, with a place to interrupt every call before or after it took effect."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import RLock
from typing import TypeVar

from chalicelib.domain.claimed import Finding
from chalicelib.domain.clocks import Clock
from chalicelib.domain.expectations import Expectation, expectation_of
from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing, Party, listed_with, listing_of
from chalicelib.domain.notices import CLAIMED, Notice, Outcome
from chalicelib.domain.people import Customer, Mark, Promiser
from chalicelib.domain.promise import Promise
from chalicelib.domain.receipts import Delivery, merge
from chalicelib.domain.recovery import Concession
from chalicelib.usecases.store_port import (
    Answer,
    Commit,
    Committed,
    History,
    Marking,
    ReplyRoute,
    SentAs,
)

_Asked = TypeVar("_Asked")


def nothing(call: str) -> None:
    """Let a call pass."""


def _another_order(asked: Iterable[_Asked]) -> list[_Asked]:
    """Return what was asked for once each, but not as it was asked: DynamoDB keeps no order."""
    return list(dict.fromkeys(asked))[::-1]


def _in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks as they are read back, in whatever order they were stored."""
    return tuple(sorted(marks, key=lambda each: (each.channel, each.address, each.reason, each.since)))


class FakeStore:
    """A Store. `before` and `after` are called with each method's name: what they raise, the caller sees.

    Raised before, nothing has happened; raised after, it has happened and only the answer was lost. `unreadable` are
    promises (by their ids) and facts (by their keys) that are not stored as they should be.
    """

    def __init__(self) -> None:
        self.promises: dict[str, Promise] = {}
        self.clocks: dict[str, Clock] = {}
        self.noted: dict[tuple[str, int], Fact] = {}
        self.notices: dict[str, Notice] = {}
        self.profiles: dict[str, Customer] = {}
        self.promiser_profiles: dict[str, Promiser] = {}
        self.subjects: dict[tuple[str, str], str] = {}
        self.teams: dict[str, set[str]] = {}
        self.heard: dict[str, Expectation] = {}
        self.answers: dict[tuple[str, str], Answer] = {}
        self.granted: dict[str, Concession] = {}
        self.expiring: dict[str, datetime] = {}
        self.routes: dict[str, ReplyRoute] = {}
        self.sent: dict[str, str] = {}
        self.early: dict[str, Delivery] = {}
        self.unreadable: set[str | tuple[str, int]] = set()
        self.before: Callable[[str], None] = nothing
        self.after: Callable[[str], None] = nothing
        self._one_at_a_time = RLock()

    @contextmanager
    def calling(self, call: str) -> Iterator[None]:
        """Run one call, whole and alone, between the two interruptions."""
        self.before(call)
        with self._one_at_a_time:
            yield
        self.after(call)

    def load(self, promise_ids: Sequence[str]) -> Mapping[str, Promise]:
        with self.calling("load"):
            self._read(promise_ids)
            return {each: self.promises[each] for each in promise_ids if each in self.promises}

    def customers(self, refs: Sequence[str]) -> Mapping[str, Customer]:
        with self.calling("customers"):
            return {ref: self.profiles[ref] for ref in refs if ref in self.profiles}

    def promisers(self, refs: Sequence[str]) -> Mapping[str, Promiser]:
        with self.calling("promisers"):
            return {ref: self.promiser_profiles[ref] for ref in refs if ref in self.promiser_profiles}

    def ever_in(self, team: str) -> Sequence[str]:
        with self.calling("ever_in"):
            return sorted(self.teams.get(team, ()))

    def facts(self, keys: Sequence[tuple[str, int]]) -> Sequence[Fact]:
        with self.calling("facts"):
            self._read(keys)
            return [self.noted[key] for key in _another_order(keys) if key in self.noted]

    def history(self, promise_id: str) -> History | None:
        with self.calling("history"):
            promise = self.promises.get(promise_id)
            if promise is None:
                return None
            facts = self._facts(promise_id)
            notices = (notice for notice in self.notices.values() if notice.promise_id == promise_id)
            return History(
                promise,
                tuple(sorted(facts, key=lambda fact: fact.seq)),
                tuple(sorted(notices, key=lambda notice: (notice.due_at, notice.claimed_at, notice.id))),
            )

    def answer(self, source: str, webhook_id: str) -> Answer | None:
        with self.calling("answer"):
            return self.answers.get((source, webhook_id))

    def commit(self, commit: Commit) -> Committed:
        with self.calling("commit"):
            ended = self._judge(commit)
            if ended is Committed.DONE:
                self._write(commit)
            return ended

    def concession(self, code: str) -> Concession | None:
        with self.calling("concession"):
            return self.granted.get(code)

    def concessions_of(self, customer_ref: str) -> Sequence[Concession]:
        with self.calling("concessions_of"):
            theirs = (each for each in self.granted.values() if each.customer_ref == customer_ref)
            return sorted(theirs, key=lambda each: (each.granted_at, each.code))

    def promises_of(self, customer_ref: str) -> Sequence[str]:
        with self.calling("promises_of"):
            return [each.promise_id for each in _another_order(self._listed(Party.CUSTOMER, customer_ref))]

    def newest(self, party: Party, ref: str, most: int, after: Listing | None = None) -> Sequence[Listing]:
        with self.calling("newest"):
            return [each for each in self._listed(party, ref) if after is None or each < after][:most]

    def confirmed(self, promiser_ref: str, subjects: Sequence[str]) -> Mapping[str, str]:
        with self.calling("confirmed"):
            return {
                each: self.subjects[promiser_ref, each] for each in subjects if (promiser_ref, each) in self.subjects
            }

    def expectations(
        self, since: datetime, until: datetime, most: int, after: Listing | None = None
    ) -> Sequence[Expectation]:
        with self.calling("expectations"):
            found = [each for each in self.heard.values() if since <= each.place.made_at < until]
            older = [each for each in found if after is None or each.place < after]
            return sorted(older, key=lambda each: each.place, reverse=True)[:most]

    def save_customer(self, customer: Customer, answer: Answer, *, known: bool) -> Committed:
        with self.calling("save_customer"):
            if (answer.source, answer.webhook_id) in self.answers:
                return Committed.REPEATED
            if known and customer.ref not in self.profiles:
                return Committed.STALE
            self.answers[answer.source, answer.webhook_id] = answer
            self.profiles[customer.ref] = replace(customer, marks=self._marks(customer))
            return Committed.DONE

    def forget(self, promise_id: str) -> None:
        with self.calling("forget"):
            theirs = {key: fact for key, fact in self.noted.items() if fact.promise_id == promise_id}
            self.noted.update({key: replace(fact, text=None) for key, fact in theirs.items()})
            self.heard.pop(promise_id, None)

    def expire(self, promise_id: str, at: datetime) -> None:
        with self.calling("expire"):
            if promise_id in self.promises:
                self.expiring.setdefault(promise_id, at)

    def keep(self, promise_id: str) -> None:
        with self.calling("keep"):
            self.expiring.pop(promise_id, None)

    def forget_customer(self, customer_ref: str, reply_keys: Sequence[str]) -> None:
        with self.calling("forget_customer"):
            for code, each in self.granted.items():
                if each.customer_ref == customer_ref:
                    self.granted[code] = replace(each, offer=replace(each.offer, text=""))
            self.profiles.pop(customer_ref, None)
            for key in reply_keys:
                self.routes.pop(key, None)

    def keep_answer(self, answer: Answer) -> Committed:
        with self.calling("keep_answer"):
            if (answer.source, answer.webhook_id) in self.answers:
                return Committed.REPEATED
            self.answers[answer.source, answer.webhook_id] = answer
            return Committed.DONE

    def claims_of(self, customer_ref: str) -> Mapping[str, Finding | None]:
        with self.calling("claims_of"):
            theirs = (each for each in self.promises.values() if each.customer_ref == customer_ref)
            return {each.id: each.claim.finding for each in theirs if each.claim}

    def redeem(self, concession: Concession, answer: Answer) -> Committed:
        if concession.order is None or concession.redeemed_at is None:
            raise ValueError("a redemption has an order and a moment")
        with self.calling("redeem"):
            if (answer.source, answer.webhook_id) in self.answers:
                return Committed.REPEATED
            if not self._may_redeem(concession):
                return Committed.STALE
            self._redeem(concession)
            self.answers[answer.source, answer.webhook_id] = answer
            return Committed.DONE

    def set_reply_route(self, route: ReplyRoute) -> None:
        with self.calling("set_reply_route"):
            self.routes[route.key] = route

    def remove_reply_route(self, key: str) -> None:
        with self.calling("remove_reply_route"):
            self.routes.pop(key, None)

    def reply_route(self, key: str) -> ReplyRoute | None:
        with self.calling("reply_route"):
            return self.routes.get(key)

    def find_notices(self, keys: Sequence[tuple[str, str, int]]) -> Sequence[Notice]:
        with self.calling("find_notices"):
            ids = [f"{promise_id}:{word}:{n}" for promise_id, word, n in _another_order(keys)]
            return [self.notices[each] for each in ids if each in self.notices]

    def note(self, notice: Notice) -> None:
        with self.calling("note"):
            if stored := self.notices.get(notice.id):
                self.notices[notice.id] = replace(stored, delivery=merge(stored.delivery, notice.delivery))

    def remember(self, sent_as: SentAs) -> Delivery:
        with self.calling("remember"):
            self.sent[sent_as.provider_id] = sent_as.notice_id
            return self.early.get(sent_as.provider_id, Delivery())

    def sent_as(self, provider_ids: Sequence[str]) -> Mapping[str, tuple[str, Delivery]]:
        with self.calling("sent_as"):
            known = [each for each in provider_ids if each in self.sent]
            return {each: (self.sent[each], self.early.get(each, Delivery())) for each in known}

    def keep_early(self, provider_id: str, early: Delivery, expires_at: datetime) -> str | None:
        with self.calling("keep_early"):
            self.early[provider_id] = merge(self.early.get(provider_id, Delivery()), early)
            return self.sent.get(provider_id)

    def claim(self, notice: Notice) -> Notice | None:
        with self.calling("claim"):
            stored = self.notices.get(notice.id)
            free = stored is None or stored.status in {Outcome.UNAVAILABLE, Outcome.UNKNOWN}
            if free:
                kept = (stored.attempts, stored.delivery) if stored else ((), Delivery())
                self.notices[notice.id] = replace(notice, status=CLAIMED, attempts=kept[0], delivery=kept[1])
            return None if free or self._is_same_claim(notice, stored) else stored

    def release(self, notice: Notice) -> None:
        with self.calling("release"):
            stored = self.notices.get(notice.id)
            if stored is None or not self._is_same_claim(notice, stored):
                return
            if stored.attempts:
                self.notices[notice.id] = replace(stored, status=stored.attempts[-1].outcome)
            else:
                del self.notices[notice.id]

    def _facts(self, promise_id: str) -> list[Fact]:
        return [fact for fact in self.noted.values() if fact.promise_id == promise_id]

    def _read(self, asked: Iterable[str | tuple[str, int]]) -> None:
        if broken := self.unreadable.intersection(asked):
            raise ValueError(f"{len(broken)} items are not as they should be")

    def _listed(self, party: Party, ref: str) -> Sequence[Listing]:
        """Return all promises of a person, newest first."""
        theirs = self.promises.values()
        if party is Party.CUSTOMER:
            found = [listing_of(each) for each in theirs if each.customer_ref == ref]
        else:
            found = [
                listing_of(each)
                for each in theirs
                if each.promiser_ref == ref or (each.claim and ref in listed_with(each, self._facts(each.id)))
            ]
        return sorted(found, reverse=True)

    def _is_same_claim(self, notice: Notice, stored: Notice | None) -> bool:
        return stored is not None and stored.status == CLAIMED and stored.token == notice.token

    def _judge(self, commit: Commit) -> Committed:
        promise, notice, answer = commit.promise, commit.notice, commit.answer
        if answer and (answer.source, answer.webhook_id) in self.answers:
            return Committed.REPEATED
        if notice and (notice.id not in self.notices or self.notices[notice.id].token != notice.token):
            return Committed.FENCED
        if notice and commit.notice_was and self.notices[notice.id].status != commit.notice_was:
            return Committed.FENCED
        stored = self.promises.get(promise.id)
        if promise.version != (stored.version if stored else 0) or (commit.reopened and promise.id in self.expiring):
            return Committed.STALE
        if commit.customer and commit.customer_known and commit.customer.ref not in self.profiles:
            return Committed.STALE
        if commit.redemption and not self._may_redeem(commit.redemption):
            return Committed.STALE
        if commit.marking and not self._is_as_read(commit.marking.person):
            return Committed.STALE
        return Committed.DONE

    def _write(self, commit: Commit) -> None:
        promise = replace(commit.promise, version=commit.promise.version + 1)
        self.promises[promise.id] = promise
        self.clocks.pop(promise.id, None)
        if commit.clock:
            self.clocks[promise.id] = commit.clock
        self.noted.update({(fact.promise_id, fact.seq): fact for fact in commit.facts})
        self._enter(promise, commit.facts)
        if commit.notice:
            known = self.notices[commit.notice.id]
            attempts = sorted({*known.attempts, *commit.notice.attempts}, key=lambda attempt: attempt.at)
            delivery = merge(known.delivery, commit.notice.delivery)
            self.notices[commit.notice.id] = replace(commit.notice, attempts=tuple(attempts), delivery=delivery)
        if commit.answer:
            self.answers[commit.answer.source, commit.answer.webhook_id] = commit.answer
        if commit.customer:
            self.profiles[commit.customer.ref] = replace(commit.customer, marks=self._marks(commit.customer))
        if commit.promiser:
            self.promiser_profiles[commit.promiser.ref] = replace(commit.promiser, marks=self._marks(commit.promiser))
        if commit.joins and commit.promiser:
            self.teams.setdefault(commit.joins, set()).add(commit.promiser.ref)
        if commit.marking:
            self._mark(commit.marking)
        if commit.concession:
            self._grant(commit.concession)
        if commit.redemption:
            self._redeem(commit.redemption)
        if commit.sent_as:
            self.sent[commit.sent_as.provider_id] = commit.sent_as.notice_id

    def _enter(self, promise: Promise, facts: Sequence[Fact]) -> None:
        heard, _ = expectation_of(promise, facts)
        if heard:
            self.heard[promise.id] = heard
        for fact in facts:
            if (
                fact.name == "ClaimSettled"
                and fact.data["finding"] == Finding.PROMISED
                and {"promiser", "subject"} <= fact.data.keys()
            ):
                self.subjects[str(fact.data["promiser"]), str(fact.data["subject"])] = promise.id

    def _known(self, person: Customer | Promiser) -> Customer | Promiser | None:
        profiles = self.profiles if isinstance(person, Customer) else self.promiser_profiles
        return profiles.get(person.ref)

    def _marks(self, person: Customer | Promiser) -> tuple[Mark, ...]:
        known = self._known(person)
        return known.marks if known else ()

    def _is_as_read(self, person: Customer | Promiser) -> bool:
        known = self._known(person)
        return known is not None and known.marks == _in_order(person.marks)

    def _mark(self, marking: Marking) -> None:
        person, marks = marking.person, _in_order(marking.marks)
        if isinstance(person, Customer):
            self.profiles[person.ref] = replace(self.profiles[person.ref], marks=marks)
        else:
            self.promiser_profiles[person.ref] = replace(self.promiser_profiles[person.ref], marks=marks)

    def _may_redeem(self, concession: Concession) -> bool:
        stored = self.granted.get(concession.code)
        return stored is not None and not stored.void and stored.order in {None, concession.order}

    def _redeem(self, concession: Concession) -> None:
        stored = self.granted[concession.code]
        redeemed_at = stored.redeemed_at or concession.redeemed_at
        self.granted[stored.code] = replace(stored, order=concession.order, redeemed_at=redeemed_at)

    def _grant(self, concession: Concession) -> None:
        stored = self.granted.get(concession.code)
        order, redeemed_at = (stored.order, stored.redeemed_at) if stored else (None, None)
        self.granted[concession.code] = replace(concession, order=order, redeemed_at=redeemed_at)


class FakeClocks:
    """Clocks, as a view of a FakeStore's."""

    def __init__(self, store: FakeStore) -> None:
        self.store = store

    def due(self, until: datetime) -> Iterator[Clock]:
        with self.store.calling("due"):
            armed = [clock for clock in self.store.clocks.values() if clock.ring_at <= until]
        yield from sorted(armed, key=lambda clock: (clock.ring_at, clock.promise_id))

    def get(self, promise_id: str) -> Clock | None:
        with self.store.calling("get"):
            return self.store.clocks.get(promise_id)

    def armed(self, promise_ids: Sequence[str]) -> frozenset[str]:
        with self.store.calling("armed"):
            return frozenset(each for each in promise_ids if each in self.store.clocks)
