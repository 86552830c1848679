"""Apart: what is done for many at once is done for each by itself where one of them makes it fail."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from traceback import extract_tb
from typing import TypeVar

from chalicelib.usecases.store_port import StoreUnavailable

_log = logging.getLogger(__name__)
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def apart(items: Mapping[str, _Item], work: Callable[[Sequence[_Item]], _Result]) -> tuple[list[_Result], list[str]]:
    """Do the work for all items (by their ids) at once, and where that fails for each by itself.

    Return the results, and the ids of those that fail even so. Raises StoreUnavailable, which is the fault of none.
    """
    if not items:
        return [], []
    try:
        return [work(list(items.values()))], []
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one that can never be done must not hold up the others
        if len(items) == 1:
            [name] = items
            log_failure(name, error)
            return [], [name]
    alone = [apart({name: item}, work) for name, item in items.items()]
    return [result for results, _ in alone for result in results], [name for _, failed in alone for name in failed]


def log_failure(name: str, error: Exception) -> None:
    """Log on what something failed, and where; not the error's message, which may hold somebody's words."""
    *_, innermost = extract_tb(error.__traceback__)
    place = f"{Path(innermost.filename).name}:{innermost.lineno}"
    _log.error("%s failed for good: %s at %s", name, type(error).__name__, place)
