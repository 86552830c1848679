"""The report over thousands of promises equals a count by hand, and its work does not grow with them."""

from tests.measure.ledgers import measure


def test_thousands_of_promises_through_the_real_use_cases_give_the_numbers_of_a_count_by_hand() -> None:
    found = measure(promises=3000, promisers=30, seed=7)
    assert found.faults == []
    assert found.facts > 10_000


def test_a_report_of_ten_times_as_many_promises_takes_as_long() -> None:
    # Six promisers in two days: the first tenth already fills every row that there will be.
    assert measure(promises=2000, promisers=6, days=2).ratio < 2
