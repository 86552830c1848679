"""Everything that is stored comes back as it was, and what an older release stored still loads."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters import codec, codec_recovery
from chalicelib.domain.durations import Duration
from chalicelib.domain.facts import Fact
from chalicelib.domain.notices import Attempt, Notice, Outcome
from chalicelib.domain.people import Channel, Customer, Promiser
from chalicelib.domain.promise import Kind, Leads, News, Promise, Rhythm, Status, Trying, Word
from chalicelib.domain.recovery import (
    Case,
    Choice,
    ChosenBy,
    Concession,
    Ladder,
    Offer,
    OfferKind,
    Parts,
    Recovery,
    Silence,
)
from tests.contract.builders import NOON, attempt, notice, promise

# A slow machine is not a wrong answer.
unhurried = settings(deadline=None)
text = st.text(max_size=40)
maybe_text = st.none() | text
numbers = st.integers(0, 10**6)
zones = st.sampled_from([UTC, timezone(timedelta(hours=-3)), timezone(timedelta(hours=5, minutes=30))])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=zones)  # noqa: DTZ001 - bounds carry none
maybe_moment = st.none() | moments
words = st.sampled_from(Word)
channels = st.sampled_from(Channel)
durations = st.builds(Duration, days=numbers, seconds=numbers, working_days=numbers)
spans = st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds))
tryings = st.builds(
    Trying,
    unheard=st.lists(text, max_size=2).map(tuple),
    tries=numbers,
    unknowns=numbers,
    retry_at=maybe_moment,
    held_since=maybe_moment,
)
offers = st.builds(
    Offer,
    kind=st.sampled_from(OfferKind),
    text=text,
    percent=st.none() | st.decimals(0, 100, places=2),
    minor_units=st.none() | numbers,
    currency=maybe_text,
    valid_until=maybe_moment,
)
parts = st.builds(Parts, case=st.sampled_from(Case), reason=text, done_so_far=text, solution=text, offer=offers)
recoveries = st.builds(
    Recovery,
    n=numbers,
    seq=numbers,
    opened_at=moments,
    was_broken=st.booleans(),
    parts=st.none() | parts,
    new_due_at=maybe_moment,
    decide_by=maybe_moment,
    time_to_decide=st.none() | spans,
    silence=st.sampled_from(Silence),
    ladder=st.builds(Ladder, reminder=spans, other_channel=spans, call=spans, between_calls=spans),
    told_at=maybe_moment,
    told_on=st.none() | channels,
    acknowledged=st.booleans(),
    calls=numbers,
    call_at=maybe_moment,
    choice=st.none() | st.sampled_from(Choice),
    choice_seq=numbers,
    chosen_at=maybe_moment,
    chosen_by=st.none() | st.sampled_from(ChosenBy),
    granted_at=maybe_moment,
    final=st.booleans(),
)
concessions = st.builds(
    Concession,
    code=text,
    promise_id=text,
    recovery_n=numbers,
    customer_ref=text,
    offer=offers,
    granted_at=moments,
    void=st.booleans(),
    order=maybe_text,
    redeemed_at=maybe_moment,
)
promises = st.builds(
    Promise,
    id=st.just("p1"),
    source=text,
    ref=text,
    kind=st.sampled_from(Kind),
    what=text,
    made_at=moments,
    due_at=moments,
    customer_ref=text,
    time_zone=text,
    heard_until=moments,
    status=st.sampled_from(Status),
    rhythm=st.builds(Rhythm, every=st.none() | durations, at=st.lists(moments, max_size=3).map(tuple)),
    promiser_ref=maybe_text,
    standard=maybe_text,
    about=st.dictionaries(text, text, max_size=3),
    told=st.frozensets(words),
    notices=st.dictionaries(words, numbers, max_size=3),
    news=st.lists(st.builds(News, seq=numbers, at=moments, note=text), max_size=3).map(tuple),
    tell_now=maybe_moment,
    trying=st.dictionaries(words, tryings, max_size=2),
    leads=st.none() | st.builds(Leads, check_in=spans, warn=spans),
    checked_in=st.booleans(),
    due_seq=numbers,
    recovery=st.none() | recoveries,
    recoveries=numbers,
    delays=numbers,
    ended_at=maybe_moment,
    end_note=maybe_text,
    acknowledged_at=maybe_moment,
    made_digest=text,
    seq=numbers,
    version=numbers,
)
facts = st.builds(
    Fact,
    promise_id=st.just("p1"),
    seq=numbers,
    name=text,
    at=moments,
    data=st.dictionaries(text, text | numbers, max_size=4),
    text=maybe_text,
    noted_at=maybe_moment,
)
attempts = st.builds(
    Attempt, at=moments, channel=channels, outcome=st.sampled_from(Outcome), provider_id=maybe_text, reason=maybe_text
)
customers = st.builds(
    Customer,
    ref=text,
    locale=text,
    time_zone=text,
    name=maybe_text,
    email=maybe_text,
    phone=maybe_text,
    channels=st.lists(channels, unique=True).map(tuple),
)


@unhurried
@given(promises)
def test_a_promise_comes_back_as_it_was(stored: Promise) -> None:
    assert codec.load_promise(stored.id, stored.version, codec.dump_promise(stored)) == stored


@unhurried
@given(facts)
def test_a_fact_comes_back_as_it_was(stored: Fact) -> None:
    assert codec.load_fact(stored.promise_id, stored.seq, codec.dump_fact(stored)) == stored


@unhurried
@given(st.lists(attempts, max_size=4, unique_by=lambda each: each.at))
def test_a_notice_comes_back_with_its_attempts_by_time(sends: list[Attempt]) -> None:
    stored = notice(status="unknown", wording="update_no_news", attempts=tuple(sorted(sends, key=lambda each: each.at)))
    assert loaded(stored) == stored


@unhurried
@given(customers)
def test_a_customer_comes_back_as_they_were(stored: Customer) -> None:
    assert codec.load_customer(stored.ref, codec.dump_customer(stored)) == stored


@unhurried
@given(st.builds(Promiser, ref=text, name=maybe_text, email=maybe_text, team=maybe_text))
def test_a_promiser_comes_back_as_they_were(stored: Promiser) -> None:
    assert codec.load_promiser(stored.ref, codec.dump_promiser(stored)) == stored


@unhurried
@given(concessions)
def test_a_concession_comes_back_as_it_was(stored: Concession) -> None:
    body = codec_recovery.dump_concession(stored)
    kept_apart = {"void": stored.void, "order": stored.order, "redeemed_at": stored.redeemed_at}
    assert codec_recovery.load_concession(stored.code, body, **kept_apart) == stored


@unhurried
@given(concessions)
def test_voiding_or_redeeming_a_concession_leaves_its_body_as_it_was(stored: Concession) -> None:
    changed = replace(stored, void=not stored.void, order="o-9", redeemed_at=NOON)
    assert codec_recovery.dump_concession(changed) == codec_recovery.dump_concession(stored)


def test_a_word_tried_once_says_no_more_than_that() -> None:
    tried = {Word.UPDATE: Trying(tries=1), Word.RECOVERY: Trying()}
    assert json.loads(codec.dump_promise(promise(trying=tried)))["trying"] == {"update": {"tries": 1}, "recovery": {}}


def test_what_an_older_release_did_not_know_takes_its_default() -> None:
    needed = ("source", "ref", "kind", "what", "made_at", "due_at", "customer_ref", "time_zone", "heard_until")
    full = json.loads(codec.dump_promise(promise(version=3)))
    old = json.dumps({name: full[name] for name in needed})
    assert codec.load_promise("p1", 3, old) == promise(version=3)
    assert codec.load_customer("c", '{"locale":"es","time_zone":"UTC"}') == Customer("c", "es", "UTC")
    assert codec.load_fact("p1", 1, '{"name":"PromiseKept","at":"2026-11-24T12:00:00Z"}') == Fact(
        "p1", 1, "PromiseKept", NOON
    )


def test_what_a_newer_release_added_is_passed_over() -> None:
    body = {**json.loads(codec.dump_promise(promise())), "quiet_hours": [22, 7]}
    assert codec.load_promise("p1", 0, json.dumps(body)) == promise()


def test_the_same_attempt_always_gives_the_same_text() -> None:
    here, there = attempt(at=NOON), attempt(at=NOON.astimezone(timezone(timedelta(hours=1))))
    assert codec.dump_attempt(here) == codec.dump_attempt(there)


def loaded(stored: Notice) -> Notice:
    return codec.load_notice(
        stored.promise_id,
        stored.word,
        stored.n,
        status=stored.status,
        token=stored.token,
        attempts=frozenset(map(codec.dump_attempt, stored.attempts)),
        body=codec.dump_notice(stored),
    )
