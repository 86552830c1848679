"""The standard that `promise.made` names: found or refused, and put where the webhook says nothing itself."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.promise import Kind
from chalicelib.domain.standards import Standard
from chalicelib.entrypoints.problems import FieldError
from chalicelib.entrypoints.wire_people import People
from chalicelib.messages.locales import resolve
from chalicelib.usecases.services import Rules

STANDARD = ("data", "standard")
# What is not missing where a standard would have given it, had it been named rightly.
GIVEN_BY_STANDARD = (("kind",), ("what",))


def standard_named(given: Mapping[str, Any], rules: Rules, errors: list[FieldError]) -> Standard | None:
    """Return the version that the webhook names: `name@version`, or the newest of `name`.

    An unknown name is a label of the sender's own, as long as the webhook says itself when the promise is due;
    otherwise it is added to `errors`. So is an unknown version of a known name, which can only be a slip.
    """
    label = given.get("standard")
    if not isinstance(label, str):
        return None
    standards, label = rules.standards(), label.strip()
    if found := standards.find(label):
        _check_kind(given, found, errors)
        return found
    if versions := standards.versions.get(label.partition("@")[0]):
        known = ", ".join(each.id for each in versions)
        errors.append(FieldError(STANDARD, f"has no such version; there are: {known}"))
    elif given.get("due_at") is None and given.get("due_in") is None:
        errors.append(FieldError(STANDARD, f"is not known, so it gives no due time; known: {standards.names()}"))
    return None


def _check_kind(given: Mapping[str, Any], standard: Standard, errors: list[FieldError]) -> None:
    """A due time that comes from a standard comes with whose word it is: a limit that nobody gave is no commitment."""
    kind, is_dated = given.get("kind"), given.get("due_at") or given.get("due_in")
    if kind in set(Kind) and kind != standard.kind and not is_dated:
        detail = f"contradicts {standard.id}, which is of kind {standard.kind}: leave it out, or say when it is due"
        errors.append(FieldError(("data", "kind"), detail))


def completed(given: Mapping[str, Any], standard: Standard, people: People, rules: Rules) -> dict[str, Any]:
    """Return the webhook's data with what it leaves out and the standard gives: kind, what, due time and rhythm.

    What is promised is said in the customer's language, as sent or known. Raises StoreUnavailable.
    """
    usual: dict[str, Any] = {"kind": standard.kind.value}
    if given.get("what") is None:
        text = standard.text(resolve(people.locale(given.get("customer")), rules.brand))
        usual |= {"what": text.name} if text else {}
    if given.get("due_at") is None:
        usual["due_in"] = str(standard.due)
    if standard.every:
        usual["updates"] = {"every": str(standard.every)}
    return usual | {name: value for name, value in given.items() if value is not None}
