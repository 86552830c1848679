"""Promises, facts, notices, profiles and answers in DynamoDB."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.exceptions import VerboseClientError

from chalicelib.adapters import concessions, confirmed, expectations, forgetting, items, listings, sent_messages, tables
from chalicelib.adapters.dynamodb_calls import WRITE_CONDITION_FAILED, ask, held, read_batch
from chalicelib.adapters.tables import AWS, ClocksItem, Place, PromisesItem
from chalicelib.adapters.transaction import Transaction
from chalicelib.domain.claimed import Finding
from chalicelib.domain.expectations import Expectation
from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing, Party
from chalicelib.domain.notices import CLAIMED, Notice, Outcome
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Promise
from chalicelib.domain.receipts import Delivery
from chalicelib.domain.recovery import Concession
from chalicelib.usecases.store_port import (
    Answer,
    Commit,
    Committed,
    History,
    ReplyRoute,
    SentAs,
)

# DynamoDB's limit on one BatchGetItem.
MOST_AT_ONCE = 100


class DynamoStore:
    """The Store, in tables `promises` and `clocks`."""

    def __init__(
        self, promises_table: str, clocks_table: str, *, shards: int, ttl_grace: timedelta, place: Place = AWS
    ) -> None:
        """Name the tables; nothing is opened yet. `ttl_grace` is how long after its ring a clock expires."""
        self._item = tables.bound(PromisesItem, promises_table, place)
        self._clock_item = tables.bound(ClocksItem, clocks_table, place)
        self._shards = shards
        self._ttl_grace = ttl_grace

    def load(self, promise_ids: Sequence[str]) -> Mapping[str, Promise]:
        found = self._get((tables.promise_pk(each), tables.STATE) for each in promise_ids)
        return {promise.id: promise for promise in map(items.promise_of, found)}

    def customers(self, refs: Sequence[str]) -> Mapping[str, Customer]:
        found = self._get((tables.customer_pk(ref), tables.PROFILE) for ref in refs)
        return {customer.ref: customer for customer in map(items.customer_of, found)}

    def promisers(self, refs: Sequence[str]) -> Mapping[str, Promiser]:
        found = self._get((tables.promiser_pk(ref), tables.PROFILE) for ref in refs)
        return {promiser.ref: promiser for promiser in map(items.promiser_of, found)}

    def ever_in(self, team: str) -> Sequence[str]:
        prefix = self._item.sk.startswith(tables.MEMBER)
        found = ask(lambda: list(self._item.query(tables.team_pk(team), prefix, consistent_read=True)))
        return [each.sk.removeprefix(tables.MEMBER) for each in found]

    def facts(self, keys: Sequence[tuple[str, int]]) -> Sequence[Fact]:
        found = self._get((tables.promise_pk(promise_id), tables.fact_sk(seq)) for promise_id, seq in keys)
        return [items.fact_of(each) for each in found]

    def history(self, promise_id: str) -> History | None:
        found = ask(lambda: list(self._item.query(tables.promise_pk(promise_id), consistent_read=True)))
        state = [each for each in found if each.sk == tables.STATE]
        if not state:
            return None
        facts = (items.fact_of(each) for each in found if each.sk.startswith(tables.FACT))
        notices = (items.notice_of(each) for each in found if each.sk.startswith(tables.NOTICE))
        return History(
            items.promise_of(state[0]),
            tuple(facts),
            tuple(sorted(notices, key=lambda notice: (notice.due_at, notice.claimed_at, notice.id))),
        )

    def answer(self, source: str, webhook_id: str) -> Answer | None:
        found = self._get([(tables.answer_pk(source, webhook_id), tables.ANSWER)])
        return items.answer_of(source, webhook_id, found[0]) if found else None

    def commit(self, commit: Commit) -> Committed:
        return self._writing(commit).write(self._item)

    def _writing(self, commit: Commit) -> Transaction:
        writing = Transaction()
        item = self._item
        version = commit.promise.version
        unmoved = item.version == version if version else item.pk.does_not_exist()
        unmoved = unmoved & item.expires_at.does_not_exist() if commit.reopened else unmoved
        writing.put(items.promise_item(item, commit.promise, version + 1), unmoved, Committed.STALE)
        for fact in commit.facts:
            writing.put(items.fact_item(item, fact))
        if commit.clock:
            writing.put(items.clock_item(self._clock_item, commit.clock, self._shards, self._ttl_grace))
        elif version:
            writing.delete(self._clock_item(commit.promise.id))
        if commit.notice:
            key, actions = items.notice_record(item, commit.notice)
            ours = item.token == commit.notice.token
            ours = ours & (item.status == commit.notice_was) if commit.notice_was else ours
            writing.update(key, actions, ours, Committed.FENCED)
        if commit.answer:
            writing.put(items.answer_item(item, commit.answer), item.pk.does_not_exist(), Committed.REPEATED)
        if commit.customer:
            writing.update(*items.customer_profile(item, commit.customer, known=commit.customer_known), Committed.STALE)
        if commit.promiser:
            writing.update(*items.profile(item, commit.promiser))
        if commit.joins and commit.promiser:
            writing.put(item(tables.team_pk(commit.joins), f"{tables.MEMBER}{commit.promiser.ref}"))
        if commit.marking:
            sent_messages.mark(writing, item, commit.marking)
        listings.enter(writing, item, commit.promise, commit.facts)
        confirmed.enter(writing, item, commit.facts)
        expectations.enter(writing, item, commit.promise, commit.facts)
        if commit.concession:
            writing.update(*concessions.grant(item, commit.concession))
            writing.put(concessions.holder_item(item, commit.concession))
        if commit.redemption:
            writing.update(*concessions.redemption(item, commit.redemption), Committed.STALE)
        if commit.sent_as:
            writing.update(*sent_messages.naming(item, commit.sent_as))
        return writing

    def concession(self, code: str) -> Concession | None:
        holder = self._get([(tables.code_pk(code), tables.HOLDER)])
        found = self._get((tables.customer_pk(each.body), tables.concession_sk(code)) for each in holder)
        return concessions.concession_of(found[0]) if found else None

    def concessions_of(self, customer_ref: str) -> Sequence[Concession]:
        prefix = self._item.sk.startswith(tables.CONCESSION)
        found = ask(lambda: list(self._item.query(tables.customer_pk(customer_ref), prefix, consistent_read=True)))
        return sorted(map(concessions.concession_of, found), key=lambda each: (each.granted_at, each.code))

    def promises_of(self, customer_ref: str) -> Sequence[str]:
        return [each.promise_id for each in listings.newest(self._item, Party.CUSTOMER, customer_ref)]

    def newest(self, party: Party, ref: str, most: int, after: Listing | None = None) -> Sequence[Listing]:
        return listings.newest(self._item, party, ref, most, after)

    def confirmed(self, promiser_ref: str, subjects: Sequence[str]) -> Mapping[str, str]:
        found = self._get(confirmed.key(promiser_ref, each) for each in subjects)
        return {each.sk.removeprefix(tables.SUBJECT): each.body for each in found}

    def expectations(
        self, since: datetime, until: datetime, most: int, after: Listing | None = None
    ) -> Sequence[Expectation]:
        return expectations.newest(self._item, since, until, most, after)

    def save_customer(self, customer: Customer, answer: Answer, *, known: bool) -> Committed:
        writing = Transaction()
        writing.update(*items.customer_profile(self._item, customer, known=known), Committed.STALE)
        writing.put(items.answer_item(self._item, answer), self._item.pk.does_not_exist(), Committed.REPEATED)
        return writing.write(self._item)

    def forget(self, promise_id: str) -> None:
        forgetting.blank_facts(self._item, promise_id)

    def expire(self, promise_id: str, at: datetime) -> None:
        forgetting.expire(self._item, promise_id, at)

    def keep(self, promise_id: str) -> None:
        forgetting.keep(self._item, promise_id)

    def forget_customer(self, customer_ref: str, reply_keys: Sequence[str]) -> None:
        forgetting.remove_customer(self._item, customer_ref, reply_keys)

    def keep_answer(self, answer: Answer) -> Committed:
        writing = Transaction()
        writing.put(items.answer_item(self._item, answer), self._item.pk.does_not_exist(), Committed.REPEATED)
        return writing.write(self._item)

    def claims_of(self, customer_ref: str) -> Mapping[str, Finding | None]:
        prefix = self._item.sk.startswith(tables.CLAIM)
        found = ask(lambda: list(self._item.query(tables.customer_pk(customer_ref), prefix, consistent_read=True)))
        return dict(map(items.finding_of, found))

    def redeem(self, concession: Concession, answer: Answer) -> Committed:
        writing = Transaction()
        writing.update(*concessions.redemption(self._item, concession), Committed.STALE)
        writing.put(items.answer_item(self._item, answer), self._item.pk.does_not_exist(), Committed.REPEATED)
        return writing.write(self._item)

    def set_reply_route(self, route: ReplyRoute) -> None:
        ask(items.route_item(self._item, route).save)

    def remove_reply_route(self, key: str) -> None:
        ask(self._item(tables.route_pk(key), tables.ROUTE).delete)

    def reply_route(self, key: str) -> ReplyRoute | None:
        found = self._get([(tables.route_pk(key), tables.ROUTE)])
        return items.route_of(key, found[0]) if found else None

    def find_notices(self, keys: Sequence[tuple[str, str, int]]) -> Sequence[Notice]:
        found = self._get((tables.promise_pk(promise_id), tables.notice_sk(word, n)) for promise_id, word, n in keys)
        return [items.notice_of(each) for each in found]

    def note(self, notice: Notice) -> None:
        sent_messages.note(self._item, notice)

    def remember(self, sent_as: SentAs) -> Delivery:
        return sent_messages.remember(self._item, sent_as)

    def sent_as(self, provider_ids: Sequence[str]) -> Mapping[str, tuple[str, Delivery]]:
        return sent_messages.sent_as(self._get((tables.sent_pk(each), tables.SENT) for each in provider_ids))

    def keep_early(self, provider_id: str, early: Delivery, expires_at: datetime) -> str | None:
        return sent_messages.keep_early(self._item, provider_id, early, expires_at)

    def claim(self, notice: Notice) -> Notice | None:
        item = self._item
        free = item.status.does_not_exist() | item.status.is_in(Outcome.UNAVAILABLE.value, Outcome.UNKNOWN.value)
        # PynamoDB's own update cannot ask for the item that failed the condition; so we make its request, and ask. A
        # lost race then costs no second call.
        request = item.table().get_operation_kwargs(
            tables.promise_pk(notice.promise_id),
            tables.notice_sk(notice.word, notice.n),
            actions=items.notice_claim(item, notice),
            condition=free,
            return_values_on_condition_failure="ALL_OLD",
        )
        try:
            ask(lambda: item.table().connection.dispatch("UpdateItem", dict(request)))
        except VerboseClientError as error:
            if error.response["Error"]["Code"] != WRITE_CONDITION_FAILED:
                raise
            holder = items.notice_of(item.from_raw_data(_failed_item(error)))
        else:
            return None
        # Our own claim, when the answer to a first try was lost and the call was made again.
        return None if holder.status == CLAIMED and holder.token == notice.token else holder

    def release(self, notice: Notice) -> None:
        item = self._item
        key = item(tables.promise_pk(notice.promise_id), tables.notice_sk(notice.word, notice.n))
        ours = (item.token == notice.token) & (item.status == CLAIMED)
        if held(lambda: key.delete(condition=ours & item.attempts.does_not_exist())):
            return
        found = self._get([(key.pk, key.sk)])
        if not found or not (earlier := items.notice_of(found[0]).attempts):
            return
        held(lambda: key.update(actions=[item.status.set(earlier[-1].outcome.value)], condition=ours))

    def _get(self, keys: Iterable[tuple[str, str]]) -> list[PromisesItem]:
        wanted: list[Any] = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in dict.fromkeys(keys)]
        found: list[PromisesItem] = []
        for start in range(0, len(wanted), MOST_AT_ONCE):
            found += map(self._item.from_raw_data, read_batch(self._item.table(), wanted[start : start + MOST_AT_ONCE]))
        return found


def _failed_item(error: VerboseClientError) -> dict[str, Any]:
    """Return the item that failed a condition: PynamoDB drops it, but keeps botocore's error as the cause."""
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        raise error
    failed: dict[str, Any] = cause.response["Item"]
    return failed
