"""What a promiser says when a promise will not be kept as it was given."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.promises import Told

DAY = timedelta(days=1)


def trouble(
    told: Told,
    *,
    case: str,
    reason: str,
    done_so_far: str,
    solution: str,
    offer: dict[str, Any],
    new_due: timedelta | None = 3 * DAY,
    decide: timedelta = 2 * DAY,
) -> dict[str, Any]:
    """Return the data of `promise.at_risk` or `promise.broken`, its times counted from now."""
    now = datetime.now(UTC)
    data = {
        "ref": told.ref,
        "case": case,
        "reason": reason,
        "done_so_far": done_so_far,
        "solution": solution,
        "offer": offer,
        "decide_by": (now + decide).isoformat(),
    }
    return data | ({"new_due_at": (now + new_due).isoformat()} if new_due else {})


def link(message: Any, choice: str) -> str:
    """Return the link in a recovery that marks a choice."""
    return str(next(each for each in message["links"] if f"choose={choice}" in each))
