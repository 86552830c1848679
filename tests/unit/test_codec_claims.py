"""A claim comes back as it was stored, and what older releases stored of one still says what the customer has heard."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters import codec
from chalicelib.adapters.codec_claims import dump_claim, load_claim
from chalicelib.domain.claimed import Claim, ClaimStatus, Correction, Corrects, Finding, Heard
from tests.contract.builders import NOON, promise
from tests.unit.test_adapter_codec import maybe_moment, maybe_text, moments, numbers

corrections = st.builds(
    Correction,
    what=st.sampled_from(Corrects),
    amount=maybe_text,
    amount_minor=st.none() | numbers,
    currency=maybe_text,
    percent=maybe_text,
    term=maybe_text,
)
claims = st.builds(
    Claim,
    status=st.sampled_from(ClaimStatus),
    raised_at=moments,
    finding=st.none() | st.sampled_from(Finding),
    settled_at=maybe_moment,
    answer_seq=numbers,
    note=maybe_text,
    began_under=maybe_text,
    heard=st.none() | st.sampled_from(Heard),
    by_whom=maybe_text,
    when=maybe_text,
    found_of=maybe_text,
    corrects=st.none() | corrections,
    reopened_at=maybe_moment,
    warn_at=maybe_moment,
    answered_late=st.booleans(),
)


@settings(deadline=None)
@given(claims)
def test_a_claim_comes_back_as_it_was(claim: Claim) -> None:
    stored = promise(claim=claim)
    assert codec.load_promise("p1", 0, codec.dump_promise(stored)) == stored


@settings(deadline=None, max_examples=20)
@given(claims)
def test_an_older_release_reads_what_it_knows_where_it_was(claim: Claim) -> None:
    dumped = json.loads(json.dumps(dump_claim(claim)))
    known = load_claim(dumped[:7], ())
    assert (known.status, known.finding, known.note, known.began_under) == (
        claim.status,
        claim.finding,
        claim.note,
        claim.began_under,
    )


@pytest.mark.parametrize(
    ("status", "finding", "answer_seq", "told", "heard"),
    [
        ("ratified", None, 0, [], Heard.BELIEVED),
        ("ratified", "promised", 0, [], Heard.BELIEVED),
        ("ratified", "not_promised", 4, [], Heard.BELIEVED),
        ("ratified", "not_promised", 4, ["finding"], Heard.MISTAKEN),
        ("ratified", "unclear", 5, [], None),
        ("ratified", "unclear", 5, ["finding"], Heard.BELIEVED),
        ("in_review", None, 0, ["confirmation"], None),
        ("declined", "not_promised", 4, [], None),
        ("declined", "not_promised", 4, ["closing"], Heard.MISTAKEN),
    ],
)
def test_what_the_customer_has_heard_is_told_from_the_words_that_an_older_release_kept(
    status: str, finding: str | None, answer_seq: int, told: list[str], heard: Heard | None
) -> None:
    at = NOON.isoformat()
    stored: list[Any] = [status, at, finding, at if finding else None, answer_seq, None]
    for older in (stored, [*stored, "claim_review@1"]):
        assert load_claim(older, told).heard is heard
