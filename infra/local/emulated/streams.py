"""Keeps DynamoDB's stream records over a restart of the emulator.

MiniStack saves how far each event source mapping has read, but not the records themselves: after a restart the stream
is empty while the readers wait at their old position, so that many new records would be skipped without a word, and
facts and rescues with them. Saving the records, in MiniStack's own format, keeps both in step.
"""

import importlib
from typing import Any

NAME = "kept_streams"


def capture(dynamodb: Any) -> dict[str, Any]:
    return {
        "records": dynamodb._stream_records,
        "trimmed": dynamodb._stream_trimmed,
        "sequence": dynamodb._stream_seq_counter,
    }


def save() -> None:
    """Writes the records beside MiniStack's own state files."""
    persistence: Any = importlib.import_module("ministack.core.persistence")
    persistence.save_state(NAME, capture(importlib.import_module("ministack.services.dynamodb")))


def restore() -> None:
    """Puts the saved records back; to be called before the mappings begin to read."""
    persistence: Any = importlib.import_module("ministack.core.persistence")
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    saved = persistence.load_state(NAME)
    if saved:
        dynamodb._stream_records.update(saved["records"])
        dynamodb._stream_trimmed.update(saved["trimmed"])
        dynamodb._stream_seq_counter = saved["sequence"]


def sequence() -> int:
    """Grows with every write to a table that has a stream."""
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    return int(dynamodb._stream_seq_counter)
