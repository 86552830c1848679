"""GET /v1/promises, claims, customers, promisers, teams, expectations: what is known, for holders of a read key."""

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import bootstrap
from chalicelib.domain.promise import promise_id
from chalicelib.entrypoints.expectations_query import asked_expectations
from chalicelib.entrypoints.page_query import asked_page
from chalicelib.entrypoints.problems import FieldError, Problem, answers_problems
from chalicelib.entrypoints.read_keys import verify
from chalicelib.entrypoints.requests import path_field, query_fields
from chalicelib.usecases.list_expectations import list_expectations
from chalicelib.usecases.read_customer import read_customer
from chalicelib.usecases.read_promise import read_promise
from chalicelib.usecases.read_promiser import read_promiser
from chalicelib.usecases.read_team import read_team
from chalicelib.usecases.services import Services

reads = Blueprint(__name__)

# As webhooks may give it; DynamoDB fails over a key of more than 2,048 bytes instead of finding nothing under it.
LONGEST_NAME = 128

_NO_CLAIM = Problem(404, "no-such-claim", "No such claim", "No claim is known by that id.")
_NO_CUSTOMER = Problem(404, "no-such-customer", "No such customer", "No customer is known by that reference.")
_NO_PROMISER = Problem(404, "no-such-promiser", "No such promiser", "No promiser is known by that reference.")
_NO_TEAM = Problem(404, "no-such-team", "No such team", "No promiser is known to be in a team of that name.")
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
    request = reads.current_request
    verify(request, services)
    found = read_customer(_name(ref, _NO_CUSTOMER), asked_page(request), services)
    if found is None:
        raise _NO_CUSTOMER
    return _json(found)


@reads.route("/v1/promisers/{ref}", methods=["GET"])
@answers_problems
def promiser(ref: str) -> Response:
    services = bootstrap.services()
    request = reads.current_request
    verify(request, services)
    found = read_promiser(_name(ref, _NO_PROMISER), asked_page(request), services)
    if found is None:
        raise _NO_PROMISER
    return _json(found)


@reads.route("/v1/teams/{team}", methods=["GET"])
@answers_problems
def of_team(team: str) -> Response:
    services = bootstrap.services()
    verify(reads.current_request, services)
    found = read_team(_name(team, _NO_TEAM), services)
    if found is None:
        raise _NO_TEAM
    return _json(found)


@reads.route("/v1/expectations", methods=["GET"])
@answers_problems
def expectations() -> Response:
    services = bootstrap.services()
    request = reads.current_request
    verify(request, services)
    asked = asked_expectations(request, services.system.now().astimezone(services.rules.brand.time_zone).date())
    return _json(list_expectations(asked, services))


@reads.route("/v1/promises", methods=["GET"])
@answers_problems
def by_ref() -> Response:
    services = bootstrap.services()
    request = reads.current_request
    verify(request, services)
    query = query_fields(request)
    missing = [
        FieldError((name,), "is needed in the query string") for name in ("source", "ref") if not query.get(name)
    ]
    if missing:
        raise Problem(422, "bad-fields", "Fields are missing", "Ask with ?source=...&ref=...", missing)
    return _answer(promise_id(query["source"], query["ref"]), services)


def _name(given: str, unknown: Problem) -> str:
    """Return an id or reference from the path. Raises `unknown` for one that no webhook can have given us."""
    name = path_field(given)
    if len(name) > LONGEST_NAME:
        raise unknown
    return name


def _answer(id_: str, services: Services) -> Response:
    found = read_promise(id_, services)
    if found is None:
        raise _NOT_FOUND
    return _json(found)


def _json(found: dict[str, Any]) -> Response:
    return Response(found, headers={"Content-Type": "application/json", "Cache-Control": "no-store"})
