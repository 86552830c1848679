"""What a promise adds up to: each word given ends once, and what is thought over counts as it stands."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.claimed import Claim, ClaimStatus
from chalicelib.domain.facts import Fact
from chalicelib.domain.ledgers import Book, Row, increments, tally
from chalicelib.domain.promise import Kind
from chalicelib.domain.subjects import subject
from tests.unit.ledger_facts import DAY, DUE, MADE, broken, cancel, facts, promise, stay

MADRID = ZoneInfo("Europe/Madrid")
HOUR = timedelta(hours=1)


def added(told: list[Fact], kind: Kind = Kind.COMMITMENT) -> dict[str, int]:
    """Return what the facts add up to, whatever the day."""
    summed: Counter[str] = Counter()
    for (_, measure), n in tally(promise(kind), told, MADRID).items():
        summed[measure] += n
    return {str(measure): n for measure, n in summed.items() if n}


def test_a_promise_kept_by_its_due_time_is_kept_on_time() -> None:
    assert added(facts(("PromiseKept", timedelta()))) == {"given": 1, "kept_on_time": 1}


def test_one_kept_later_broke_untold_and_was_kept_late() -> None:
    expected = {"given": 1, "broken_untold": 1, "kept_late": 1}
    assert added(facts(broken(), ("PromiseKept", HOUR))) == expected
    assert added(facts(("PromiseKept", HOUR))) == expected


def test_a_customer_who_heard_of_the_doubt_was_told_before_it_broke_with_so_much_warning() -> None:
    told = facts(("PromiseAtRisk", -12 * HOUR), ("DoubtSent", -11 * HOUR), broken())
    assert added(told) == {"given": 1, "told_before_it_broke": 1, "warning_seconds": 11 * 3600}


def test_a_risk_that_nobody_told_the_customer_is_a_promise_broken_untold() -> None:
    assert added(facts(("PromiseAtRisk", -12 * HOUR), broken()))["broken_untold"] == 1


def test_a_risk_told_after_the_due_time_was_told_too_late() -> None:
    assert added(facts(("PromiseAtRisk", -HOUR), broken(), ("RecoverySent", HOUR)))["broken_untold"] == 1


def test_a_doubt_that_came_to_nothing_leaves_the_promise_kept_on_time() -> None:
    told = facts(("PromiseAtRisk", -12 * HOUR), ("DoubtSent", -11 * HOUR), ("PromiseKept", -HOUR))
    assert added(told) == {"given": 1, "kept_on_time": 1}


def test_a_call_that_reached_the_customer_tells_them_too() -> None:
    told = facts(("PromiseAtRisk", -12 * HOUR), ("CallMade", -6 * HOUR, {"outcome": "reached"}), broken())
    assert added(told)["warning_seconds"] == 6 * 3600
    missed = facts(("PromiseAtRisk", -12 * HOUR), ("CallMade", -6 * HOUR, {"outcome": "no_answer"}), broken())
    assert added(missed)["broken_untold"] == 1


def test_a_promise_declared_broken_ahead_counts_as_untold_until_the_customer_hears() -> None:
    declared = ("PromiseBroken", -2 * DAY, {"by": "promiser"})
    assert added(facts(declared)) == {"given": 1, "broken_untold": 1}
    told = added(facts(declared, ("RecoverySent", -DAY)))
    assert told == {"given": 1, "told_before_it_broke": 1, "warning_seconds": 24 * 3600}
    assert added(facts(declared, ("RecoverySent", HOUR)))["broken_untold"] == 1
    assert added(facts(declared, ("PromiseKept", -HOUR))) == {"given": 1, "kept_on_time": 1}


def test_staying_gives_a_new_word_which_is_kept_or_broken_by_its_own_date() -> None:
    risk = (("PromiseAtRisk", -2 * DAY), ("RecoverySent", -2 * DAY), stay(-DAY))
    renewed = {"given": 1, "renewed": 1, "told_before_it_broke": 1, "warning_seconds": 48 * 3600, "stay": 1}
    assert added(facts(*risk)) == renewed
    assert added(facts(*risk, ("PromiseKept", 5 * DAY))) == renewed | {"kept_on_time": 1}
    late = {"broken_untold": 1, "kept_late": 1}
    assert added(facts(*risk, ("PromiseKept", 6 * DAY))) == renewed | late


def test_a_choice_made_on_the_page_shows_that_the_customer_knew() -> None:
    told = added(facts(("PromiseAtRisk", -2 * DAY), stay(-DAY)))
    assert told["warning_seconds"] == 24 * 3600
    silent = added(facts(("PromiseAtRisk", -2 * DAY), stay(-DAY, by="silence")))
    assert (silent["broken_untold"], silent["by_silence"]) == (1, 1)


def test_a_change_of_mind_counts_as_it_stands_and_takes_the_new_word_back() -> None:
    risk = (("PromiseAtRisk", -2 * DAY), ("RecoverySent", -2 * DAY))
    expected = {"given": 1, "told_before_it_broke": 1, "warning_seconds": 48 * 3600, "cancel": 1}
    assert added(facts(*risk, cancel(-DAY))) == expected
    assert added(facts(*risk, stay(-DAY), cancel(-HOUR))) == expected
    assert added(facts(*risk, stay(-DAY), cancel(-2 * HOUR), stay(-HOUR))) == added(facts(*risk, stay(-DAY)))


def test_a_promise_withdrawn_or_forgotten_in_time_is_neither_kept_nor_broken() -> None:
    for name in ("PromiseWithdrawn", "CustomerErased"):
        assert added(facts((name, -HOUR))) == {"given": 1, "withdrawn": 1}
        assert added(facts(broken(), (name, HOUR))) == {"given": 1, "broken_untold": 1}


def test_an_attempt_gives_no_word() -> None:
    told = facts(("PromiseKept", HOUR), ("FeedbackGiven", HOUR, {"answer": "no"}), ("ExpectationHeard", HOUR))
    assert added(told, Kind.ATTEMPT) == {"attempts": 1, "expectations_heard": 1}


def test_concessions_count_by_code_with_their_amounts() -> None:
    code: dict[str, str | int] = {"code": "K7QF", "minor_units": 1250, "currency": "EUR"}
    granted = facts(("ConcessionGranted", -DAY, code), ("ConcessionGranted", -HOUR, code))
    assert added(granted) == {"given": 1, "concessions_granted": 1, "granted:EUR": 1250}
    assert added([*granted, Fact("p1", 9, "ConcessionVoided", DUE, code)]) == {"given": 1}
    redeemed = added([*granted, Fact("p1", 9, "ConcessionRedeemed", DUE, code)])
    assert (redeemed["concessions_redeemed"], redeemed["redeemed:EUR"]) == (1, 1250)
    assert added(facts(("ConcessionGranted", -DAY, {"code": "GIFT"}))) == {"given": 1, "concessions_granted": 1}


def test_the_answer_to_the_question_counts_as_it_stands() -> None:
    told = facts(("FeedbackGiven", HOUR, {"answer": "no"}), ("FeedbackGiven", DAY, {"answer": "partly"}))
    assert added(told)["perceived_partly"] == 1
    assert "perceived_no" not in added(told)


def test_what_was_expected_counts_once_on_the_day_of_its_last_wording_however_often_it_is_edited() -> None:
    told = facts(("PromiseKept", -HOUR), *(("ExpectationHeard", n * DAY, {"language": "es"}) for n in range(3)))
    assert added(told) == {"given": 1, "kept_on_time": 1, "expectations_heard": 1}
    days = [day for day, measure in tally(promise(), told, MADRID) if measure == "expectations_heard"]
    assert days == [(DUE + 2 * DAY).date()]


def claim_facts(*findings: str) -> list[Fact]:
    told = [Fact("p1", 1, "ClaimRaised", MADE), Fact("p1", 2, "ClaimRatified", MADE, {"due_at": DUE.isoformat()})]
    for seq, finding in enumerate(findings, start=3):
        data: dict[str, str | int] = {"finding": finding, "subject": subject("Price includes VAT")}
        told.append(Fact("p1", seq, "ClaimSettled", DUE + seq * HOUR, data))
    return told


def test_a_claim_is_raised_ratified_found_and_its_correction_a_word_given() -> None:
    confirmed = f"confirmed:{subject('  PRICE includes: VAT!')}"
    expected = {"claims_raised": 1, "claims_ratified": 1, "given": 1}
    assert added(claim_facts()) == expected
    assert added(claim_facts("promised")) == expected | {"found_promised": 1, confirmed: 1}
    assert added(claim_facts("promised", "not_promised")) == expected | {"found_not_promised": 1}


def test_a_review_is_a_word_of_its_own_and_its_answer_keeps_it() -> None:
    told = [
        Fact("p1", 1, "ClaimRaised", MADE),
        Fact("p1", 2, "ClaimReviewOpened", MADE, {"due_at": DUE.isoformat()}),
        Fact("p1", 3, "ClaimSettled", DUE - HOUR, {"finding": "unclear"}),
        Fact("p1", 4, "ClaimRatified", DUE - HOUR, {"due_at": (DUE + DAY).isoformat()}),
    ]
    assert added(told) == {
        "claims_raised": 1, "given": 2, "kept_on_time": 1, "found_unclear": 1, "claims_ratified": 1
    }  # fmt: skip


def test_the_same_words_are_one_subject_whoever_says_them_and_however_they_are_written() -> None:
    assert subject("Price includes VAT") != subject("Free delivery")
    assert subject("Preis inkl. MwSt.") == subject("preis inkl mwst")
    assert subject("Envío gratis") == subject("ENVIO GRATIS!") == subject("envi\u0301o gratis")
    assert subject("Correção do preço") == subject("correcao do preco")
    assert subject("Garantía de un año") != subject("Garantía de un ano")
    assert subject("Garantía de un año") == subject("GARANTIA DE UN AN\u0303O")


def test_another_percentage_amount_or_number_is_another_subject() -> None:
    said = ("Descuento del 10%", "Descuento del 50%", "Descuento del 10 €", "Descuento del 10,5 %", "Descuento del")
    assert len({subject(each) for each in said}) == len(said)
    for same in ("descuento del 10 %", "DESCUENTO DEL 10%.", "Descuento del «10%»"):
        assert subject(same) == subject(said[0])


def test_days_are_those_of_the_brand() -> None:
    late_evening = Fact("p1", 1, "PromiseMade", MADE.replace(hour=23, minute=30), {"due_at": DUE.isoformat()})
    assert tally(promise(), [late_evening], MADRID) == {(date(2026, 11, 21), "given"): 1}
    assert tally(promise(), [late_evening], ZoneInfo("America/Sao_Paulo")) == {(date(2026, 11, 20), "given"): 1}


def test_each_number_goes_to_the_customer_the_promiser_and_the_deed() -> None:
    given = tally(promise(standard="delivery@2"), facts(), MADRID)
    assert increments(promise(standard="delivery@2"), Counter(), given) == {
        Row(Book.CUSTOMER, "", "c-99"): {"given": 1},
        Row(Book.PROMISER, "2026-11-20", "seller-7"): {"given": 1},
        Row(Book.PROMISER, "2026-11", "seller-7"): {"given": 1},
        Row(Book.DEED, "2026-11-20", "commitment|delivery@2"): {"given": 1},
    }


@pytest.mark.parametrize("measure", ["claims_raised", "found_promised"])
def test_a_claim_is_on_the_ledger_of_who_promised_and_its_correction_on_nobody_s(measure: str) -> None:
    claimed = promise(claim=Claim(ClaimStatus.RATIFIED, MADE))
    rows = increments(claimed, Counter(), tally(claimed, claim_facts("promised"), MADRID))
    assert rows[Row(Book.PROMISER, "2026-11", "seller-7")][measure] == 1
    assert rows[Row(Book.PROMISER, "2026-11", "")] == {"given": 1}


def test_two_tallies_of_one_promise_differ_by_what_must_be_added() -> None:
    told = facts(("PromiseAtRisk", -2 * DAY), ("RecoverySent", -2 * DAY), stay(-DAY), cancel(-HOUR))
    rows: dict[Row, Counter[str]] = {}
    for until in range(1, len(told) + 1):
        before, after = (tally(promise(), told[:n], MADRID) for n in (until - 1, until))
        for row, numbers in increments(promise(), before, after).items():
            rows.setdefault(row, Counter()).update(numbers)
    at_once = increments(promise(), Counter(), tally(promise(), told, MADRID))
    assert {row: {name: n for name, n in numbers.items() if n} for row, numbers in rows.items()} == at_once
