"""The webhook's body: parsed into what use cases take, or refused with every field at fault named at once."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from chalicelib.domain.changes import Making, keep, progress, withdraw
from chalicelib.domain.choices import make_final
from chalicelib.domain.promise import Kind, Rhythm
from chalicelib.domain.recovery import Choice, as_written
from chalicelib.domain.risks import call_made, open_recovery
from chalicelib.entrypoints import wire_claims as claims
from chalicelib.entrypoints import wire_customers as customers
from chalicelib.entrypoints import wire_models as models
from chalicelib.entrypoints import wire_recovery as recovery
from chalicelib.entrypoints.problems import FieldError, Problem
from chalicelib.entrypoints.wire_people import People
from chalicelib.entrypoints.wire_standards import GIVEN_BY_STANDARD, STANDARD, completed, standard_named
from chalicelib.entrypoints.wire_times import NO_DUE_TIME, Times
from chalicelib.usecases.change_customer import CustomerChanged, CustomerErased
from chalicelib.usecases.services import Rules
from chalicelib.usecases.take_event import ClaimRaised, ConcessionRedeemed, PromiseMade, PromiseNews

Event = PromiseMade | PromiseNews | ClaimRaised | ConcessionRedeemed | CustomerChanged | CustomerErased

_MODELS: Mapping[str, type[BaseModel]] = {
    "promise.made": models.PromiseMade,
    "promise.progressed": models.PromiseProgressed,
    "promise.kept": models.PromiseKept,
    "promise.withdrawn": models.PromiseWithdrawn,
    "promise.at_risk": recovery.PromiseAtRisk,
    "promise.broken": recovery.PromiseBroken,
    "choice.final": recovery.ChoiceFinal,
    "concession.redeemed": recovery.ConcessionRedeemed,
    "call.made": recovery.CallMade,
    "claim.raised": claims.ClaimRaised,
    "claim.settled": claims.ClaimSettled,
    "customer.changed": customers.CustomerChanged,
    "customer.erased": customers.CustomerErased,
}

_NESTED: Mapping[str, type[BaseModel]] = {
    "customer": models.Customer,
    "promised_by": models.PromisedBy,
    "updates": models.Updates,
    "about": models.About,
    "offer": recovery.OfferGiven,
    "corrects": claims.CorrectsGiven,
}


def parse_event(source: str, body: bytes, people: People, rules: Rules, now: datetime) -> Event:
    """Return the event in a verified body.

    Raises Problem: 400 when it is no JSON object, 422 naming each bad field; and StoreUnavailable.
    """
    envelope = _envelope(body)
    errors: list[FieldError] = []
    told_at = _told_at(envelope, now, errors)
    model = _MODELS.get(str(envelope.get("type")))
    if model is None:
        known = ", ".join(sorted(_MODELS))
        errors.append(FieldError(("type",), f"must be one of: {known}"))
        raise _bad_fields(errors)
    given = envelope.get("data")
    if not isinstance(given, dict):
        errors.append(FieldError(("data",), "must be an object"))
        raise _bad_fields(errors)
    errors += _misspelled(model, given)
    for name, nested in _NESTED.items():
        if isinstance(given.get(name), dict):
            errors += _misspelled(nested, given[name], name)
    standard = standard_named(given, rules, errors) if model is models.PromiseMade else None
    try:
        data = model.model_validate(completed(given, standard, people, rules) if standard else given)
    except ValidationError as invalid:
        by_standard = GIVEN_BY_STANDARD if any(each.path == STANDARD for each in errors) else ()
        errors += [
            FieldError(("data", *each["loc"]), _detail(each))
            for each in invalid.errors()
            if each["type"] != "missing" or each["loc"] not in by_standard
        ]
        if model is models.PromiseMade and not {"due_at", "due_in", "standard"} & given.keys():
            errors.append(NO_DUE_TIME)
        raise _bad_fields(errors) from None
    event = _event(source, data, given, people, Times(now, told_at, rules, errors, standard))
    if errors:
        raise _bad_fields(errors)
    return event


def _envelope(body: bytes) -> dict[str, Any]:
    try:
        parsed = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(400, "not-json", "The body is not JSON", f"Send one JSON object in UTF-8: {error}.") from None
    if not isinstance(parsed, dict):
        raise Problem(400, "not-json", "The body is not a JSON object", "Send one JSON object with type and data.")
    return parsed


def _told_at(envelope: Mapping[str, Any], now: datetime, errors: list[FieldError]) -> datetime:
    if "timestamp" not in envelope:
        return now
    try:
        return models.Moment.validate_python(envelope["timestamp"])
    except ValidationError as invalid:
        errors += [FieldError(("timestamp",), _detail(each)) for each in invalid.errors()]
        return now


def _event(source: str, data: BaseModel, given: Mapping[str, Any], people: People, times: Times) -> Event:
    match data:
        case models.PromiseMade():
            return _made(source, data, given, people, times)
        case recovery.ConcessionRedeemed(code=code, order=order):
            return ConcessionRedeemed(as_written(code), order)
        case recovery.Troubled(ref=ref):
            broken = isinstance(data, recovery.PromiseBroken)
            trouble = data.to_domain(times.now, broken=broken, errors=times.errors)
            policy_of = times.rules.policy_of
            return PromiseNews(ref, lambda promise, now: open_recovery(promise, trouble, policy_of(promise), now))
        case customers.CustomerChanged(customer=changed):
            return CustomerChanged(people.customer(changed))
        case customers.CustomerErased(customer=erased):
            return CustomerErased(erased.ref)
        case claims.ClaimRaised(customer=claimant, promised_by=by):
            return data.to_event(source, people.customer(claimant), people.promiser(by), _digest(given))
        case claims.ClaimSettled(promised_by=by):
            return data.to_event(people.promiser(by), times.rules)
        case recovery.ChoiceFinal(ref=ref):
            return PromiseNews(ref, make_final)
        case recovery.CallMade(ref=ref, outcome=outcome, choice=chosen, note=note):
            choice = Choice(chosen) if chosen else None
            return PromiseNews(ref, lambda promise, now: call_made(promise, outcome == "reached", choice, note, now))
    return _news(data)


def _made(source: str, data: models.PromiseMade, given: Mapping[str, Any], people: People, times: Times) -> PromiseMade:
    customer, promiser = people.customer(data.customer), people.promiser(data.promised_by)
    zone = customer.time_zone
    due_at = times.due_at(data.due_at, data.due_in, zone)
    rhythm = times.rhythm(data.updates) if data.updates else Rhythm()
    asks = promiser is not None and promiser.email is not None and data.kind != "attempt"
    making = Making(
        source=source,
        ref=data.ref,
        kind=Kind(data.kind),
        what=data.what,
        due_at=due_at,
        customer_ref=customer.ref,
        time_zone=zone,
        rhythm=rhythm,
        leads=times.leads(due_at, data.check_in_before, data.warn_before) if asks else None,
        promiser_ref=promiser.ref if promiser else None,
        standard=times.standard.id if times.standard else data.standard,
        about=data.about.as_text() if data.about else {},
        digest=_digest(given),
    )
    return PromiseMade(making, customer, promiser)


def _digest(given: Mapping[str, Any]) -> str:
    """Recognise the same telling again, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:32]


