"""How domain values lie in the tables: compact JSON that an older or newer release can still read.

What is None or empty is left out, and what is missing takes its default, so that a field can be added without touching
stored items. Times are ISO 8601 in UTC, to the microsecond where there is one.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.codec_claims import dump_claim, load_claim
from chalicelib.adapters.codec_recovery import dump_recovery, load_recovery
from chalicelib.adapters.compact import dump as _dump
from chalicelib.adapters.compact import moment as _moment
from chalicelib.adapters.compact import read_moment as _read_moment
from chalicelib.adapters.compact import said as _said
from chalicelib.domain.durations import Duration
from chalicelib.domain.facts import Fact
from chalicelib.domain.notices import Attempt, Notice, Outcome
from chalicelib.domain.people import Channel, Customer, Promiser
from chalicelib.domain.promise import Kind, Leads, News, Promise, Rhythm, Status, Trying, Word


def dump_promise(promise: Promise) -> str:
    """Write a promise without its id and version, which its item carries itself."""
    every, leads = promise.rhythm.every, promise.leads
    return _dump(
        source=promise.source,
        ref=promise.ref,
        kind=promise.kind,
        what=promise.what,
        made_at=_moment(promise.made_at),
        due_at=_moment(promise.due_at),
        customer_ref=promise.customer_ref,
        time_zone=promise.time_zone,
        heard_until=_moment(promise.heard_until),
        status=promise.status,
        every=every and [every.days, every.seconds, every.working_days],
        at=[_moment(each) for each in promise.rhythm.at],
        promiser_ref=promise.promiser_ref,
        standard=promise.standard,
        about=dict(promise.about),
        told=sorted(promise.told),
        notices=dict(promise.notices),
        news=[[each.seq, _moment(each.at), each.note] for each in promise.news],
        tell_now=_moment(promise.tell_now),
        trying={word: _trying(each) for word, each in promise.trying.items()},
        leads=leads and [leads.check_in.total_seconds(), leads.warn.total_seconds()],
        checked_in=promise.checked_in or None,
        due_seq=promise.due_seq or None,
        recovery=promise.recovery and dump_recovery(promise.recovery),
        recoveries=promise.recoveries or None,
        delays=promise.delays or None,
        claim=promise.claim and dump_claim(promise.claim),
        perceived=promise.perceived,
        expected_digest=promise.expected_digest,
        expected_at=_moment(promise.expected_at),
        reopened_seq=promise.reopened_seq or None,
        is_erased=promise.is_erased or None,
        ended_at=_moment(promise.ended_at),
        end_note=promise.end_note,
        acknowledged_at=_moment(promise.acknowledged_at),
        made_digest=promise.made_digest,
        seq=promise.seq,
    )


def load_promise(promise_id: str, version: int, body: str) -> Promise:
    """Read what `dump_promise` wrote."""
    read = json.loads(body)
    return Promise(
        id=promise_id,
        version=version,
        source=read["source"],
        ref=read["ref"],
        kind=Kind(read["kind"]),
        what=read["what"],
        made_at=datetime.fromisoformat(read["made_at"]),
        due_at=datetime.fromisoformat(read["due_at"]),
        customer_ref=read["customer_ref"],
        time_zone=read["time_zone"],
        heard_until=datetime.fromisoformat(read["heard_until"]),
        status=Status(read.get("status", Status.OPEN)),
        rhythm=Rhythm(
            every=Duration(*read["every"]) if "every" in read else None,
            at=tuple(map(datetime.fromisoformat, read.get("at", ()))),
        ),
        promiser_ref=read.get("promiser_ref"),
        standard=read.get("standard"),
        about=read.get("about", {}),
        told=frozenset(map(Word, read.get("told", ()))),
        notices={Word(word): n for word, n in read.get("notices", {}).items()},
        news=tuple(News(seq, datetime.fromisoformat(at), note) for seq, at, note in read.get("news", ())),
        tell_now=_read_moment(read, "tell_now"),
        trying={Word(word): _read_trying(each) for word, each in read.get("trying", {}).items()},
        leads=Leads(*(timedelta(seconds=each) for each in read["leads"])) if "leads" in read else None,
        checked_in=read.get("checked_in", False),
        due_seq=read.get("due_seq", 0),
        recovery=load_recovery(read["recovery"]) if "recovery" in read else None,
        recoveries=read.get("recoveries", 0),
        delays=read.get("delays", 0),
        claim=load_claim(read["claim"], read.get("told", ())) if "claim" in read else None,
        perceived=read.get("perceived"),
        expected_digest=read.get("expected_digest"),
        expected_at=_read_moment(read, "expected_at"),
        reopened_seq=read.get("reopened_seq", 0),
        is_erased=read.get("is_erased", False),
        ended_at=_read_moment(read, "ended_at"),
        end_note=read.get("end_note"),
        acknowledged_at=_read_moment(read, "acknowledged_at"),
        made_digest=read.get("made_digest", ""),
        seq=read.get("seq", 0),
    )


def dump_fact(fact: Fact) -> str:
    """Write a fact without its promise and number, which are its key."""
    return _dump(
        name=fact.name, at=_moment(fact.at), data=dict(fact.data), text=fact.text, noted_at=_moment(fact.noted_at)
    )


def load_fact(promise_id: str, seq: int, body: str) -> Fact:
    """Read what `dump_fact` wrote."""
    read = json.loads(body)
    at, noted_at = datetime.fromisoformat(read["at"]), _read_moment(read, "noted_at")
    return Fact(promise_id, seq, read["name"], at, read.get("data", {}), read.get("text"), noted_at)


def without_text(body: str) -> str:
    """Return what `dump_fact` wrote, without anybody's words."""
    read = json.loads(body)
    read.pop("text", None)
    return _dump(**read)


