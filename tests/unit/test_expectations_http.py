"""What customers had expected, as those who write the standards read it: newest first, by days, kind and standard."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.facts import Change
from chalicelib.domain.feedback import Answer, Perceived, answer
from chalicelib.domain.promise import Kind, Promise, promise_id
from chalicelib.domain.risks import Policy
from chalicelib.usecases.take_event import PromiseNews
from tests.http import Http, fields, problem
from tests.unit.ledger_facts import count
from tests.unit.test_webhooks_http import CUSTOMER, MADE
from tests.world import SOURCE, World

KEY = {"Authorization": "Bearer read-key"}
DAY = timedelta(days=1)


@pytest.fixture
def http() -> Http:
    return Http(World())


def kept(http: Http, ref: str, **changes: Any) -> None:
    assert http.post_event("promise.made", MADE | {"ref": ref} | changes).status_code == 202
    assert http.post_event("promise.kept", {"ref": ref}).status_code == 202


def said(http: Http, ref: str, *words: str) -> None:
    """Answer the question at the end, each time in other words, a minute apart."""
    for each in words:
        http.world.system.time += timedelta(minutes=1)
        http.world.tell(PromiseNews(ref, partial(_answer, each)))


def _answer(words: str, promise: Promise, now: datetime) -> Change:
    return answer(promise, Answer(Perceived.YES, words, "es"), Policy(), now)


def texts(http: Http, query: str = "") -> list[str]:
    return [each["text"] for each in http.read(f"/v1/expectations{query}")["expectations"]]


def test_an_expectation_is_told_in_its_words_with_its_promise(http: Http) -> None:
    kept(http, "order-1", standard="delivery@1")
    said(http, "order-1", "Una llamada antes")
    assert http.read("/v1/expectations") == {
        "expectations": [
            {
                "at": (http.world.system.now()).isoformat(),
                "language": "es",
                "text": "Una llamada antes",
                "promise": {
                    "id": promise_id(SOURCE, "order-1"), "source": "shop", "ref": "order-1", "what": MADE["what"]
                },
                "kind": "commitment",
                "standard": "delivery@1",
                "promised_by": {"ref": "seller-7"},
            }
        ],
        "next_after": None,
    }  # fmt: skip


def test_what_was_edited_stands_once_as_it_stands_and_as_often_as_it_is_counted(http: Http) -> None:
    kept(http, "order-1")
    said(http, "order-1", "A", "B", "A")
    assert texts(http) == ["A"]
    count(http.world)
    assert http.read("/v1/report")["total"]["expectations_heard"] == 1


def test_days_kind_and_standard_narrow_it_down_and_a_name_stands_for_all_versions(http: Http) -> None:
    for n, (kind, standard) in enumerate(
        [("commitment", "delivery@1"), ("commitment", "delivery@2"), ("personal", "call_back@1"), ("personal", None)]
    ):
        kept(http, f"order-{n}", kind=kind, standard=standard, updates={"every": "P1D"})
        said(http, f"order-{n}", f"words {n}")
        http.world.system.time += DAY
    assert texts(http) == ["words 3", "words 2", "words 1", "words 0"]
    assert texts(http, "?standard=delivery") == ["words 1", "words 0"]
    assert texts(http, "?standard=delivery@2") == ["words 1"]
    assert texts(http, "?standard=deliver") == []
    assert texts(http, "?kind=personal") == ["words 3", "words 2"]
    assert texts(http, "?kind=personal&standard=call_back") == ["words 2"]
    assert texts(http, "?from=2026-11-25&to=2026-11-26") == ["words 2", "words 1"]


def test_page_after_page_tells_each_once_with_and_without_a_filter(http: Http) -> None:
    for n in range(7):
        kept(http, f"order-{n}", kind=("commitment", "personal")[n % 2])
        said(http, f"order-{n}", f"words {n}")
    for narrowed, told in (("", list(range(6, -1, -1))), ("&kind=commitment", [6, 4, 2, 0])):
        found, after = [], ""
        while after is not None:
            page = http.read(f"/v1/expectations?limit=2{narrowed}{after}")
            assert len(page["expectations"]) <= 2
            found += [each["text"] for each in page["expectations"]]
            after = f"&after={page['next_after']}" if page["next_after"] else None
        assert found == [f"words {n}" for n in told]


def test_one_answer_looks_at_a_bounded_number_and_says_where_to_go_on(http: Http) -> None:
    kept(http, "order-0", kind="personal")
    said(http, "order-0", "the oldest")
    promise = http.world.promise("order-0")
    (heard,) = http.world.store.heard.values()
    for n in range(1500):
        place = type(heard.place)(heard.place.made_at + timedelta(seconds=n + 1), f"p{n}")
        http.world.store.heard[f"p{n}"] = type(heard)(place, 1, Kind.COMMITMENT)
    calls: list[str] = []
    http.world.store.before = calls.append
    page = http.read("/v1/expectations?kind=personal")
    assert (page["expectations"], calls.count("expectations")) == ([], 10)
    page = http.read(f"/v1/expectations?kind=personal&after={page['next_after']}")
    assert [each["promise"]["id"] for each in page["expectations"]] == [promise.id]
    assert page["next_after"] is None


def test_an_erased_customer_s_words_are_nowhere_and_the_number_stays(http: Http) -> None:
    kept(http, "order-1")
    kept(http, "order-2", customer=CUSTOMER | {"ref": "c-2"})
    said(http, "order-1", "Gemma espera a Pedro")
    said(http, "order-2", "otra cosa")
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    assert texts(http) == ["otra cosa"]
    assert "Gemma espera" not in repr((http.world.store.noted, http.world.store.heard))
    count(http.world)
    assert http.read("/v1/report")["total"]["expectations_heard"] == 2


def test_words_of_an_erasure_that_was_interrupted_are_not_told(http: Http) -> None:
    kept(http, "order-1")
    said(http, "order-1", "Gemma espera a Pedro")

    def strike(call: str) -> None:
        if call == "forget":
            raise RuntimeError

    http.world.store.before = strike
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    assert http.world.promise("order-1").is_erased
    assert "Gemma espera" in repr(http.world.store.noted)
    assert texts(http) == []


def test_every_field_that_is_wrong_or_not_known_is_named_at_once(http: Http) -> None:
    wrong = "?from=x&to=y&kind=promise&limit=0&after=z&since=2026-11-01&q=1"
    assert fields(http.get(f"/v1/expectations{wrong}", KEY)) == {"from", "to", "kind", "limit", "after", "since", "q"}
    assert fields(http.get("/v1/expectations?from=2026-11-25&to=2026-11-24", KEY)) == {"from"}


def test_a_read_key_is_needed(http: Http) -> None:
    problem(http.get("/v1/expectations"), 401)
