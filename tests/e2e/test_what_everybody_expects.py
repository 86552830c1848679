"""What everybody expects: an expectation nobody promised, from a standard, is missed: treated like a broken promise.

Told in European Portuguese.
"""

from tests.e2e.outside import Outside
from tests.e2e.promises import SOON, promise


def test_a_missed_expectation_is_told_like_a_broken_promise(outside: Outside) -> None:
    told = promise("Resposta à sua pergunta", kind="expectation", locale="pt-PT", due=SOON)
    told.data["standard"] = "answer_within_a_working_day"
    outside.tell("promise.made", told.data)
    outside.hears(told.email)

    missed = outside.hears(told.email, 2)

    assert "Resposta à sua pergunta" in missed["subject"] + missed["text"]
    assert outside.has_fact(told.ref, "PromiseBroken")["data"]["told_before"] == 0
    assert outside.read(told.ref)["promise"]["status"] == "broken"


def test_an_expectation_without_a_date_gets_its_own_from_the_standard(outside: Outside) -> None:
    told = promise("Resposta à sua pergunta", kind="expectation", locale="pt-PT")
    del told.data["due_at"]
    told.data["standard"] = "answer_within_a_working_day"
    answer = outside.tell("promise.made", told.data)
    assert answer["due_at"]
    assert outside.read(told.ref)["promise"]["standard"].startswith("answer_within_a_working_day@")
