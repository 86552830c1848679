"""POST /v1/receipts/sendgrid: signed or refused, and never an error of ours."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.notices import Outcome
from chalicelib.domain.receipts import ReceiptKind
from chalicelib.usecases.store_port import StoreUnavailable
from tests.http import Http, problem
from tests.receipts import PATH, SIGNATURE, TIMESTAMP, event, post, sign
from tests.world import EVENT_KEYS, EVENT_SIGNERS, GEMMA, NINE, PlainSecrets, World


class Keys(PlainSecrets):
    """The usual secrets, with other keys of SendGrid's."""

    def __init__(self, *keys: str) -> None:
        self._keys = list(keys)

    def sendgrid_event_keys(self) -> list[str]:
        return self._keys


@pytest.fixture(scope="module")
def http() -> Http:
    world = World()
    world.make()
    world.drain()
    return Http(world)


def confirmation(http: Http) -> str:
    return f"{http.world.promise().id}:confirmation:1"


def seconds(http: Http) -> float:
    return http.world.system.now().timestamp()


def body(http: Http) -> bytes:
    return json.dumps([event(confirmation(http), "delivered", seconds(http))]).encode()


@pytest.mark.parametrize("written", [str, float, lambda at: f"{at}.25"])
def test_a_moment_is_read_however_its_number_is_written(written: Callable[[int], object]) -> None:
    world = World()
    world.make()
    world.drain()
    http = Http(world)
    at = int(seconds(http))
    post(http, [event(confirmation(http), "delivered", at) | {"timestamp": written(at)}])
    (receipt,) = world.store.notices[confirmation(http)].delivery.receipts
    assert receipt.at == datetime.fromtimestamp(at, UTC)


@pytest.mark.parametrize("written", [True, None, "", "soon", "1e9", "-1700000000", [1_700_000_000], 1e300, -1.5])
def test_what_is_no_moment_is_passed_over(written: object) -> None:
    world = World()
    world.make()
    world.drain()
    http = Http(world)
    told = event(confirmation(http), "delivered", 0) | {"timestamp": written}
    assert post(http, [told]).status_code == 204
    assert world.store.notices[confirmation(http)].delivery.receipts == ()


@pytest.mark.parametrize("written", ["1e999", "-1e999", "9" * 400])
def test_a_moment_beyond_every_number_is_passed_over_and_the_batch_around_it_counts(written: str) -> None:
    world = World()
    world.make()
    world.drain()
    http = Http(world)
    at = seconds(http)
    told = [event(confirmation(http), "deferred", 0), event(confirmation(http), "delivered", at)]
    body = json.dumps(told).replace('"timestamp": 0', f'"timestamp": {written}', 1).encode()
    assert written.encode() in body
    assert http.request("POST", PATH, sign(body, at), body).status_code == 204
    kinds = [each.kind for each in world.store.notices[confirmation(http)].delivery.receipts]
    assert kinds == [ReceiptKind.DELIVERED]


@pytest.mark.parametrize(
    ("given", "odd"),
    [
        (b'"odd"', b'"\\udc00x"'),
        (b'"odd"', b'"\xff"'),
        (b'"odd"', b"NaN"),
        (b'"odd"', b"-Infinity"),
        (b'"odd"', b"9" * 9999),
        (b'"odd"', b"[" * 300 + b"]" * 300),
        (b'{"event": "bounce"', b'{"event": "\\ud800"'),
        (b'"reason": ""', b'"reason": "\\ud800"'),
        (b"[{", b"\xef\xbb\xbf[{"),
        (b"[{", b"[NaN, {"),
    ],
    ids=["half", "no utf-8", "nan", "infinite", "digits", "nested", "half event", "half reason", "bom", "no event"],
)
def test_one_odd_value_takes_nothing_from_the_batch_around_it(given: bytes, odd: bytes) -> None:
    world = World()
    world.make()
    world.drain()
    http = Http(world)
    at = seconds(http)
    told = [
        event(confirmation(http), "delivered", at) | {"useragent": "odd"},
        {"event": "bounce", "timestamp": int(at), "notice_id": "odd", "reason": "", "email": "odd"},
        event(confirmation(http), "open", at),
    ]
    body = json.dumps(told).encode().replace(given, odd)
    assert odd in body
    assert http.request("POST", PATH, sign(body, at), body).status_code == 204
    kinds = [each.kind for each in world.store.notices[confirmation(http)].delivery.receipts]
    assert kinds == [ReceiptKind.DELIVERED, ReceiptKind.OPENED]


