"""Loads the functions on a promise's way once after a start, so that the first promise waits for no cold start."""

import http.client
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from infra.local.aws import Aws
from infra.local.place import HOST, Place

NO_RECORDS: Mapping[str, Any] = {"Records": []}
SWEEP = "sweep"
# Those that take an empty batch calmly; an SNS event is never empty, and Chalice does not take one that is.
RECORD_FED = ("ring", "rescue", "publish")


def scheduled(now: datetime) -> dict[str, Any]:
    """What EventBridge sends for a schedule."""
    return {
        "version": "0",
        "id": "00000000-0000-0000-0000-000000000000",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "region": "us-east-1",
        "resources": [],
        "detail": {},
    }


class WarmUp:
    """Calls the functions in a way that changes nothing.

    The sweep is called for real: it picks up the clocks that came due while the stack was stopped, at once instead of
    at the next full minute.
    """

    def __init__(self, place: Place, aws: Aws, functions: Mapping[str, str]) -> None:
        self._place = place
        self._lambda = aws.client("lambda")
        self._functions = {name.lower(): physical for name, physical in functions.items()}

    def run(self) -> list[str]:
        """Returns one sentence for each function that could not be loaded or failed."""
        events: dict[str, Mapping[str, Any]] = dict.fromkeys(RECORD_FED, NO_RECORDS)
        events[SWEEP] = scheduled(datetime.now(UTC))
        with ThreadPoolExecutor(max_workers=3) as pool:
            api = pool.submit(self._page)
            calls = [pool.submit(self._call, name, event) for name, event in events.items()]
        return [problem for problem in [api.result(), *(call.result() for call in calls)] if problem]

    def _call(self, name: str, event: Mapping[str, Any]) -> str | None:
        if name not in self._functions:
            return None
        answer = self._lambda.invoke(FunctionName=self._functions[name], Payload=json.dumps(event).encode())
        if answer.get("FunctionError"):
            return f"Function {name} fails: {answer['Payload'].read().decode()[:500]}"
        return None

    def _page(self) -> str | None:
        connection = http.client.HTTPConnection(HOST, self._place.aws_port, timeout=60)
        try:
            connection.request("GET", "/kept/p")
            status = connection.getresponse().status
        finally:
            connection.close()
        return (
            f"The API answers {status} for a page without a link."
            if status >= http.client.INTERNAL_SERVER_ERROR
            else None
        )
