"""Webhooks through the real gateway: who may tell, how often, and how much."""

import base64
import secrets
import uuid

from tests.e2e.outside import Answer, Outside, call
from tests.e2e.promises import promise

LIMIT_BYTES = 256 * 1024
ROOM_FOR_THE_EVENT = 1024


def test_both_secrets_of_a_source_are_taken_so_that_they_can_be_rotated(outside: Outside) -> None:
    for secret in (outside.stack.webhook_secret, outside.stack.webhook_secret_next):
        answer = outside.post("promise.made", promise().data, secret=secret)
        assert answer.status == 202
        assert answer.json["promise"]["status"] == "open"


def test_another_secret_is_refused_by_a_problem_that_says_no_more_than_needed(outside: Outside) -> None:
    told = promise()
    wrong = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    answer = outside.post("promise.made", told.data, secret=wrong)
    assert _problem(answer)["status"] == 401
    outside.tell("promise.made", told.data)
    assert outside.facts(told.ref).count("PromiseMade") == 1


def test_the_same_webhook_again_gets_its_first_answer_and_changes_nothing(outside: Outside) -> None:
    told = promise()
    webhook_id = f"msg_{uuid.uuid4().hex}"
    first = outside.post("promise.made", told.data, webhook_id=webhook_id)
    before = outside.settled(told.ref)
    again = outside.post("promise.made", told.data, webhook_id=webhook_id)
    assert (again.status, again.body) == (first.status, first.body)
    assert outside.read(told.ref) == before
    assert len(outside.inbox(told.email)) == 1


def test_a_body_beyond_256_kb_is_refused_and_one_at_the_limit_is_taken(outside: Outside) -> None:
    too_large = outside.post("promise.made", promise().data, padding=LIMIT_BYTES)
    assert _problem(too_large)["status"] == 413
    assert outside.post("promise.made", promise().data, padding=LIMIT_BYTES - ROOM_FOR_THE_EVENT).status == 202


def test_every_bad_field_is_named_at_once(outside: Outside) -> None:
    told = promise()
    nobody = {"ref": "c-1", "email": told.email.replace("@", "#")}
    answer = outside.post("promise.made", {**told.data, "due_at": "tomorrow", "kind": "hope", "customer": nobody})
    problem = _problem(answer)
    assert problem["status"] == 422
    assert {each["field"] for each in problem["errors"]} >= {"data.due_at", "data.kind", "data.customer.email"}


def test_a_reader_without_the_key_reads_nothing(outside: Outside) -> None:
    url = f"{outside.stack.api}/v1/promises?source=demo&ref=x"
    assert _problem(call(url))["status"] == 401
    assert _problem(call(url, headers={"Authorization": "Bearer wrong"}))["status"] == 401
    assert _problem(call(url, headers=outside.read_key()))["status"] == 404


def _problem(answer: Answer) -> dict[str, object]:
    """An RFC 9457 problem, once it is seen to be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.body
    problem: dict[str, object] = answer.json
    assert problem["status"] == answer.status
    return problem
