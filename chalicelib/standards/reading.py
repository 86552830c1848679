"""Reading the file of all standards: an object of names, each an object of versions numbered from 1 without a gap."""

import json
import re
from collections.abc import Sequence
from typing import Any

from chalicelib.domain.standards import Standard, Standards
from chalicelib.standards.faults import BadStandards, Fault
from chalicelib.standards.version import read_version

_FILE = "standards.json"
_NAME = re.compile("[a-z][a-z0-9_]{1,59}")


def read_standards(text: str) -> Standards:
    """Return the standards in the file's text. Raises BadStandards with every fault at once."""
    faults: list[Fault] = []
    versions = {}
    for name, given in parse(text).items():
        if not _NAME.fullmatch(name):
            faults.append(Fault(_FILE, name, "must be a name such as call_back: small letters, digits and _"))
        elif not isinstance(given, dict) or not given:
            faults.append(Fault(name, "", 'must be an object of versions, such as {"1": {"kind": ...}}'))
        else:
            versions[name] = _versions(name, given, faults)
    if faults:
        raise BadStandards(faults)
    return Standards(versions)


def parse(text: str) -> dict[str, Any]:
    """Return the file as it stands, unread. Raises BadStandards when it is not one JSON object or repeats a key."""
    try:
        parsed = json.loads(text, object_pairs_hook=_without_repeats)
    except ValueError as error:
        raise BadStandards([Fault(_FILE, "", f"is not JSON that can be read: {error}")]) from None
    if not isinstance(parsed, dict):
        raise BadStandards([Fault(_FILE, "", "must be an object of standards by their names")])
    return parsed


def _versions(name: str, given: dict[str, Any], faults: list[Fault]) -> tuple[Standard, ...]:
    numbers = [str(number) for number in range(1, len(given) + 1)]
    if list(given) != numbers:
        detail = f"the versions must be {', '.join(numbers)} in this order, as old ones stay; not {', '.join(given)}"
        faults.append(Fault(name, "", detail))
        return ()
    read = []
    for number, fields in given.items():
        if isinstance(fields, dict):
            read.append(read_version(name, int(number), fields, faults))
        else:
            faults.append(Fault(f"{name}@{number}", "", "must be an object"))
    return tuple(each for each in read if each)


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: the first would be lost without a word."""
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"{', '.join(twice)} stands twice in one object")
    return read
