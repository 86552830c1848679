"""How DynamoDB is called: what is tried again, for how long, and what a failure means to the caller."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from secrets import SystemRandom
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import DeleteError, PutError, PynamoDBException, TransactWriteError, UpdateError

from chalicelib.usecases.store_port import StoreUnavailable

_Result = TypeVar("_Result")

# Of a write inside of a transaction, and of one by itself.
CONDITION_FAILED = "ConditionalCheckFailed"
WRITE_CONDITION_FAILED = "ConditionalCheckFailedException"
# Two writers met on one item: over in milliseconds, and never retried by botocore itself.
CONFLICTS = frozenset({"TransactionConflictException", "TransactionConflict", "TransactionInProgressException"})
# botocore has retried these already, but not inside of a cancelled transaction, where they have names of their own.
THROTTLES = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError"})
OUTAGES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
    }
)
MOST_TRIES = 5
FIRST_PAUSE_SECONDS = 0.02


def pauses() -> Iterator[float]:
    """Yield the waits between the tries of one call, in seconds: doubling, and spread so that rivals part."""
    for tried in range(MOST_TRIES - 1):
        yield FIRST_PAUSE_SECONDS * 2**tried * (0.5 + SystemRandom().random())


def ask(call: Callable[[], _Result]) -> _Result:
    """Make a call, again where two writers met; a repeated write must carry the same idempotency token.

    Raises StoreUnavailable when the store throttles or cannot be reached. Anything else (a failed condition, which the
    caller knows how to read; a missing table or permission, which no retry heals) stays what it is.
    """
    waits = pauses()
    while True:
        try:
            return call()
        except (PynamoDBException, BotoCoreError, ClientError) as error:
            trouble = _trouble(error)
            if trouble is None:
                raise
            pause = next(waits, None)
            if pause is None or trouble not in CONFLICTS | THROTTLES:
                raise StoreUnavailable(f"the store did not answer: {trouble}") from error
        time.sleep(pause)


def held(write: Callable[[], object]) -> bool:
    """Make a conditional write; tell whether its condition held. Raises StoreUnavailable."""
    try:
        ask(write)
    except (PutError, UpdateError, DeleteError) as error:
        if error.cause_response_code != WRITE_CONDITION_FAILED:
            raise
        return False
    return True


def read_batch(table: TableConnection, keys: Sequence[Any], **options: Any) -> list[dict[str, Any]]:
    """Read up to a hundred items as DynamoDB has them, consistently, and after a pause what a busy table left over.

    PynamoDB's own batch asks for that without a pause. Raises StoreUnavailable.
    """
    wanted, found = list(keys), []
    for pause in (0.0, *pauses()):
        if not wanted:
            break
        time.sleep(pause)
        page = ask(partial(table.batch_get_item, wanted, consistent_read=True, **options))
        found += page["Responses"].get(table.table_name, ())
        wanted = page.get("UnprocessedKeys", {}).get(table.table_name, {}).get("Keys", [])
    if wanted:
        raise StoreUnavailable(f"the store left {len(wanted)} keys unread")
    return found


def cancellations(error: TransactWriteError) -> list[str | None]:
    """Return why each item of a transaction kept it from happening, in the order of the request; None if it did not."""
    return [reason.code if reason else None for reason in error.cancellation_reasons]


def _trouble(error: Exception) -> str | None:
    """Name what passes by itself, or None when a retry cannot help."""
    if isinstance(error, TransactWriteError):
        codes = cancellations(error)
        if CONDITION_FAILED in codes:
            return None
        if passing := [code for code in codes if code in CONFLICTS | THROTTLES]:
            return passing[0]
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if isinstance(cause, NoConnection | HTTPClientError):
        return type(cause).__name__
    if isinstance(cause, ClientError):
        code = cause.response["Error"]["Code"]
        return code if code in CONFLICTS | OUTAGES else None
    return None
