"""Check the published service standards: that they can be read, and that no published version was changed or taken out.

`python -m infra.standards` checks; `python -m infra.standards --seal` writes down the new versions as published. A seal
is over all of a version but its texts: a slip in a text may be mended, a term may not, as promises were made under it.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.numbers import list_currencies

from chalicelib.domain.standards import Standards
from chalicelib.standards.faults import BadStandards, Fault
from chalicelib.standards.published import FILE
from chalicelib.standards.reading import parse, read_standards

SEALS = Path(__file__).with_name("standards.sha256")


def check(file: Path = FILE, seals: Path = SEALS) -> None:
    """Do nothing when the standards can be packaged; raise BadStandards with every fault otherwise.

    A version that is not sealed yet is a draft: it may run on the local stack, and may still be changed.
    """
    if faults := _broken(_sealed(seals), _current(file)):
        raise BadStandards(faults)


def problems(file: Path = FILE, seals: Path = SEALS) -> list[Fault]:
    """Return what stands in the way of publishing the standards in `file`: drafts stand in the way, too."""
    try:
        check(file, seals)
    except BadStandards as bad:
        return list(bad.faults)
    return _unsealed(_sealed(seals), _current(file))


def seal(file: Path = FILE, seals: Path = SEALS) -> list[str]:
    """Write down the versions that are new and return their names. Raises BadStandards, also for a broken seal."""
    current, sealed = _current(file), _sealed(seals)
    if broken := _broken(sealed, current):
        raise BadStandards(broken)
    seals.write_text("".join(f"{current[name]}  {name}\n" for name in sorted(current)), encoding="utf-8")
    return sorted(current.keys() - sealed.keys())


def _current(file: Path) -> dict[str, str]:
    text = file.read_text(encoding="utf-8")
    if faults := _unknown_currencies(read_standards(text)):
        raise BadStandards(faults)
    return {
        f"{name}@{number}": _digest(fields)
        for name, versions in parse(text).items()
        for number, fields in versions.items()
    }


def _unknown_currencies(standards: Standards) -> list[Fault]:
    """Look the currencies up here, once: at run time nothing else would load the list of them."""
    known = list_currencies()
    return [
        Fault(each.id, f"offers.most_amount.{currency}", "is no currency of ISO 4217, such as EUR")
        for versions in standards.versions.values()
        for each in versions
        for currency in sorted(each.offers.most_minor_units.keys() - known)
    ]


def _digest(fields: Mapping[str, Any]) -> str:
    terms = {name: value for name, value in fields.items() if name != "texts"}
    return hashlib.sha256(json.dumps(terms, sort_keys=True).encode()).hexdigest()


def _sealed(seals: Path) -> dict[str, str]:
    lines = seals.read_text(encoding="utf-8").splitlines() if seals.exists() else []
    return {name: digest for digest, name in (line.split() for line in lines)}


def _broken(sealed: Mapping[str, str], current: Mapping[str, str]) -> list[Fault]:
    faults = []
    for name, digest in sealed.items():
        standard = name.partition("@")[0]
        if name not in current:
            faults.append(Fault(name, "", "was published and is gone: put it back, promises were made under it"))
        elif current[name] != digest:
            detail = f"was changed after it was published: put it back, and say what is new in {standard}@"
            faults.append(Fault(name, "", f"{detail}{_newest(standard, current) + 1}"))
    return faults


def _newest(standard: str, current: Mapping[str, str]) -> int:
    return sum(name.startswith(f"{standard}@") for name in current)


def _unsealed(sealed: Mapping[str, str], current: Mapping[str, str]) -> list[Fault]:
    detail = "is a draft: run python -m infra.standards --seal and commit infra/standards.sha256"
    return [Fault(name, "", detail) for name in sorted(current.keys() - sealed.keys())]


def main(words: list[str] | None = None) -> int:
    """Check or seal, and say what was done; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.standards", description="Check the published standards.")
    parser.add_argument("--seal", action="store_true", help="write down new versions as published")
    arguments = parser.parse_args(words)
    try:
        if arguments.seal:
            print(f"sealed: {', '.join(seal()) or 'nothing new'}")
    except BadStandards as bad:
        print(f"The standards cannot be published:\n{bad}", file=sys.stderr)
        return 1
    if faults := problems():
        print("The standards cannot be published:", *faults, sep="\n", file=sys.stderr)
        return 1
    print("the standards can be published")
    return 0


if __name__ == "__main__":
    sys.exit(main())
