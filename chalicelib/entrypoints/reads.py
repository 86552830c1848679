"""GET /v1/promises, claims, customers, promisers: what is known of each, for holders of a read key."""

from typing import Any
from urllib.parse import unquote

from chalice.app import Blueprint, Response

from chalicelib import bootstrap
from chalicelib.domain.promise import promise_id
from chalicelib.entrypoints.problems import FieldError, Problem, answers_problems
from chalicelib.entrypoints.read_keys import verify
from chalicelib.usecases.read_customer import read_customer
from chalicelib.usecases.read_promise import read_promise
from chalicelib.usecases.read_promiser import read_promiser
from chalicelib.usecases.services import Services

reads = Blueprint(__name__)

# As long as webhooks may tell it. DynamoDB would refuse to look for a key of more than 2,048 bytes, or half that.
_LONGEST_NAME = 128
_NO_CLAIM = Problem(404, "no-such-claim", "No such claim", "No claim is known by that id.")
_NO_CUSTOMER = Problem(404, "no-such-customer", "No such customer", "No customer is known by that reference.")
_NO_PROMISER = Problem(404, "no-such-promiser", "No such promiser", "No promiser is known by that reference.")
_NOT_FOUND = Problem(404, "no-such-promise", "No such promise", "No promise is known by that id, or source and ref.")


@reads.route("/v1/promises/{id_}", methods=["GET"])
@answers_problems
def by_id(id_: str) -> Response:
    services = bootstrap.services()
    verify(reads.current_request, services)
    return _answer(_name(id_, _NOT_FOUND), services)


@reads.route("/v1/claims/{id_}", methods=["GET"])
@answers_problems
def claim(id_: str) -> Response:
    services = bootstrap.services()
    verify(reads.current_request, services)
    found = read_promise(_name(id_, _NO_CLAIM), services)
    if found is None or "claim" not in found:
        raise _NO_CLAIM
    return _json(found)


@reads.route("/v1/customers/{ref}", methods=["GET"])
@answers_problems
def customer(ref: str) -> Response:
    services = bootstrap.services()
    verify(reads.current_request, services)
    found = read_customer(_name(ref, _NO_CUSTOMER), services)
    if found is None:
        raise _NO_CUSTOMER
    return _json(found)


@reads.route("/v1/promisers/{ref}", methods=["GET"])
@answers_problems
def promiser(ref: str) -> Response:
    services = bootstrap.services()
    verify(reads.current_request, services)
    found = read_promiser(_name(ref, _NO_PROMISER), services)
    if found is None:
        raise _NO_PROMISER
    return _json(found)


@reads.route("/v1/promises", methods=["GET"])
@answers_problems
def by_ref() -> Response:
    services = bootstrap.services()
    request = reads.current_request
    verify(request, services)
    query: dict[str, str] = dict(request.query_params or {})
    missing = [
        FieldError((name,), "is needed in the query string") for name in ("source", "ref") if not query.get(name)
    ]
    if missing:
        raise Problem(422, "bad-fields", "Fields are missing", "Ask with ?source=...&ref=...", missing)
    return _answer(promise_id(query["source"], query["ref"]), services)


def _name(given: str, unknown: Problem) -> str:
    """Return an id or a reference from a path. Raises `unknown` for one so long that nobody can have told it."""
    # Chalice hands path parameters on as they came; a reference may hold what a URL must escape.
    name = unquote(given)
    if len(name) > _LONGEST_NAME:
        raise unknown
    return name


def _answer(id_: str, services: Services) -> Response:
    found = read_promise(id_, services)
    if found is None:
        raise _NOT_FOUND
    return _json(found)


def _json(found: dict[str, Any]) -> Response:
    return Response(found, headers={"Content-Type": "application/json", "Cache-Control": "no-store"})
