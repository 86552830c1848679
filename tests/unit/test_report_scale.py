"""The report over thousands of promises equals a count by hand, and its work does not grow with them."""

from chalicelib.domain.reports import By
from tests.measure.hand_count import HandCount, Line
from tests.measure.ledgers import measure


def test_thousands_of_lives_through_the_real_use_cases_give_the_numbers_of_a_count_by_hand() -> None:
    found = measure(1500, promisers=30, seed=7)
    assert found.faults == []
    assert found.facts > 8_000
    assert found.compared > 6_000


def test_a_report_of_twice_as_many_promises_reads_no_more_rows_in_no_more_calls() -> None:
    # Four promisers in two days: the first half fills the rows that there will be.
    found = measure(2400, promisers=4, days=2)
    *_, half, whole = found.taken.values()
    assert (whole.rows, whole.calls) == (half.rows, half.calls)
    assert whole.calls < 10


def test_the_count_by_hand_tells_groups_apart_and_counts_what_was_promised_there_again() -> None:
    ours, theirs = Line("seller-1", "commitment", "a@1"), Line("seller-8", "commitment", "a@2")
    counted = HandCount()
    for line, said in ((ours, "VAT"), (ours, "VAT"), (theirs, "VAT"), (theirs, "free")):
        counted.confirm(line, said)
        counted.add(line, "c-1", "found_promised")
    counted.add(Line("", "personal", ""), "c-2", "given")
    again = {by: {group: n for group, n in counted.recurrences(by).items() if n} for by in By}
    assert again == {
        By.PROMISER: {"seller-1": 1}, By.TEAM: {"team-1": 2}, By.KIND: {"commitment": 2}, By.STANDARD: {"a@1": 1}
    }  # fmt: skip
    assert counted.all_recurrences() == 2
    assert {by: len(counted.groups(by)) for by in By} == {By.PROMISER: 3, By.TEAM: 2, By.KIND: 2, By.STANDARD: 3}
    assert counted.customers == {"c-1": {"found_promised": 4}, "c-2": {"given": 1}}
