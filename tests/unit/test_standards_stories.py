"""Two stories told without a date: a person's word with a rhythm, and what everybody expects."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.promise import Kind, Status
from chalicelib.messages import texts
from chalicelib.standards.published import published
from tests.http import Http
from tests.world import World

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PROMISER = {"ref": "agent-3", "name": "Rafael", "email": "rafael@shop.example", "team": "Suporte"}
CARLA = {
    "ref": "c-7",
    "name": "Carla Souza",
    "email": "carla@example.com",
    "locale": "pt-BR",
    "time_zone": "America/Sao_Paulo",
}
INES = {
    "ref": "c-8",
    "name": "Inês Matos",
    "email": "ines@example.com",
    "locale": "pt-PT",
    "time_zone": "Europe/Lisbon",
}


@pytest.fixture
def http() -> Http:
    world = World()
    world.texts = texts  # type: ignore[assignment]
    world.rules = replace(world.rules, standards=published)
    world.system.time = MONDAY
    return Http(world)


def tell(http: Http, event: str, **data: Any) -> None:
    assert http.post_event(event, {"ref": "caso-55", **data}).status_code == 202
    http.world.drain()


def heard(http: Http, customer: dict[str, str]) -> list[str]:
    """Return the subjects of what the customer got, in order."""
    return [each.subject for each in http.world.email.delivered if each.to == customer["email"]]


def texts_for(http: Http, customer: dict[str, str]) -> list[str]:
    """Return all that the customer was told by email, subject and text, in order."""
    told = (each for each in http.world.email.delivered if each.to == customer["email"])
    return [f"{each.subject}\n{each.text}" for each in told]


def test_i_will_tell_you_as_soon_as_i_know(http: Http) -> None:
    tell(
        http,
        "promise.made",
        kind="personal",
        what="Eu te aviso assim que souber quando chega a peça",
        standard="as_soon_as_known",
        promised_by=PROMISER,
        customer=CARLA,
    )
    promise = http.world.promise("caso-55")
    assert (promise.kind, promise.standard) == (Kind.PERSONAL, "as_soon_as_known@1")

    http.world.pass_time(timedelta(days=7))
    said = heard(http, CARLA)
    assert len(said) == 3
    assert "Eu te aviso assim que souber quando chega a peça" in said[0]
    assert all("novidade" in each for each in said[1:])
    # Every three days at the hour of the making, as it is in São Paulo.
    times = [fact.at for fact in http.world.store.noted.values() if fact.name == "UpdateSent"]
    assert times == [MONDAY + timedelta(days=3), MONDAY + timedelta(days=6)]

    confirmed, *updates = texts_for(http, CARLA)
    assert "Eu aviso você assim que souber." in confirmed
    assert "no máximo até quarta-feira, 23 de dezembro, às 9h" in confirmed
    assert "na quinta-feira, 26 de novembro, às 9h, com ou sem novidades" in confirmed
    assert "no domingo, 29 de novembro, às 9h, com ou sem novidades" in updates[0]
    assert "na quarta-feira, 2 de dezembro, às 9h, com ou sem novidades" in updates[1]
    assert all("no máximo até quarta-feira, 23 de dezembro" in each for each in updates)
    assert "no máximo até quarta-feira, 23 de dezembro" in page_of(http, CARLA)

    tell(http, "promise.kept", note="A peça chega na terça-feira.")
    assert len(heard(http, CARLA)) == 4
    assert "Fiquei de avisar você assim que soubesse, e avisei." in texts_for(http, CARLA)[-1]
    assert not any("prazo" in each or "a tempo" in each for each in texts_for(http, CARLA))
    http.world.pass_time(timedelta(days=60))
    assert len(heard(http, CARLA)) == 4


def test_a_word_without_a_date_does_not_go_on_for_ever(http: Http) -> None:
    tell(http, "promise.made", standard="as_soon_as_known", promised_by=PROMISER, customer=CARLA)
    http.world.pass_time(timedelta(days=30, minutes=1))
    assert http.world.promise("caso-55").status is Status.BROKEN
    facts = http.world.facts()
    assert facts.count("UpdateSent") == 9
    assert not any("prazo" in each for each in texts_for(http, CARLA))
    asked, doubted, broke = (facts.index(each) for each in ("CheckInSent", "DoubtSent", "PromiseBroken"))
    assert asked < doubted < broke < facts.index("OverdueSent")


def test_what_everybody_expects(http: Http) -> None:
    tell(
        http,
        "promise.made",
        kind="expectation",
        what="A resposta à sua pergunta sobre a garantia",
        standard="answer_within_a_working_day",
        promised_by=PROMISER,
        customer=INES,
    )
    promise = http.world.promise("caso-55")
    assert (promise.kind, promise.due_at) == (Kind.EXPECTATION, MONDAY + timedelta(days=1))

    http.world.pass_time(timedelta(days=1, minutes=1))
    promise = http.world.promise("caso-55")
    assert promise.status is Status.BROKEN
    wordings = [notice["wording"] for notice in http.read("/v1/promises?source=shop&ref=caso-55")["notices"]]
    assert {"confirmation", "check_in", "doubt", "overdue", "check_in_broken"} <= set(wordings)
    assert "A resposta à sua pergunta sobre a garantia" in heard(http, INES)[-1]

    tell(
        http,
        "promise.broken",
        case="delay",
        reason="A equipa da garantia esteve reduzida a uma pessoa e nós não avisámos.",
        done_so_far="Já lemos a sua pergunta e pedimos a ficha do aparelho.",
        solution="Respondemos até quarta-feira ao meio-dia.",
        new_due_at="2026-11-25T12:00:00Z",
        offer={"kind": "gift", "text": "Oferecemos-lhe a próxima revisão."},
    )
    recovery = http.world.promise("caso-55").recovery
    assert recovery is not None
    assert recovery.told_at is not None
    assert recovery.silence.value == "stay"


def page_of(http: Http, customer: dict[str, str]) -> str:
    """Return the page behind the link in the first email that the customer got."""
    sent = next(each.text for each in http.world.email.delivered if each.to == customer["email"])
    return http.get("/p" + sent[sent.index("?t=") :].split()[0]).body.decode()


def test_the_page_says_what_the_standard_promises_as_long_as_the_promise_is_as_it_says(http: Http) -> None:
    said = "Cada questão tem resposta no prazo de um dia útil."
    expected = {"standard": "answer_within_a_working_day", "promised_by": PROMISER, "customer": INES}
    tell(http, "promise.made", **expected)
    assert said in page_of(http, INES)
    tell(http, "promise.kept")
    assert said not in page_of(http, INES)


def test_the_page_does_not_quote_a_standard_that_the_webhook_has_overruled(http: Http) -> None:
    tell(http, "promise.made", standard="delivery", due_in="P12D", promised_by=PROMISER, customer=CARLA)
    assert "cinco dias" not in page_of(http, CARLA)


def test_a_date_that_the_webhook_gives_is_promised_whatever_the_standard_says(http: Http) -> None:
    dated = {"standard": "as_soon_as_known", "due_in": "P10D", "promised_by": PROMISER, "customer": CARLA}
    tell(http, "promise.made", **dated)
    (confirmed,) = texts_for(http, CARLA)
    assert "Vamos cumprir até quinta-feira, 3 de dezembro, às 9h" in confirmed
    assert "no máximo" not in confirmed