def dump_notice(notice: Notice) -> str:
    """Write what a notice's key and its own attributes (status, token, attempts) do not say."""
    return _dump(
        channel=notice.channel,
        due_at=_moment(notice.due_at),
        claimed_at=_moment(notice.claimed_at),
        lease_until=_moment(notice.lease_until),
        wording=notice.wording,
        as_of=_moment(notice.as_of),
        news_seq=notice.news_seq or None,
        news=list(notice.news),
    )


def load_notice(
    promise_id: str, word: str, n: int, *, status: str, token: str, attempts: frozenset[str], body: str
) -> Notice:
    """Read what `dump_notice` and `dump_attempt` wrote; attempts come out oldest first, and receipts not at all."""
    read = json.loads(body)
    return Notice(
        promise_id=promise_id,
        word=Word(word),
        n=n,
        channel=Channel(read["channel"]),
        due_at=datetime.fromisoformat(read["due_at"]),
        token=token,
        claimed_at=datetime.fromisoformat(read["claimed_at"]),
        lease_until=datetime.fromisoformat(read["lease_until"]),
        status=status,
        wording=read.get("wording", ""),
        attempts=tuple(sorted(map(_load_attempt, attempts), key=lambda attempt: attempt.at)),
        as_of=_read_moment(read, "as_of"),
        news_seq=read.get("news_seq", 0),
        news=tuple(read.get("news", ())),
    )


def dump_attempt(attempt: Attempt) -> str:
    """Write one attempt: the same attempt always gives the same text, as attempts lie in a set."""
    return _dump(
        at=_moment(attempt.at),
        channel=attempt.channel,
        outcome=attempt.outcome,
        provider_id=attempt.provider_id,
        reason=attempt.reason,
    )


def dump_customer(customer: Customer) -> str:
    """Write a customer's profile without its reference, which is its key."""
    return _dump(
        locale=customer.locale,
        time_zone=customer.time_zone,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        channels=" ".join(customer.channels),
    )


def load_customer(ref: str, body: str) -> Customer:
    """Read what `dump_customer` wrote."""
    read = json.loads(body)
    customer = Customer(
        ref=ref,
        locale=read["locale"],
        time_zone=read["time_zone"],
        name=read.get("name"),
        email=read.get("email"),
        phone=read.get("phone"),
    )
    return replace(customer, channels=tuple(map(Channel, read["channels"].split()))) if "channels" in read else customer


def dump_promiser(promiser: Promiser) -> str:
    """Write a promiser's profile without its reference, which is its key."""
    return _dump(name=promiser.name, email=promiser.email, team=promiser.team)


def load_promiser(ref: str, body: str) -> Promiser:
    """Read what `dump_promiser` wrote."""
    read = json.loads(body)
    return Promiser(ref, read.get("name"), read.get("email"), read.get("team"))


def _load_attempt(text: str) -> Attempt:
    read = json.loads(text)
    at, channel, outcome = datetime.fromisoformat(read["at"]), Channel(read["channel"]), Outcome(read["outcome"])
    return Attempt(at, channel, outcome, read.get("provider_id"), read.get("reason"))


def _trying(trying: Trying) -> dict[str, object]:
    return _said(
        unheard=list(trying.unheard),
        tries=trying.tries or None,
        unknowns=trying.unknowns or None,
        retry_at=_moment(trying.retry_at),
        held_since=_moment(trying.held_since),
    )


def _read_trying(read: Mapping[str, Any]) -> Trying:
    return Trying(
        unheard=tuple(read.get("unheard", ())),
        tries=read.get("tries", 0),
        unknowns=read.get("unknowns", 0),
        retry_at=_read_moment(read, "retry_at"),
        held_since=_read_moment(read, "held_since"),
    )