def _news(data: BaseModel) -> PromiseNews:
    match data:
        case models.PromiseProgressed(ref=ref, note=note, tell=tell):
            return PromiseNews(ref, lambda promise, now: progress(promise, note, now, tell_now=tell == "now"))
        case models.PromiseKept(ref=ref, note=kept_note):
            return PromiseNews(ref, lambda promise, now: keep(promise, kept_note, now))
        case models.PromiseWithdrawn(ref=ref, reason=reason):
            return PromiseNews(ref, lambda promise, now: withdraw(promise, reason, now))
    raise TypeError(f"no change is known for {type(data).__name__}")


def _misspelled(model: type[BaseModel], given: Mapping[str, Any], *path: str) -> list[FieldError]:
    """Name the unknown fields that look like a slip of a known one: passing over them could break a promise unseen."""
    known = [name for name in model.model_fields if name not in given]
    errors = []
    for name in given:
        meant = get_close_matches(name, known, n=1, cutoff=0.75) if name not in model.model_fields else []
        if meant:
            errors.append(FieldError(("data", *path, name), f"is not known; did you mean {meant[0]}?"))
    return errors


def _detail(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "is needed"
    return error["msg"].removeprefix("Value error, ")


def _bad_fields(errors: list[FieldError]) -> Problem:
    names = ", ".join(dict.fromkeys(each.to_json()["field"] for each in errors))
    return Problem(
        422, "bad-fields", "Some fields are not right", f"Nothing was stored. Mend and send again: {names}.", errors
    )
