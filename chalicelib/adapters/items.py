"""Domain values as items of the tables, and back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters import codec, tables
from chalicelib.adapters.codec_receipts import dump_receipt, load_delivery, load_marks
from chalicelib.adapters.moments import moment, ring_milliseconds
from chalicelib.adapters.tables import ClocksItem, PromisesItem
from chalicelib.domain.claimed import Claim, Finding
from chalicelib.domain.clocks import Clock
from chalicelib.domain.facts import Fact
from chalicelib.domain.notices import CLAIMED, Notice
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Promise
from chalicelib.usecases.store_port import Answer, ReplyRoute

NOTHING_FOUND = "-"


def promise_item(item: type[PromisesItem], promise: Promise, version: int) -> PromisesItem:
    """Return the state item of a promise, under a new version."""
    return item(tables.promise_pk(promise.id), tables.STATE, body=codec.dump_promise(promise), version=version)


def promise_of(item: PromisesItem) -> Promise:
    """Return the promise that a state item holds."""
    return codec.load_promise(_id(item.pk), int(item.version), item.body)


def fact_item(item: type[PromisesItem], fact: Fact) -> PromisesItem:
    """Return the item of a fact."""
    return item(tables.promise_pk(fact.promise_id), tables.fact_sk(fact.seq), body=codec.dump_fact(fact))


def fact_of(item: PromisesItem) -> Fact:
    """Return the fact that an item holds."""
    return codec.load_fact(_id(item.pk), int(item.sk.removeprefix(tables.FACT)), item.body)


def notice_claim(item: type[PromisesItem], notice: Notice) -> list[Action]:
    """Return how a notice changes when it is claimed: its attempts stay."""
    return [
        item.status.set(CLAIMED),
        item.token.set(notice.token),
        item.body.set(codec.dump_notice(notice)),
    ]


def profile_key(item: type[PromisesItem], person: Customer | Promiser) -> PromisesItem:
    """Return the key of a profile."""
    pk = tables.customer_pk(person.ref) if isinstance(person, Customer) else tables.promiser_pk(person.ref)
    return item(pk, tables.PROFILE)


def notice_record(item: type[PromisesItem], notice: Notice) -> tuple[PromisesItem, list[Action]]:
    """Return a notice's item and how it changes when a send is recorded: its attempts join those of earlier claims."""
    actions: list[Action] = [item.status.set(notice.status), item.body.set(codec.dump_notice(notice))]
    if notice.attempts:
        actions.append(item.attempts.add({codec.dump_attempt(each) for each in notice.attempts}))
    if notice.delivery.receipts:
        actions.append(item.receipts.add({dump_receipt(each) for each in notice.delivery.receipts}))
    return item(tables.promise_pk(notice.promise_id), tables.notice_sk(notice.word, notice.n)), actions


def notice_of(item: PromisesItem) -> Notice:
    """Return the notice that an item holds."""
    word, n = item.sk.removeprefix(tables.NOTICE).split("#")
    attempts = frozenset(item.attempts or ())
    known = codec.load_notice(
        _id(item.pk), word, int(n), status=item.status, token=item.token, attempts=attempts, body=item.body
    )
    return replace(known, delivery=load_delivery(item.receipts)) if item.receipts else known


def profile(item: type[PromisesItem], person: Customer | Promiser) -> tuple[PromisesItem, list[Action]]:
    """Return a profile's item and how it changes when something is told of it: its marks stay."""
    body = codec.dump_customer(person) if isinstance(person, Customer) else codec.dump_promiser(person)
    return profile_key(item, person), [item.body.set(body)]


def customer_profile(
    item: type[PromisesItem], customer: Customer, *, known: bool
) -> tuple[PromisesItem, list[Action], Condition | None]:
    """Return a customer's profile, how it changes, and under which condition: one that is known must still be there."""
    return *profile(item, customer), item.body.exists() if known else None


def route_item(item: type[PromisesItem], route: ReplyRoute) -> PromisesItem:
    """Return the item that tells where text messages from a phone belong, which its TTL removes."""
    expires_at = ceil(route.expires_at.timestamp()) if route.expires_at else None
    return item(tables.route_pk(route.key), tables.ROUTE, body=route.promise_id, expires_at=expires_at)


def route_of(key: str, item: PromisesItem) -> ReplyRoute:
    """Return the route that an item holds."""
    expires_at = datetime.fromtimestamp(int(item.expires_at), UTC) if item.expires_at else None
    return ReplyRoute(key, item.body, expires_at)


def customer_of(item: PromisesItem) -> Customer:
    """Return the customer that a profile item describes."""
    return replace(codec.load_customer(_id(item.pk), item.body), marks=load_marks(item.marks))


def promiser_of(item: PromisesItem) -> Promiser:
    """Return the promiser that a profile item describes."""
    return replace(codec.load_promiser(_id(item.pk), item.body), marks=load_marks(item.marks))


def answer_item(item: type[PromisesItem], answer: Answer) -> PromisesItem:
    """Return the item of a webhook's answer, which its TTL removes."""
    return item(
        tables.answer_pk(answer.source, answer.webhook_id),
        tables.ANSWER,
        status=str(answer.status),
        body=answer.body,
        expires_at=ceil(answer.expires_at.timestamp()),
    )


def answer_of(source: str, webhook_id: str, item: PromisesItem) -> Answer:
    """Return the answer that an item holds."""
    expires_at = datetime.fromtimestamp(int(item.expires_at), UTC)
    return Answer(source, webhook_id, int(item.status), item.body, expires_at)


def claim_item(item: type[PromisesItem], promise: Promise, claim: Claim) -> PromisesItem:
    """Return the item that lists a claim with its customer: what was found of it, or a dash."""
    body = claim.finding or NOTHING_FOUND
    return item(tables.customer_pk(promise.customer_ref), tables.claim_sk(promise.id), body=body)


def finding_of(item: PromisesItem) -> tuple[str, Finding | None]:
    """Return the promise that a claim became, and what was found of it."""
    found = None if item.body == NOTHING_FOUND else Finding(item.body)
    return item.sk.removeprefix(tables.CLAIM), found


def clock_item(item: type[ClocksItem], clock: Clock, shards: int, ttl_grace: timedelta) -> ClocksItem:
    """Return the item of a clock. Its moment is rounded up to the millisecond, so that it never rings early."""
    return item(
        clock.promise_id,
        ring_at=ring_milliseconds(clock.ring_at),
        bucket=tables.shard_of(clock.promise_id, shards),
        expires_at=ceil((clock.ring_at + ttl_grace).timestamp()),
    )


def clock_of(promise_id: str, ring_at_ms: float) -> Clock:
    """Return the clock of a promise from its moment in epoch milliseconds."""
    return Clock(promise_id, moment(ring_at_ms))


def _id(pk: str) -> str:
    return pk.split("#", 1)[1]
