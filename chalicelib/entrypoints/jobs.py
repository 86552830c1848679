"""Schedules, the queue and the streams: read the event, call one use case, say which records must come again."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalice.app import CloudWatchEvent, DynamoDBEvent, SNSEvent, SQSEvent

from chalicelib.adapters.ring_queue_sqs import read_ring
from chalicelib.domain.clocks import Clock
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import StoreUnavailable

_log = logging.getLogger(__name__)
_FACT = "FACT#"
# A page of the table is 1 MB, some hundreds of promises, each read and written; a minute is several times its due.
_A_PAGE_MILLISECONDS = 60_000
_PROMISE = "P#"


def sweep(_event: CloudWatchEvent, services: Services) -> dict[str, int]:
    """Queue what is due soon."""
    from chalicelib.usecases.sweep import sweep as use_case  # noqa: PLC0415 - each function imports only what it uses

    return {"queued": use_case(services)}


def watch(_event: CloudWatchEvent, services: Services) -> dict[str, float]:
    """Measure what is overdue."""
    from chalicelib.usecases.watch import watch as use_case  # noqa: PLC0415 - each function imports only what it uses

    return {"oldest_overdue_seconds": use_case(services)}


def ring(event: SQSEvent, services: Services) -> dict[str, Any]:
    """Ring a batch; a message whose promise could not be served, or that is no ring at all, comes again."""
    from chalicelib.usecases.ring import ring as use_case  # noqa: PLC0415 - each function imports only what it uses

    clocks: list[tuple[str, Clock]] = []
    failures: list[str] = []
    for record in event:
        message_id = record.to_dict()["messageId"]
        try:
            clocks.append((message_id, read_ring(record.body)))
        except ValueError:
            _log.error("message %s is not a ring", message_id)
            failures.append(message_id)
    failed = use_case([clock for _, clock in clocks], services)
    failures += [message_id for message_id, clock in clocks if clock.promise_id in failed]
    return _failures(failures)


def rescue(event: DynamoDBEvent, services: Services) -> dict[str, Any]:
    """Ring what nobody rang."""
    from chalicelib.usecases.rescue import Removal  # noqa: PLC0415 - each function imports only what it uses
    from chalicelib.usecases.rescue import rescue as use_case  # noqa: PLC0415

    removals: list[tuple[str, Removal]] = []
    for record in event:
        image = record.to_dict()["dynamodb"].get("OldImage")
        if record.event_name == "REMOVE" and image:
            expires_at = datetime.fromtimestamp(int(image["expires_at"]["N"]), UTC)
            removals.append((_number(record), Removal(image["promise_id"]["S"], expires_at)))
    failed = use_case([removal for _, removal in removals], services)
    return _failures([number for number, removal in removals if removal.promise_id in failed])


def publish(event: DynamoDBEvent, services: Services) -> dict[str, Any]:
    """Publish new facts, and count them in the ledgers: neither waits for the other to succeed."""
    from chalicelib.usecases.count_facts import count_facts  # noqa: PLC0415 - each function imports only what it uses
    from chalicelib.usecases.publish import publish as use_case  # noqa: PLC0415

    keys: list[tuple[str, tuple[str, int]]] = []
    for record in event:
        key = record.keys
        if record.event_name == "INSERT" and key["sk"]["S"].startswith(_FACT):
            fact = (key["pk"]["S"].removeprefix(_PROMISE), int(key["sk"]["S"].removeprefix(_FACT)))
            keys.append((_number(record), fact))
    facts = [fact for _, fact in keys]
    try:
        failed = use_case(facts, services)
    finally:
        uncounted = count_facts(facts, services)
    return _failures([number for number, fact in keys if fact in failed | uncounted])


def rebuild_ledgers(
    event: Mapping[str, Any], remaining_milliseconds: Callable[[], int], services: Services
) -> dict[str, Any]:
    """Rebuild the ledgers as far as there is time; asked by a person, who goes on with the cursor until it is null."""
    from chalicelib.usecases.rebuild_ledgers import rebuild_ledgers as use_case  # noqa: PLC0415 - as for all of them

    progress = use_case(event.get("cursor"), 1, services)
    counted = progress.counted
    while progress.cursor and remaining_milliseconds() > _A_PAGE_MILLISECONDS:
        progress = use_case(progress.cursor, 1, services)
        counted += progress.counted
    return {"counted": counted, "cursor": progress.cursor}


def sms_reply(event: SNSEvent, services: Services) -> dict[str, bool]:
    """Take what a customer sent back by text message, as AWS two-way SMS tells it: at least once."""
    from chalicelib.usecases.take_reply import take_reply  # noqa: PLC0415 - each function imports only what it uses

    try:
        told = json.loads(event.message)
        phone, text = told["originationNumber"], told["messageBody"]
    except (ValueError, KeyError, TypeError):
        _log.error("a message on the replies' topic is no text message")
        return {"taken": False}
    message_id = told.get("inboundMessageId") or event.to_dict()["Records"][0]["Sns"]["MessageId"]
    return {"taken": take_reply(str(phone), str(text), str(message_id), services)}


def sms_status(event: SNSEvent, services: Services) -> dict[str, bool]:
    """Take what AWS reports of a text message. Raises StoreUnavailable, so that it is told again."""
    from chalicelib.entrypoints.wire_sms_status import read_sms_status  # noqa: PLC0415
    from chalicelib.usecases.take_receipts import take_receipts  # noqa: PLC0415 - each imports only what it uses

    report = read_sms_status(event.message, services.system.now())
    if report is None:
        _log.info("a message on the statuses' topic says nothing of a text message")
        return {"taken": False}
    if not take_receipts([report], services):
        raise StoreUnavailable("the status of a text message could not be stored")
    return {"taken": True}


def nightly(event: CloudWatchEvent, services: Services) -> dict[str, Any]:
    """Reconcile, as far as there is time. On demand the event's detail says `afresh`, and what to publish again.

    `republish` there is a list of [first, last], each a moment in ISO 8601 with its offset. Return what was found by
    name, the `round` by its token, and whether it is `complete`.
    """
    from chalicelib.usecases.reconcile import reconcile  # noqa: PLC0415 - each function imports only what it uses
    from chalicelib.usecases.survey_port import Span  # noqa: PLC0415

    asked = event.detail or {}
    spans = [Span(*map(datetime.fromisoformat, each)) for each in asked.get("republish", ())]
    remaining: Any = event.context
    run = reconcile(
        services,
        lambda: timedelta(milliseconds=remaining.get_remaining_time_in_millis()),
        afresh=bool(asked.get("afresh")),
        republish=spans,
    )
    return {"round": run.round.token, "complete": not run.round.parts, "found": dict(run.found)}


def _number(record: Any) -> str:
    return str(record.to_dict()["dynamodb"]["SequenceNumber"])


def _failures(ids: list[str]) -> dict[str, Any]:
    """Return a partial batch response. A stream starts again from the earliest of them, whatever their order."""
    return {"batchItemFailures": [{"itemIdentifier": each} for each in ids]}
