"""Which page of promises is asked for: `limit` and `after`, in the query string."""

import re

from chalice.app import Request

from chalicelib.domain.listings import Listing, read_listing
from chalicelib.entrypoints.problems import FieldError, Problem
from chalicelib.entrypoints.requests import query_field
from chalicelib.usecases.list_promises import MOST, USUAL, Asked


def asked_page(request: Request) -> Asked:
    """Read which page is asked for. Raises Problem, which names both fields if both are wrong."""
    errors: list[FieldError] = []
    asked = Asked(read_limit(request, errors), read_after(request, errors))
    if errors:
        detail = "Ask without `after` for the newest promises; go on with what the answer says in `next_after`."
        raise Problem(422, "bad-fields", "Some fields are not right", detail, errors)
    return asked


def read_limit(request: Request, errors: list[FieldError]) -> int:
    """Read how many are asked for, or add what is wrong with it."""
    given = query_field(request, "limit")
    if not given:
        return USUAL
    if re.fullmatch(r"[0-9]{1,3}", given) and 1 <= int(given) <= MOST:
        return int(given)
    errors.append(FieldError(("limit",), f"must be a whole number from 1 to {MOST}"))
    return USUAL


def read_after(request: Request, errors: list[FieldError]) -> Listing | None:
    """Read where to go on, or add what is wrong with it."""
    given = query_field(request, "after")
    if not given:
        return None
    try:
        return read_listing(given)
    except ValueError:
        errors.append(FieldError(("after",), "must be what the page before said in next_after, as it was"))
        return None
