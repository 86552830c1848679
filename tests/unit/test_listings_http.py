"""Reading the history of a customer and of a promiser: all their promises and claims, page by page."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.listings import Listing, read_listing
from tests.http import Http, fields, problem
from tests.unit.ledger_facts import count
from tests.unit.test_claims import raised, settled
from tests.unit.test_webhooks_http import CUSTOMER, MADE
from tests.world import NINE, World

HISTORIES = ("/v1/customers/c-99", "/v1/promisers/seller-7")
KEY = {"Authorization": "Bearer read-key"}
PLACE = "2026-11-24T09:00:00.000000Z~abc234"


@pytest.fixture
def http() -> Http:
    return Http(World())


def made(http: Http, n: int, **change: Any) -> None:
    http.post_event("promise.made", MADE | {"ref": f"order-{n}"} | change)
    http.world.system.time += timedelta(minutes=1)


def paged(http: Http, history: str, limit: int) -> list[list[str]]:
    """Read a history to its end; return the references on each page."""
    pages, after = [], ""
    while True:
        page = http.read(f"{history}?limit={limit}{after and '&after='}{after}")
        pages.append([each["ref"] for each in page["promises"]])
        if page["next_after"] is None:
            return pages
        after = page["next_after"]


@pytest.mark.parametrize("history", HISTORIES)
def test_a_history_is_read_page_by_page_the_newest_first(http: Http, history: str) -> None:
    for n in range(5):
        made(http, n)
    assert paged(http, history, 2) == [["order-4", "order-3"], ["order-2", "order-1"], ["order-0"]]
    assert paged(http, history, 5) == [["order-4", "order-3", "order-2", "order-1", "order-0"]]
    assert http.read(history)["next_after"] is None


@pytest.mark.parametrize("history", HISTORIES)
def test_a_history_holds_what_was_promised_and_what_is_said_to_have_been(http: Http, history: str) -> None:
    made(http, 1)
    raised(http)
    claim, promise = http.read(history)["promises"]
    assert (claim["ref"], claim["claim"]["status"], claim["claim"]["finding"]) == ("claim-1", "ratified", None)
    assert "claim" not in promise
    told = {
        "ref": "order-1",
        "source": "shop",
        "kind": "commitment",
        "status": "open",
        "what": MADE["what"],
        "made_at": NINE.isoformat(),
        "customer": {"ref": "c-99"},
        "promised_by": {"ref": "seller-7"},
    }
    assert told.items() <= promise.items()


def test_a_claim_names_its_subject_as_the_ledger_of_recurrences_does(http: Http) -> None:
    raised(http)
    raised(http, ref="claim-2", what="¡el precio incluye el iva!")
    settled(http, "promised")
    count(http.world)
    history = http.read(HISTORIES[1])
    (recurring,) = history["recurring"]
    assert [each["claim"]["subject"] for each in history["promises"]] == [recurring["subject"]] * 2
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    assert [each["claim"]["subject"] for each in http.read(HISTORIES[1])["promises"]] == [None] * 2


def test_what_a_promiser_keeps_promising_is_read_in_its_latest_words_until_they_are_erased(http: Http) -> None:
    other = CUSTOMER | {"ref": "c-2"}
    for ref, what, customer in (
        ("claim-1", "Descuento del 10%", other), ("claim-2", "Descuento del 50%", CUSTOMER),
        ("claim-3", "descuento del 10 %", CUSTOMER), ("claim-4", "DESCUENTO DEL 10 %", CUSTOMER),
    ):  # fmt: skip
        raised(http, ref=ref, what=what, customer=customer)
    for ref, finding in (("claim-1", "promised"), ("claim-3", "promised"), ("claim-2", "promised")):
        settled(http, finding, ref)
    settled(http, "unclear", "claim-4")
    count(http.world)

    def told() -> list[tuple[str | None, int]]:
        return [(each["what"], each["times"]) for each in http.read("/v1/promisers/seller-7")["recurring"]]

    assert told() == [("descuento del 10 %", 2), ("Descuento del 50%", 1)]
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    count(http.world)
    assert told() == [(None, 2), (None, 1)]


def test_each_history_holds_its_own(http: Http) -> None:
    made(http, 1, promised_by={"ref": "seller-8"})
    made(http, 2, customer=CUSTOMER | {"ref": "c-2"})
    ours = [[each["ref"] for each in http.read(history)["promises"]] for history in HISTORIES]
    assert ours == [["order-1"], ["order-2"]]


def test_a_promise_without_a_promiser_has_none_in_its_customer_s_history(http: Http) -> None:
    made(http, 1, promised_by=None)
    assert [each["promised_by"] for each in http.read(HISTORIES[0])["promises"]] == [None]


def test_after_erasure_a_promiser_s_history_tells_nobody_s_words(http: Http) -> None:
    made(http, 1)
    made(http, 2, customer=CUSTOMER | {"ref": "c-2"})
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    told = [(each["what"], each["status"]) for each in http.read(HISTORIES[1])["promises"]]
    assert told == [(MADE["what"], "open"), ("", "withdrawn")]


def test_what_retention_has_removed_is_passed_over_and_the_rest_is_told(http: Http) -> None:
    for n in range(4):
        made(http, n)
    gone = http.world.promise("order-2")

    def removed_once_listed(call: str) -> None:
        if call == "newest":
            http.world.store.promises[gone.id] = gone
        if call == "load":
            http.world.store.promises.pop(gone.id, None)

    http.world.store.before = removed_once_listed
    assert paged(http, HISTORIES[1], 2) == [["order-3"], ["order-1", "order-0"]]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize(
    ("query", "at_fault"),
    [
        *((f"limit={wrong}", {"limit"}) for wrong in ("0", "101", "-1", "ten", "1.5", "1000", "%D9%A1")),
        *(
            (f"after={wrong}", {"after"})
            for wrong in (
                "order-1234",
                PLACE.replace("Z", ""),
                PLACE.replace("11-24", "02-30"),
                PLACE.replace("2026", "0000"),
                PLACE.replace(".000000Z", "Z"),
                PLACE.replace("abc234", ""),
                PLACE.replace("abc234", "a" * 2000),
                PLACE.replace("abc234", "a%0A"),
                PLACE.replace("Z", "%2B00:00"),
            )
        ),
        ("limit=x&after=y", {"limit", "after"}),
    ],
)
def test_a_page_that_cannot_be_meant_is_refused_by_field(
    http: Http, history: str, query: str, at_fault: set[str]
) -> None:
    http.post_event("promise.made", MADE)
    assert fields(http.get(f"{history}?{query}", KEY)) == at_fault
    problem(http.get(f"{history}?{query}"), 401)


def test_a_place_is_read_as_it_was_written_and_sorts_as_text() -> None:
    earlier, later = read_listing(PLACE), Listing(NINE + timedelta(microseconds=1), "abc234")
    assert earlier == Listing(NINE, "abc234")
    assert str(earlier) == PLACE < str(later)
    assert earlier < later