@pytest.mark.parametrize("odd", [b"\\udc00", b"\xff"])
def test_an_address_that_cannot_be_read_is_taken_for_the_one_in_use(odd: bytes) -> None:
    world = World()
    world.make()
    world.drain()
    http = Http(world)
    at = seconds(http)
    body = json.dumps([event(confirmation(http), "bounce", at, email="g@odd")]).encode().replace(b"odd", odd)
    assert http.request("POST", PATH, sign(body, at), body).status_code == 204
    assert [each.address for each in world.store.profiles[GEMMA.ref].marks] == [GEMMA.email]


@pytest.mark.parametrize("unreadable", ["", "no key", "-----BEGIN PUBLIC KEY-----\nno key", "AAAA", "é"])
def test_a_key_that_cannot_be_read_takes_nothing_from_the_other(unreadable: str) -> None:
    world = World(secrets=Keys(unreadable, EVENT_KEYS[1]))
    world.make()
    world.drain()
    http = Http(world)
    assert post(http, [event(confirmation(http), "delivered", seconds(http))]).status_code == 204
    unsigned = http.request("POST", PATH, sign(b"[]", seconds(http), EVENT_SIGNERS[0]), b"[]")
    assert problem(unsigned, 401)["type"].endswith("bad-signature")


def test_a_key_may_be_written_as_pem() -> None:
    written = EVENT_SIGNERS[1].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    http = Http(World(secrets=Keys(f"\n{written.decode()}")))
    assert post(http, []).status_code == 204


@pytest.mark.parametrize("signer", EVENT_SIGNERS)
def test_a_batch_signed_by_either_key_is_taken(signer: object) -> None:
    world = World()
    world.make()
    world.drain()
    http = Http(world)
    signed = body(http)
    assert http.request("POST", PATH, sign(signed, seconds(http), signer), signed).status_code == 204  # type: ignore[arg-type]
    assert world.store.notices[confirmation(http)].delivery.status is ReceiptKind.DELIVERED


@pytest.mark.parametrize("age", [-301, 301, 86400])
def test_an_old_or_future_batch_is_refused(http: Http, age: int) -> None:
    signed = body(http)
    problem(http.request("POST", PATH, sign(signed, seconds(http) - age), signed), 401)


@pytest.mark.parametrize("age", [-299, 299])
def test_a_clock_may_be_off_by_less_than_the_tolerance(http: Http, age: int) -> None:
    signed = body(http)
    assert http.request("POST", PATH, sign(signed, seconds(http) - age), signed).status_code == 204


@pytest.mark.parametrize(
    "headers",
    [
        {SIGNATURE: ""},
        {SIGNATURE: "not base64!"},
        {SIGNATURE: "a"},
        {SIGNATURE: "MEUCIQDé"},
        {SIGNATURE: "A" * 5000},
        {SIGNATURE: base64.b64encode(b"\x30\x06\x02\x01\x00\x02\x01\x00").decode()},
        {TIMESTAMP: ""},
        {TIMESTAMP: "now"},
        {TIMESTAMP: "0"},
        {TIMESTAMP: "-1"},
        {TIMESTAMP: "9" * 400},
        {TIMESTAMP: "१७००००००००"},
    ],
)
def test_malformed_headers_are_all_refused_alike(http: Http, headers: dict[str, str]) -> None:
    assert problem(post(http, [], **headers), 401)["type"] == "urn:kept:problem:bad-signature"


