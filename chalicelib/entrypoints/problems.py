"""Errors as RFC 9457 problems, and the one table that turns exceptions into them."""

import functools
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Response

from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.offers import OfferNotAllowed
from chalicelib.entrypoints.requests import NotReadable
from chalicelib.security.webhook_signatures import BadSignature
from chalicelib.usecases.redeem import NoSuchConcession, NotRedeemable
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.take_event import NoSuchPromise, ReferenceTaken

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its place as a path of names and numbers, and how to mend it."""

    path: tuple[str | int, ...]
    detail: str

    def to_json(self) -> dict[str, str]:
        """Name the field in dotted form, and as a JSON pointer (RFC 6901)."""
        dotted = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")
        pointer = "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.path)
        return {"field": dotted, "pointer": pointer, "detail": self.detail}


@dataclass(frozen=True)
class Problem(Exception):
    """An answer that refuses. `slug` names its kind for good; `errors` name every field at fault at once."""

    status: int
    slug: str
    title: str
    detail: str
    errors: Sequence[FieldError] = field(default_factory=tuple)
    headers: tuple[tuple[str, str], ...] = ()

    def response(self) -> Response:
        """Return it as `application/problem+json`."""
        body: dict[str, Any] = {
            "type": f"urn:kept:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [each.to_json() for each in self.errors]
        headers: dict[str, str | list[str]] = {
            "Content-Type": "application/problem+json",
            "Cache-Control": "no-store",
            **dict(self.headers),
        }
        return Response(json.dumps(body), status_code=self.status, headers=headers)


BAD_SIGNATURE = Problem(
    401,
    "bad-signature",
    "The signature does not verify",
    "Sign the raw body as Standard Webhooks says (headers webhook-id, webhook-timestamp, webhook-signature), with a "
    "secret that is valid for this source and a clock that is right within 300 seconds.",
)
_NOT_READABLE = Problem(
    400, "not-readable", "The body cannot be read", "It is neither text nor the base64 that it says it is."
)
_TRY_AGAIN = Problem(
    503,
    "try-again",
    "Not possible right now",
    "Nothing was changed that a repeat would not mend: send the same again, with the same id.",
    headers=(("Retry-After", "5"),),
)
_OUR_FAULT = Problem(
    500, "our-fault", "Something went wrong on our side", "It was logged: send the same again later, with the same id."
)


def problem_of(error: Exception) -> Problem:
    """Return the problem that answers an exception."""
    match error:
        case Problem():
            return error
        case BadSignature():
            return BAD_SIGNATURE
        case NoSuchPromise(begun_by=begun_by):
            what = begun_by.partition(".")[0]
            detail = f"This source has told of no {what} by this reference. Send {begun_by} first, then this again."
            where = FieldError(("data", "ref"), f"names no {what} of this source")
            return Problem(404, "no-such-promise", "No such promise", detail, (where,))
        case ReferenceTaken():
            detail = "This source has already used the reference for another promise: choose one that is new."
            where = FieldError(("data", "ref"), "already names another promise of this source")
            return Problem(409, "reference-taken", "The reference is taken", detail, (where,))
        case NotPossibleAnyMore():
            return Problem(409, "promise-over", "The promise is over", str(error))
        case OfferNotAllowed(part=part):
            where = FieldError(("data", "offer", part), str(error))
            detail = f"Nothing was stored. Mend and send again: data.offer.{part}."
            return Problem(422, "bad-fields", "Some fields are not right", detail, (where,))
        case NoSuchConcession():
            where = FieldError(("data", "code"), "names no concession")
            return Problem(
                404, "no-such-concession", "No such concession", "Nothing was granted by this code.", (where,)
            )
        case NotRedeemable():
            where = FieldError(("data", "code"), str(error))
            return Problem(409, "not-redeemable", "The concession cannot be redeemed", str(error), (where,))
        case NotReadable():
            return _NOT_READABLE
        case StoreUnavailable():
            return _TRY_AGAIN
    return _OUR_FAULT


def answers_problems(view: Callable[..., Response]) -> Callable[..., Response]:
    """Wrap a view so that every exception is answered by its problem; only our own faults are logged with a trace."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Response:
        try:
            return view(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the last stop before the caller
            problem = problem_of(error)
            if problem is _OUR_FAULT:
                _log.exception("a request failed")
            elif problem is _TRY_AGAIN:
                _log.warning("a request must be repeated: %s", error)
            return problem.response()

    return wrapped
