"""The tables read from end to end, and what the stream gave up: the fakes and AWS's own alike."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import boto3
import pytest

from chalicelib.adapters import tables
from chalicelib.adapters.aws import Aws
from chalicelib.adapters.given_up_sqs import SqsGivenUp
from chalicelib.adapters.survey_scan import DynamoSurvey
from chalicelib.adapters.tables import Place
from chalicelib.domain.notices import Outcome
from chalicelib.domain.receipts import Reason, Receipt, ReceiptKind, delivery_of
from chalicelib.usecases.store_port import Commit, SentAs, Store, StoreUnavailable
from chalicelib.usecases.survey_port import GivenUp, Page, Round, Span, Survey
from tests.contract.builders import MINUTE, NOON, attempt, clock, fact, notice, promise
from tests.contract.conftest import REGION, Stored, client, dynamo
from tests.contract.endpoint import closed_port
from tests.contract.two_tables import make_tables
from tests.fakes import FakeGivenUp, FakeStore, FakeSurvey

PAGE_ITEMS = 3
ALL_DAY = Span(NOON, NOON + timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A store, and its survey."""

    store: Store
    stored: Stored
    survey: Survey


@cache
def dynamo_survey(place: Place) -> DynamoSurvey:
    return DynamoSurvey("promises", "clocks", page_items=PAGE_ITEMS, place=place)


@pytest.fixture
def surveyed(place: Place | None, stored: Stored) -> Surveyed:
    store = stored.store
    if isinstance(store, FakeStore):
        return Surveyed(store, stored, FakeSurvey(store, PAGE_ITEMS))
    return Surveyed(store, stored, dynamo_survey(place))


def read(survey: Survey, spans: tuple[Span, ...] = ()) -> Page:
    """Read every part to its end, as one page."""
    pages: list[Page] = []
    for part in survey.parts:
        after: str | None = ""
        while after is not None:
            pages.append(survey.page(part, after, spans))
            after = pages[-1].after
    return Page(
        tuple(sorted((each for page in pages for each in page.promises), key=lambda each: each.id)),
        tuple(sorted((each for page in pages for each in page.claimed), key=lambda each: each.id)),
        tuple(sorted(each for page in pages for each in page.facts)),
        tuple(sorted((each for page in pages for each in page.clocks), key=lambda each: each.promise_id)),
        tuple(each for page in pages for each in page.early),
        sum(page.unreadable for page in pages),
    )


def spoil(surveyed: Surveyed, place: Place | None, promise_id: str, fact_n: int | None = None) -> None:
    """Make a promise, or one of its facts, unreadable."""
    if place is None:
        assert isinstance(surveyed.store, FakeStore)
        surveyed.store.unreadable.add((promise_id, fact_n) if fact_n else promise_id)
        return
    sk = tables.fact_sk(fact_n) if fact_n else tables.STATE
    item = {"pk": {"S": tables.promise_pk(promise_id)}, "sk": {"S": sk}, "body": {"S": '{"at":"noon"}'}}
    client(place.host).put_item(TableName="promises", Item=item)


def test_what_cannot_be_read_hides_nothing_beside_it(surveyed: Surveyed, place: Place | None) -> None:
    for name in ("p1", "p2", "p3"):
        surveyed.store.commit(Commit(promise(name), clock(name)))
    spoil(surveyed, place, "p2")
    found = read(surveyed.survey)
    assert ([each.id for each in found.promises], found.unreadable) == (["p1", "p3"], 1)
    assert len(found.clocks) == 3
    with pytest.raises(Exception) as failed:
        surveyed.store.load(["p1", "p2"])
    assert not isinstance(failed.value, StoreUnavailable)


def test_a_fact_that_cannot_be_read_is_shown_where_it_may_be_wanted(surveyed: Surveyed, place: Place | None) -> None:
    surveyed.store.commit(Commit(promise(seq=2), None, facts=(fact(1), fact(2))))
    spoil(surveyed, place, "p1", 2)
    assert read(surveyed.survey) == Page(promises=(promise(seq=2, version=1),))
    long_ago = Span(NOON - timedelta(days=9), NOON - timedelta(days=8))
    found = read(surveyed.survey, (long_ago,))
    assert (found.facts, found.unreadable) == ((("p1", 2),), 1)
    with pytest.raises(Exception) as failed:
        surveyed.store.facts([("p1", 1), ("p1", 2)])
    assert not isinstance(failed.value, StoreUnavailable)