def test_missing_headers_are_refused(http: Http) -> None:
    problem(http.request("POST", PATH, {"Content-Type": "application/json"}, b"[]"), 401)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_flipped_bit_is_accepted(http: Http, data: st.DataObject) -> None:
    signed = body(http)
    headers = sign(signed, seconds(http))
    part = data.draw(st.sampled_from(["body", "signature"]))
    raw = bytearray(signed if part == "body" else base64.b64decode(headers[SIGNATURE]))
    # The length of a signature varies from one to the next, so the draw must not depend on it.
    bit = data.draw(st.integers(0, 2**16)) % (len(raw) * 8)
    raw[bit // 8] ^= 1 << bit % 8
    if part == "body":
        problem(http.request("POST", PATH, headers, bytes(raw)), 401)
    else:
        problem(http.request("POST", PATH, headers | {SIGNATURE: base64.b64encode(raw).decode()}, signed), 401)


@pytest.mark.parametrize("raw", [b"", b"{}", b"null", b"[", b"\xff\xfe", b'"x"', b"NaN", b"[" * 5000])
def test_a_signed_body_that_is_no_list_of_events_is_a_bad_request(http: Http, raw: bytes) -> None:
    problem(http.request("POST", PATH, sign(raw, seconds(http)), raw), 400)


def test_a_body_over_one_megabyte_is_refused_before_anything_else(http: Http) -> None:
    problem(http.request("POST", PATH, {"Content-Type": "application/json"}, b" " * (1024 * 1024 + 1)), 413)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=st.lists(
        VALUES
        | st.fixed_dictionaries(
            {},
            optional={
                "event": st.sampled_from(["delivered", "bounce", "dropped", "open", "click"]) | VALUES,
                "timestamp": st.integers(0, 2**70) | VALUES,
                "notice_id": st.from_regex(r"[a-z2-7]{24}:(update|song):[0-9]{1,9}", fullmatch=True) | VALUES,
                "sg_message_id": VALUES,
                "reason": VALUES,
                "type": VALUES,
                "email": VALUES,
            },
        ),
        max_size=4,
    )
)
def test_whatever_a_signed_batch_holds_it_is_taken_without_an_error_of_ours(http: Http, events: list[object]) -> None:
    assert post(http, events).status_code == 204


def test_what_could_not_be_stored_is_asked_for_again(http: Http) -> None:
    def fail(call: str) -> None:
        raise StoreUnavailable(call)

    http.world.store.before = fail
    try:
        problem(post(http, [event(confirmation(http), "delivered", seconds(http))]), 503)
    finally:
        http.world.store.before = lambda call: None


def test_a_moment_that_is_yet_to_come_is_now() -> None:
    world = World()
    world.email.answer_next(Outcome.UNKNOWN)
    world.make()
    world.drain()
    http = Http(world)
    told = event(confirmation(http), "delivered", 9_999_999_999)
    assert post(http, [told]).status_code == 204
    world.system.time += timedelta(minutes=1)
    assert post(http, [told]).status_code == 204
    (shown,) = http.read(f"/v1/promises/{world.promise().id}")["notices"]
    assert shown["sent_at"] == shown["delivery"]["times"]["delivered"] == NINE.isoformat()


def test_a_click_inside_the_quiet_window_settles_an_unknown_send() -> None:
    world = World()
    world.email.answer_next(Outcome.UNKNOWN)
    world.make()
    world.drain()
    http = Http(world)
    assert post(http, [event(confirmation(http), "click", seconds(http))]).status_code == 204
    world.pass_time(timedelta(minutes=20))
    assert len(world.email.tried) == 1
    assert world.store.notices[confirmation(http)].delivery.status is ReceiptKind.OPENED
