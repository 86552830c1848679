"""The published schemas of the events, and holding events against them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[1] / "docs" / "events"


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Every schema, by the detail type that it describes."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]
    return {schema["title"]: schema for schema in found}


def faults(detail_type: str, detail: Any) -> list[str]:
    """What is wrong with an event's detail; an event without a schema is wrong as a whole."""
    schema = schemas().get(detail_type)
    if schema is None:
        return [f"no schema describes {detail_type}"]
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{detail_type} {'/'.join(map(str, each.path))}: {each.message}" for each in validator.iter_errors(detail)]
