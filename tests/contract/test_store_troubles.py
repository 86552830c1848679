"""How the real store behaves when DynamoDB is busy: what it asks again, how, and when it gives up."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import dynamodb_calls
from chalicelib.adapters.clock_index import DynamoClocks
from chalicelib.adapters.codec import dump_promise
from chalicelib.adapters.ledgers import DynamoLedgers
from chalicelib.adapters.tables import Place
from chalicelib.usecases.store_port import Commit, Committed, Store, StoreUnavailable
from tests.contract.builders import answer, clock, notice, promise, redeemed
from tests.contract.conftest import REGION, dynamo
from tests.contract.endpoint import Break, Endpoint, Reply


@pytest.fixture
def store(endpoint: Endpoint, credentials: None, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The real store, in front of a DynamoDB that answers as told; it waits shorter than in earnest."""
    monkeypatch.setattr(dynamodb_calls, "FIRST_PAUSE_SECONDS", 0.0001)
    return dynamo(Place(REGION, endpoint.url, retries=0)).store


def trouble(code: str, *reasons: str) -> Reply:
    body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "busy"}
    if reasons:
        body["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return Reply(400, json.dumps(body))


def cancelled(*reasons: str) -> Reply:
    return trouble("TransactionCanceledException", *reasons)


def tokens(endpoint: Endpoint) -> list[str]:
    return [each.json()["ClientRequestToken"] for each in endpoint.received]


def test_a_commit_that_met_another_is_made_again_under_the_same_token(endpoint: Endpoint, store: Store) -> None:
    endpoint.answer(
        cancelled("TransactionConflict", "None"), trouble("TransactionInProgressException"), Reply(200, "{}")
    )
    assert store.commit(Commit(promise(), clock())) is Committed.DONE
    assert len(tokens(endpoint)) == 3
    assert len(set(tokens(endpoint))) == 1


def test_a_redemption_that_met_another_is_made_again_under_the_same_token(endpoint: Endpoint, store: Store) -> None:
    endpoint.answer(cancelled("None", "TransactionConflict"), Reply(200, "{}"))
    assert store.redeem(redeemed(), answer()) is Committed.DONE
    assert len(tokens(endpoint)) == 2
    assert len(set(tokens(endpoint))) == 1


def test_two_commits_never_share_a_token(endpoint: Endpoint, store: Store) -> None:
    endpoint.answer(Reply(200, "{}"))
    store.commit(Commit(promise(), clock()))
    store.commit(Commit(promise(), clock()))
    assert len(set(tokens(endpoint))) == 2


def test_a_failed_condition_is_told_at_once_even_beside_a_conflict(endpoint: Endpoint, store: Store) -> None:
    endpoint.answer(cancelled("ConditionalCheckFailed", "TransactionConflict"))
    assert store.commit(Commit(promise(), clock())) is Committed.STALE
    assert len(endpoint.received) == 1


def test_reasons_are_read_in_the_order_in_which_the_items_were_sent(endpoint: Endpoint, store: Store) -> None:
    # The clock's removal goes first, then the promise and the answer, then the notice.
    commit = Commit(promise(version=1), None, notice=notice(), answer=answer())
    endpoint.answer(
        cancelled("None", "ConditionalCheckFailed", "None", "None"),
        cancelled("None", "None", "ConditionalCheckFailed", "None"),
        cancelled("None", "None", "None", "ConditionalCheckFailed"),
        cancelled("None", "ConditionalCheckFailed", "None", "ConditionalCheckFailed"),
    )
    ended = [store.commit(commit) for _ in range(4)]
    assert ended == [Committed.STALE, Committed.REPEATED, Committed.FENCED, Committed.FENCED]
    sent = [next(iter(each)) for each in endpoint.received[0].json()["TransactItems"]]
    assert sent == ["Delete", "Put", "Put", "Update"]


@pytest.mark.parametrize(
    "busy",
    [
        cancelled("TransactionConflict"),
        cancelled("ThrottlingError"),
        cancelled("ProvisionedThroughputExceeded"),
        trouble("TransactionInProgressException"),
    ],
)
def test_a_commit_that_meets_others_again_and_again_gives_up(endpoint: Endpoint, store: Store, busy: Reply) -> None:
    endpoint.answer(busy)
    with pytest.raises(StoreUnavailable):
        store.commit(Commit(promise(), clock()))
    assert len(endpoint.received) == dynamodb_calls.MOST_TRIES


@pytest.mark.parametrize(
    "outage",
    [
        trouble("ProvisionedThroughputExceededException"),
        trouble("ThrottlingException"),
        trouble("RequestLimitExceeded"),
        Reply(500, json.dumps({"__type": "InternalServerError"})),
        Reply(503, json.dumps({"__type": "ServiceUnavailable"})),
        Break.CLOSE,
        Break.RESET,
    ],
)
def test_a_store_that_throttles_or_breaks_off_is_unavailable(
    endpoint: Endpoint, store: Store, outage: Reply | Break
) -> None:
    endpoint.answer(outage)
    calls: list[Callable[[], object]] = [
        lambda: store.load(["p1"]),
        lambda: store.history("p1"),
        lambda: store.claim(notice()),
        lambda: store.release(notice()),
        lambda: store.commit(Commit(promise(), None)),
        lambda: store.concessions_of("c-99"),
        lambda: store.redeem(redeemed(), answer()),
    ]
    for call in calls:
        with pytest.raises(StoreUnavailable):
            call()


@pytest.mark.parametrize("fault", ["AccessDeniedException", "ResourceNotFoundException", "ValidationException"])
def test_a_fault_of_ours_is_not_taken_for_an_outage(endpoint: Endpoint, store: Store, fault: str) -> None:
    endpoint.answer(trouble(fault))
    with pytest.raises(PynamoDBException):
        store.commit(Commit(promise(), None))
    assert len(endpoint.received) == 1


def test_keys_that_were_left_over_are_asked_for_again(endpoint: Endpoint, store: Store) -> None:
    endpoint.answer(page("p1", left="p2"), page("p2"))
    assert sorted(store.load(["p1", "p2"])) == ["p1", "p2"]
    again = endpoint.received[1].json()["RequestItems"]["promises"]
    assert again["Keys"] == [key("p2")]
    assert again["ConsistentRead"] is True


def test_keys_that_are_left_over_for_ever_are_an_outage(endpoint: Endpoint, store: Store) -> None:
    endpoint.answer(page(left="p1"))
    with pytest.raises(StoreUnavailable):
        store.load(["p1"])


def test_ledgers_and_clocks_that_are_left_unread_for_ever_are_an_outage_and_no_endless_question(
    endpoint: Endpoint, store: Store
) -> None:
    place = Place(REGION, endpoint.url, retries=0)
    endpoint.answer(page(left="p1"))
    with pytest.raises(StoreUnavailable):
        DynamoLedgers("promises", place=place).generations()
    with pytest.raises(StoreUnavailable):
        DynamoClocks("promises", shards=1, place=place).armed(["p1"])
    assert len(endpoint.received) == 2 * dynamodb_calls.MOST_TRIES


def key(promise_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"P#{promise_id}"}, "sk": {"S": "STATE"}}


def page(*found: str, left: str | None = None) -> Reply:
    items = [{**key(each), "version": {"N": "1"}, "body": {"S": dump_promise(promise(each))}} for each in found]
    unread = {"promises": {"Keys": [key(left)]}} if left else {}
    return Reply(200, json.dumps({"Responses": {"promises": items}, "UnprocessedKeys": unread}))
