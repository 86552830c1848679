"""The report over thousands of promises equals a count by hand, and its work does not grow with them."""

from tests.measure.ledgers import measure


def test_thousands_of_promises_through_the_real_use_cases_give_the_numbers_of_a_count_by_hand() -> None:
    found = measure(promises=3000, promisers=30, seed=7)
    assert found.faults == []
    assert found.facts > 10_000


def test_a_report_of_ten_times_as_many_promises_reads_no_more_rows_and_takes_no_longer() -> None:
    # Six promisers in two days: the first half fills the rows that there will be.
    found = measure(promises=2000, promisers=6, days=2)
    _, (early, _), (late, _) = found.taken.values()
    assert early == late
    assert found.ratio < 2
