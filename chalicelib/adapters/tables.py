"""The two tables as PynamoDB models, and their keys."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar, cast
from zlib import crc32

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.connection.table import TableConnection
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import MetaModel, Model

# A Lambda function has its own time-out to keep; DynamoDB answers in milliseconds or is in trouble.
CONNECT_SECONDS = 1.0
READ_SECONDS = 3.0
MOST_RETRIES = 3
POOL = 50

STATE = "STATE"
PROFILE = "PROFILE"
ANSWER = "ANSWER"
HOLDER = "HOLDER"
ROUTE = "ROUTE"
SENT = "SENT"
FACT = "FACT#"
NOTICE = "NOTICE#"
CLAIM = "CLAIM#"
PROMISE = "PROMISE#"
CONCESSION = "CONCESSION#"
SUBJECT = "SUBJECT#"
MEMBER = "MEMBER#"


class Item(Model):
    """An item of either table."""

    @classmethod
    def table(cls) -> TableConnection:
        """Return the connection, for the calls that models do not offer."""
        return cls._get_connection()


class PromisesItem(Item):
    """An item of table `promises`, of any kind: its key says which.

    One class for all kinds, as PynamoDB keeps a client for each class, and as a discriminator would cost bytes in every
    item to say what the sort key says already. `body` holds what no condition needs (see codec).
    """

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    status = UnicodeAttribute(null=True)
    token = UnicodeAttribute(null=True)
    attempts = UnicodeSetAttribute(null=True)
    receipts = UnicodeSetAttribute(null=True)
    marks = UnicodeAttribute(null=True)
    order = UnicodeAttribute(null=True)
    redeemed_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class DueIndex(GlobalSecondaryIndex["ClocksItem"]):  # type: ignore[no-untyped-call]  # PynamoDB types its models only
    """Clocks by shard and moment: what a sweep reads."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    bucket = UnicodeAttribute(hash_key=True)
    ring_at = NumberAttribute(range_key=True)


class ClocksItem(Item):
    """An item of table `clocks`. `ring_at` is epoch milliseconds, `expires_at` epoch seconds, as TTL wants them."""

    due = DueIndex()
    promise_id = UnicodeAttribute(hash_key=True)
    ring_at = NumberAttribute()
    bucket = UnicodeAttribute()
    expires_at = NumberAttribute()


_Item = TypeVar("_Item", bound=Item)


@dataclass(frozen=True, slots=True)
class Place:
    """Where tables lie. `host` is an endpoint URL. What is None is as AWS's own settings say."""

    region: str | None = None
    host: str | None = None
    retries: int = MOST_RETRIES


AWS = Place()


def bound(item: type[_Item], name: str, place: Place) -> type[_Item]:
    """Return a model of its own for one table at one place.

    PynamoDB keeps the connection in the class; a class for each use lets two differently placed stores live in one
    process. The connection opens with the first call.
    """
    meta = {
        "table_name": name,
        "region": place.region,
        "host": place.host,
        "connect_timeout_seconds": CONNECT_SECONDS,
        "read_timeout_seconds": READ_SECONDS,
        "max_retry_attempts": place.retries,
        "max_pool_connections": POOL,
    }
    return cast(type[_Item], MetaModel(item.__name__, (item,), {"Meta": type("Meta", (), meta)}))


def promise_pk(promise_id: str) -> str:
    """Return the partition that holds a promise, its facts and its notices."""
    return f"P#{promise_id}"


def fact_sk(seq: int) -> str:
    """Return a fact's sort key: facts sort by number."""
    return f"{FACT}{seq:06d}"


def notice_sk(word: str, n: int) -> str:
    """Return a notice's sort key."""
    return f"{NOTICE}{word}#{n:04d}"


def customer_pk(ref: str) -> str:
    """Return the partition of a customer's profile."""
    return f"C#{ref}"


def promiser_pk(ref: str) -> str:
    """Return the partition of a promiser's profile."""
    return f"B#{ref}"


def team_pk(team: str) -> str:
    """Return the partition that tells who was ever said to be in a team."""
    return f"G#{team}"


def answer_pk(source: str, webhook_id: str) -> str:
    """Return the partition of the answer given to a webhook."""
    return f"W#{source}#{webhook_id}"


def concession_sk(code: str) -> str:
    """Return a concession's sort key: it lies with its customer, who is asked for more often than a code."""
    return f"{CONCESSION}{code}"


def claim_sk(promise_id: str) -> str:
    """The sort key under which a claim is listed with its customer."""
    return f"{CLAIM}{promise_id}"


def promise_sk(listing: str) -> str:
    """The sort key under which a promise is listed with its customer and its promiser: by its place among theirs."""
    return f"{PROMISE}{listing}"


def expectations_pk(month: str) -> str:
    """Return the partition of what customers said in a month (2026-11, UTC) that they had expected."""
    return f"E#{month}"


def moment_sk(at: datetime) -> str:
    """Return a moment as places begin with it: to the microsecond, UTC."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def code_pk(code: str) -> str:
    """Return the partition that tells whose concession a code is."""
    return f"K#{code}"


def route_pk(key: str) -> str:
    """Return the partition that tells where the text messages from a phone belong."""
    return f"R#{key}"


def sent_pk(provider_id: str) -> str:
    """Return the partition that tells which notice a provider knows by an id."""
    return f"M#{provider_id}"


def shard_of(promise_id: str, shards: int) -> str:
    """Return the shard of the due index that holds a promise's clock: the same in every process, and evenly spread."""
    return f"{crc32(promise_id.encode()) % shards:02d}"