def test_a_clock_that_cannot_be_read_hides_no_other(aws: None) -> None:
    place = Place(REGION)
    make_tables(client(place.host))
    dynamo(place).store.commit(Commit(promise(), clock()))
    item = {"promise_id": {"S": "p2"}, "bucket": {"S": "00"}, "ring_at": {"N": "9" * 30}}
    client(place.host).put_item(TableName="clocks", Item=item)
    found = read(dynamo_survey(place))
    assert (found.clocks, found.unreadable) == ((clock(),), 1)


def test_every_promise_and_every_clock_is_found_once(surveyed: Surveyed) -> None:
    names = [f"p{n}" for n in range(10, 20)]
    for name in names:
        surveyed.store.commit(Commit(promise(name), clock(name), facts=(fact(1, name),)))
    found = read(surveyed.survey)
    assert [each.id for each in found.promises] == [each.promise_id for each in found.clocks] == names
    assert found.clocks[0] == clock("p10")
    assert found.facts == ()


def test_empty_tables_have_an_end(surveyed: Surveyed) -> None:
    assert read(surveyed.survey, (ALL_DAY,)) == Page()


def test_only_notices_that_are_claimed_are_found(surveyed: Surveyed) -> None:
    surveyed.store.commit(Commit(promise(), None))
    for n in (1, 2):
        surveyed.store.claim(notice(n))
    done = notice(2, status="accepted", attempts=(attempt(Outcome.ACCEPTED),))
    surveyed.store.commit(Commit(promise(version=1), None, notice=done))
    assert read(surveyed.survey).claimed == (notice(1),)


def test_receipts_that_came_early_are_found_once_it_is_known_whose_they_are(surveyed: Surveyed) -> None:
    surveyed.store.commit(Commit(promise(), None))
    bounced = delivery_of([Receipt(NOON, ReceiptKind.BOUNCED, "m-1", Reason.HARD_BOUNCE)])
    later = NOON + timedelta(days=8)
    for message_id in ("m-1", "nobody-knows"):
        surveyed.store.keep_early(message_id, bounced, later)
    for message_id in ("m-1", "without-receipts"):
        surveyed.store.remember(SentAs(message_id, "p1:update:1", later))
    assert read(surveyed.survey).early == (("p1:update:1", bounced),)


def test_facts_are_found_by_when_they_were_stored(surveyed: Surveyed) -> None:
    evening = NOON + timedelta(hours=7)
    known_late = fact(1, at=NOON, noted_at=evening)
    at_once = fact(2, at=evening, noted_at=NOON + MINUTE)
    surveyed.store.commit(Commit(promise(seq=2), None, facts=(known_late, at_once)))
    assert read(surveyed.survey, (ALL_DAY,)).facts == (("p1", 2),)
    assert read(surveyed.survey, (Span(evening, evening),)).facts == (("p1", 1),)


def test_facts_from_before_their_storing_was_written_down_are_found_by_when_they_happened(surveyed: Surveyed) -> None:
    late = fact(2, at=NOON + timedelta(hours=2))
    surveyed.store.commit(Commit(promise(seq=2), None, facts=(fact(1), late)))
    assert read(surveyed.survey, (ALL_DAY,)).facts == (("p1", 1),)
    assert read(surveyed.survey, (ALL_DAY, Span(late.at, late.at))).facts == (("p1", 1), ("p1", 2))


def test_a_round_is_kept_as_it_is(surveyed: Surveyed) -> None:
    assert surveyed.survey.latest() is None
    begun = Round(NOON, "first", {"promises/0/4": "", "clocks/0/2": '{"a":1}'}, (ALL_DAY,), ("receipt",))
    read: Round | None = None
    for each in (begun, replace(begun, refused=2), replace(begun, parts={}), Round(NOON, "second")):
        assert surveyed.survey.keep(each, read)
        assert surveyed.survey.latest() == each
        read = each


