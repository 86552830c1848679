"""Nobody answers: the recovery's email does not arrive, the SMS does, there is no reaction, and a person must call.

Told in Brazilian Portuguese; the caller records that the customer stays.
"""

from datetime import timedelta

from tests.e2e.outside import Outside
from tests.e2e.promises import promise
from tests.e2e.troubles import trouble
from tests.e2e.waiting import until


def test_a_call_is_required_and_the_caller_records_that_the_customer_stays(outside: Outside) -> None:
    told = promise("Seu pedido 1234 chega", locale="pt-BR", name="Carla", mailbox="refuse", by_sms=True)
    outside.tell("promise.made", told.data)
    outside.hears(told.phone)
    said = trouble(
        told,
        case="delay",
        reason="a transportadora perdeu o caminhão de quarta",
        done_so_far="já contratamos outra",
        solution="o pedido vai no próximo caminhão",
        offer={"kind": "free_shipping", "text": "o frete é por nossa conta"},
        new_due=None,
        decide=timedelta(seconds=30),
    )
    outside.tell("promise.at_risk", said)
    asked = outside.hears(told.phone, 2)
    assert asked["channel"] == "sms"

    call = outside.has_fact(told.ref, "CallRequired")
    assert call["data"]["word"] == "recovery"
    the_id = outside.read(told.ref)["promise"]["id"]
    told_operators = until(
        lambda: [each for each in outside.operators_hear() if the_id in each["subject"]], "the operators' message"
    )
    assert "pt-BR" in told_operators[0]["message"]
    for personal in (told.email, told.phone, told.first_name):
        assert personal not in told_operators[0]["message"]

    outside.tell("call.made", {"ref": told.ref, "outcome": "reached", "choice": "stay"})
    chosen = outside.has_fact(told.ref, "ChoiceRecorded")
    assert chosen["data"]["by"] == "call"
    assert outside.read(told.ref)["promise"]["status"] == "open"
