"""Each port twice, its fake and its adapter on moto; what stands on DynamoDB a third time, on DynamoDB Local."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, wraps
from threading import RLock
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend

from chalicelib.adapters.clock_index import DynamoClocks
from chalicelib.adapters.store import DynamoStore
from chalicelib.adapters.tables import Place
from chalicelib.usecases.store_port import Clocks, Store, StoreUnavailable
from infra.local import dynamodb_local as set_up
from tests.contract.dynamodb_local import DynamodbLocal
from tests.contract.endpoint import Endpoint, closed_port
from tests.contract.two_tables import drop_tables, make_tables
from tests.fakes import FakeClocks, FakeStore

REGION = "eu-west-1"
SHARDS = 4
GRACE = timedelta(minutes=10)
# What answers as DynamoDB, and the fixture that starts it.
DYNAMODBS = {"moto": "aws", "dynamodb-local": "dynamodb_local"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A store with its clocks, empty."""

    store: Store
    clocks: Clocks


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that open nothing."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A provider that answers as the test says."""
    with Endpoint() as running:
        yield running


@pytest.fixture
def aws(credentials: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An AWS account in memory."""
    with mock_aws():
        one_at_a_time(DynamoDBBackend, monkeypatch)
        yield


def one_at_a_time(backend: type[DynamoDBBackend], monkeypatch: pytest.MonkeyPatch) -> None:
    """Make moto's writes atomic, as DynamoDB's are: it lets two threads pass one condition before either writes."""
    lock = RLock()

    def alone(write: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(write)
        def locked(*args: Any, **kwargs: Any) -> Any:
            with lock:
                return write(*args, **kwargs)

        return locked

    for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
        monkeypatch.setattr(backend, name, alone(getattr(backend, name)))


@pytest.fixture(scope="session")
def dynamodb_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """DynamoDB Local, one for all tests of a worker. Where it cannot be, the summary of the tests says why."""
    if lacking := set_up.lacking():
        pytest.skip(f"not run on DynamoDB Local: {lacking}")
    if not set_up.is_installed():
        pytest.fail("DynamoDB Local is not set up. Run: python -m infra.local.dynamodb_local", pytrace=False)
    with DynamodbLocal(tmp_path_factory.mktemp("dynamodb-local") / "log") as running:
        yield running.url


@pytest.fixture(params=["fake", *DYNAMODBS])
def place(request: pytest.FixtureRequest, credentials: None) -> Iterator[Place | None]:
    """Where the two tables lie, empty: in moto or in DynamoDB Local, and nowhere for the fakes."""
    if request.param == "fake":
        yield None
        return
    host = request.getfixturevalue(DYNAMODBS[request.param])
    dynamodb = client(host)
    make_tables(dynamodb)
    yield Place(REGION, host)
    drop_tables(dynamodb)


# One client for all tests, here and below: to make one takes longer than most tests.
@cache
def client(host: str | None) -> Any:
    """Return a client that makes and drops tables."""
    return boto3.client("dynamodb", region_name=REGION, endpoint_url=host)


@cache
def dynamo(place: Place) -> Stored:
    """Return the adapters on whatever answers as DynamoDB."""
    store = DynamoStore("promises", "clocks", shards=SHARDS, ttl_grace=GRACE, place=place)
    return Stored(store, DynamoClocks("clocks", shards=SHARDS, place=place))


@pytest.fixture
def stored(place: Place | None) -> Stored:
    """The Store and the Clocks."""
    if place:
        return dynamo(place)
    store = FakeStore()
    return Stored(store, FakeClocks(store))


@pytest.fixture(params=["fake", "dynamodb"])
def unreachable(request: pytest.FixtureRequest, credentials: None) -> Stored:
    """The Store and the Clocks, where nobody answers."""
    if request.param == "dynamodb":
        return dynamo(Place(REGION, closed_port(), retries=0))
    store = FakeStore()

    def down(call: str) -> None:
        raise StoreUnavailable(call)

    store.before = down
    return Stored(store, FakeClocks(store))
