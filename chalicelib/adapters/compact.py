"""Compact JSON for the tables: what says nothing is left out, and times are UTC."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def dump(**fields: object) -> str:
    """Write the fields that say something: None, empty lists and empty objects are left out."""
    return json.dumps(said(**fields), separators=(",", ":"), ensure_ascii=False)


def said(**fields: object) -> dict[str, object]:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value is not None and value not in ([], {})}


def moment(at: datetime | None) -> str | None:
    """Write a moment as ISO 8601 in UTC, to the microsecond where there is one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def read_moment(read: Mapping[str, Any], name: str) -> datetime | None:
    """Read what `moment` wrote under a name, if anything."""
    return datetime.fromisoformat(read[name]) if read.get(name) else None
