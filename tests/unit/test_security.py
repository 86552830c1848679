"""Signatures: what was signed passes, and nothing else, in whatever way it is malformed."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from chalicelib.security.links import BadLink, Purpose, Subject, read, sign
from chalicelib.security.webhook_signatures import PREFIX, BadSignature, key_of, verify

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OLD, NEW = ("whsec_" + base64.b64encode(bytes([n]) * 24).decode() for n in (1, 2))
BODY = b'{"type":"promise.kept"}'
KEYS = ["oldest" * 8, "newest" * 8]
SUBJECT = Subject("abcdefghijklmnopqrstuvwx".replace("1", "2"), "u12")
EXPIRY = NOW + timedelta(days=1)


def signed(secret: str = NEW, at: datetime = NOW, webhook_id: str = "msg_1", body: bytes = BODY) -> dict[str, str]:
    signature = Webhook(secret).sign(webhook_id, at, body.decode())
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_a_webhook_signed_with_either_valid_secret_is_accepted(secret: str) -> None:
    assert verify(signed(secret), BODY, [OLD, NEW], NOW) == "msg_1"


def test_one_right_signature_among_others_is_enough() -> None:
    headers = signed()
    headers["webhook-signature"] = f"v1a,xyz v1,AAAA {headers['webhook-signature']}"
    assert verify(headers, BODY, [OLD, NEW], NOW) == "msg_1"


@pytest.mark.parametrize(("seconds", "accepted"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_the_clock_may_be_wrong_by_300_seconds_either_way(seconds: int, accepted: bool) -> None:
    headers = signed(at=NOW + timedelta(seconds=seconds))
    if accepted:
        assert verify(headers, BODY, [NEW], NOW)
    else:
        with pytest.raises(BadSignature):
            verify(headers, BODY, [NEW], NOW)


def test_a_source_without_secrets_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(signed(), BODY, [], NOW)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        ".",
        "v1",
        "v1,",
        "v1,=",
        "v1,é",
        "v1,@@@@",
        "1e9",
        "-1",
        "+5",
        "٣",
        "1764000000.0",
        "9" * 40,
        "\x00",
        "a.b",
    ],
)
def test_every_malformed_header_takes_the_same_road_out(header: str, value: str) -> None:
    with pytest.raises(BadSignature):
        verify(signed() | {header: value}, BODY, [NEW], NOW)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_missing_header_takes_the_same_road_out(header: str) -> None:
    headers = signed()
    del headers[header]
    with pytest.raises(BadSignature):
        verify(headers, BODY, [NEW], NOW)


def test_an_id_cannot_be_shifted_against_the_timestamp() -> None:
    headers = signed(webhook_id="a")
    shifted = headers | {"webhook-id": f"a.{headers['webhook-timestamp']}"}
    with pytest.raises(BadSignature):
        verify(shifted, BODY, [NEW], NOW)


def test_no_flipped_bit_of_body_or_signature_is_accepted() -> None:
    headers = signed()
    for index in range(len(BODY) * 8):
        flipped = bytearray(BODY)
        flipped[index // 8] ^= 1 << index % 8
        with pytest.raises(BadSignature):
            verify(headers, bytes(flipped), [NEW], NOW)
    text = headers["webhook-signature"].encode()
    for index in range(len(text) * 8):
        other = bytearray(text)
        other[index // 8] ^= 1 << index % 8
        with pytest.raises(BadSignature):
            verify(headers | {"webhook-signature": other.decode("latin-1")}, BODY, [NEW], NOW)


@given(st.text(), st.text(), st.text(), st.binary())
def test_no_garbage_is_accepted_or_crashes(webhook_id: str, timestamp: str, signature: str, body: bytes) -> None:
    headers = {"webhook-id": webhook_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
    with pytest.raises(BadSignature):
        verify(headers, body, [OLD, NEW], NOW)


def test_a_link_opens_what_it_was_signed_for() -> None:
    assert read(KEYS, Purpose.PAGE, sign(KEYS, Purpose.PAGE, SUBJECT, EXPIRY), NOW) == SUBJECT


def test_a_link_signed_with_an_older_key_opens_until_the_key_is_dropped() -> None:
    token = sign(KEYS[:1], Purpose.PAGE, SUBJECT, EXPIRY)
    assert read(KEYS, Purpose.PAGE, token, NOW) == SUBJECT
    with pytest.raises(BadLink):
        read(KEYS[1:], Purpose.PAGE, token, NOW)


def test_a_link_is_dead_from_the_second_of_its_expiry_on() -> None:
    token = sign(KEYS, Purpose.PAGE, SUBJECT, EXPIRY)
    assert read(KEYS, Purpose.PAGE, token, EXPIRY - timedelta(seconds=1)) == SUBJECT
    with pytest.raises(BadLink):
        read(KEYS, Purpose.PAGE, token, EXPIRY)


def test_a_token_serves_one_purpose_only() -> None:
    with pytest.raises(BadLink):
        read(KEYS, Purpose.FORM, sign(KEYS, Purpose.PAGE, SUBJECT, EXPIRY), NOW)


def test_no_flipped_bit_truncation_or_addition_of_a_token_is_accepted() -> None:
    token = sign(KEYS, Purpose.PAGE, SUBJECT, EXPIRY)
    changed = {token[:index] for index in range(len(token))} | {token + extra for extra in ("=", "A", ".", "\n", " ")}
    for index in range(len(token) * 8):
        flipped = bytearray(token.encode())
        flipped[index // 8] ^= 1 << index % 8
        changed.add(flipped.decode("latin-1"))
    for each in changed:
        with pytest.raises(BadLink):
            read(KEYS, Purpose.PAGE, each, NOW)


@given(st.text())
def test_no_garbage_opens_anything(token: str) -> None:
    with pytest.raises(BadLink):
        read(KEYS, Purpose.PAGE, token, NOW)


def test_a_token_is_short_enough_for_an_sms_and_safe_in_a_url() -> None:
    token = sign(KEYS, Purpose.PAGE, SUBJECT, EXPIRY)
    assert len(token) <= 56
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("bad", ["whsec_", "whsec_%%%", "whsec_a", "", "whsec_\N{SNOWMAN}"])
def test_a_secret_that_cannot_be_read_verifies_nothing_and_keeps_no_other_from_doing_so(bad: str) -> None:
    assert verify(signed(), BODY, [bad, NEW], NOW) == "msg_1"
    forged = hmac.digest(b"", f"msg_1.{int(NOW.timestamp())}.".encode() + BODY, "sha256")
    for signature in (signed()["webhook-signature"], f"v1,{base64.b64encode(forged).decode()}"):
        with pytest.raises(BadSignature):
            verify(signed() | {"webhook-signature": signature}, BODY, [bad], NOW)


def test_a_secret_in_the_other_alphabet_and_without_padding_is_read_as_deploying_reads_it() -> None:
    key = bytes(range(190, 222))
    urlsafe = PREFIX + base64.urlsafe_b64encode(key).decode().rstrip("=")
    assert key_of(urlsafe) == key_of(PREFIX + base64.b64encode(key).decode()) == key


@pytest.mark.parametrize("notice", ["u9999", "u10000", "u999999999"])
def test_a_link_of_however_late_a_notice_opens_what_it_names(notice: str) -> None:
    late = Subject(SUBJECT.promise_id, notice)
    assert read(KEYS, Purpose.PAGE, sign(KEYS, Purpose.PAGE, late, EXPIRY), NOW) == late


@pytest.mark.parametrize("subject", [Subject(SUBJECT.promise_id, "u1234567890"), Subject("short", "u1")], ids=str)
def test_what_could_not_be_read_is_not_signed(subject: Subject) -> None:
    with pytest.raises(ValueError, match="names no notice"):
        sign(KEYS, Purpose.PAGE, subject, EXPIRY)