def test_a_round_is_not_kept_once_another_has_begun(surveyed: Surveyed) -> None:
    first, second, third = (Round(NOON, token, {"clocks/0/2": ""}) for token in ("first", "second", "third"))
    assert surveyed.survey.keep(first, None)
    assert not surveyed.survey.keep(second, None)
    assert surveyed.survey.keep(second, first)
    # As when the answer to the first try was lost.
    assert surveyed.survey.keep(second, first)
    for late in (replace(first, parts={}), third):
        assert not surveyed.survey.keep(late, first)
    assert surveyed.survey.latest() == second


def test_a_round_that_an_earlier_release_stored_is_replaced(aws: None) -> None:
    place = Place(REGION)
    make_tables(client(place.host))
    item = {"pk": {"S": "RECONCILE"}, "sk": {"S": "ROUND"}, "body": {"S": '{"began_at":"2026-11-24T12:00:00Z"}'}}
    client(place.host).put_item(TableName="promises", Item=item)
    survey = dynamo_survey(place)
    assert survey.latest() == Round(NOON)
    carried_on = Round(NOON, parts={"clocks/0/2": ""})
    assert survey.keep(carried_on, Round(NOON))
    assert survey.keep(Round(NOON, "second"), carried_on)
    assert not survey.keep(carried_on, carried_on)


def test_a_clock_is_removed_unless_it_was_set_anew(surveyed: Surveyed) -> None:
    surveyed.store.commit(Commit(promise(), clock()))
    assert not surveyed.survey.remove_clock(clock(ring_at=NOON - MINUTE))
    assert surveyed.stored.clocks.armed(["p1", "p2", "p1"]) == {"p1"}
    assert surveyed.survey.remove_clock(clock())
    assert surveyed.stored.clocks.armed(["p1"]) == frozenset()
    assert not surveyed.survey.remove_clock(clock())


def given_up_batch(first: str, last: str) -> str:
    return json.dumps(
        {
            "version": "1.0",
            "requestContext": {"condition": "RetryAttemptsExhausted"},
            "DDBStreamBatchInfo": {
                "shardId": "shard-1",
                "approximateArrivalOfFirstRecord": first,
                "approximateArrivalOfLastRecord": last,
                "batchSize": 2,
            },
        }
    )


@pytest.fixture(params=["fake", "sqs"])
def given_up(request: pytest.FixtureRequest) -> GivenUp:
    """What was given up: one stretch of an hour."""
    if request.param == "fake":
        fake = FakeGivenUp()
        fake.lying["a receipt"] = ALL_DAY
        return fake
    request.getfixturevalue("aws")
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="given-up")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=given_up_batch("2026-11-24T12:00:00Z", "2026-11-24T13:00:00.000Z"))
    return SqsGivenUp(url, Aws(REGION))


def test_what_was_given_up_is_told_and_can_be_removed(given_up: GivenUp) -> None:
    found = given_up.spans()
    assert list(found.values()) == [ALL_DAY]
    given_up.remove(found)
    assert given_up.spans() == {}


@pytest.mark.parametrize(
    "body", ["not json", "[]", "{}", given_up_batch("yesterday", "now"), given_up_batch("2026-11-24", "2026-11-24")]
)
def test_a_message_that_names_no_stretch_stays_for_a_person(aws: None, body: str) -> None:
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="given-up")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=body)
    assert SqsGivenUp(url, Aws(REGION)).spans() == {}
    hidden = "ApproximateNumberOfMessagesNotVisible"
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[hidden])["Attributes"][hidden] == "1"


def test_without_a_queue_nothing_was_given_up() -> None:
    assert SqsGivenUp("", Aws(REGION)).spans() == {}


def test_a_queue_that_does_not_answer_is_told_as_such(credentials: None) -> None:
    silent = SqsGivenUp("https://queue.example/1/q", Aws(REGION, closed_port(), tries_at_most=1))
    with pytest.raises(StoreUnavailable):
        silent.spans()
    with pytest.raises(StoreUnavailable):
        silent.remove(["a receipt"])
