"""The file of standards: what may stand in it, and what is named with its standard, version, field and remedy."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

from chalicelib.domain.recovery import AfterNo
from chalicelib.messages.locales import supported
from chalicelib.standards.faults import BadStandards
from chalicelib.standards.published import published
from chalicelib.standards.reading import read_standards
from chalicelib.standards.version import LANGUAGES
from infra import standards
from infra.deploy import checks
from infra.deploy.settings import DeploySettings

TEXT = {"name": "Entrega", "description": "Llega en dos días."}
GOOD: dict[str, Any] = {
    "kind": "commitment",
    "due": "P2B",
    "every": "P1D",
    "check_in_before": "PT8H",
    "warn_before": "PT4H",
    "ladder": {"reminder": "PT4H", "other_channel": "PT8H", "call": "PT12H", "between_calls": "PT2H"},
    "silence": {"first": "stay", "later": "cancel"},
    "offers": {"kinds": ["gift", "discount"], "most_percent": 20, "most_amount": {"EUR": 2500}},
    "after_no": "recovery",
    "texts": dict.fromkeys(LANGUAGES, TEXT),
}
OPEN = {"kind": "personal", "due": None, "no_later_than": "P30D", "every": "P3D", "offers": None}
LEADS = {"check_in_before": None, "warn_before": None}
TRY = {"kind": "attempt", "ladder": None, "silence": None, "offers": None, "after_no": None, **LEADS}


def version(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (GOOD | changes).items() if value is not None}


def file(*versions: Any, name: str = "delivery") -> str:
    return json.dumps({name: {str(number): each for number, each in enumerate(versions, 1)}})


def faults(text: str) -> list[str]:
    with pytest.raises(BadStandards) as bad:
        read_standards(text)
    return str(bad.value).splitlines()


@pytest.mark.parametrize(
    "changes", [{}, OPEN, TRY, {"texts": None}, {"every": None}, {"ladder": None}, {"after_no": None}]
)
def test_a_version_may_leave_out_what_the_house_decides(changes: dict[str, Any]) -> None:
    (read,) = read_standards(file(version(**changes))).versions["delivery"]
    assert read.id == "delivery@1"


def test_a_version_is_read_as_it_is_written() -> None:
    read = read_standards(file(version(), version(due="P3B"))).find("delivery@1")
    assert read is not None
    assert (str(read.due), str(read.every)) == ("P2B", "P1D")
    assert read.leads is not None
    assert read.leads.warn.total_seconds() == 4 * 3600
    assert read.ladder is not None
    assert read.ladder.between_calls.total_seconds() == 2 * 3600
    assert read.offers.most_minor_units == {"EUR": 2500}
    assert read.after_no is AfterNo.RECOVERY


@pytest.mark.parametrize(
    ("changes", "where", "remedy"),
    [
        ({"kind": None}, "kind", "is needed: one of commitment, expectation"),
        ({"kind": "vow"}, "kind", "must be one of: commitment"),
        ({"due": None}, "due", "such as P2B"),
        ({"due": "P1M"}, "due", "write it like P2D"),
        ({"due": 2}, "due", "write it like P2D"),
        ({"due": "P9999W"}, "due", "ten years"),
        ({"no_later_than": "P30D"}, "no_later_than", "give one of the two"),
        ({"due": None, "no_later_than": "P30D"}, "no_later_than", "give due"),
        (OPEN | {"every": None}, "every", "all that the customer hears"),
        ({"every": "PT30S"}, "every", "at most one update a minute"),
        ({"every": "P2D"}, "every", "write a shorter one, or leave it out"),
        ({"check_in_before": None}, "check_in_before", "is needed beside warn_before"),
        ({"warn_before": None}, "warn_before", "is needed beside check_in_before"),
        ({"check_in_before": "P1B"}, "check_in_before", "such as PT24H"),
        ({"check_in_before": "P2D"}, "check_in_before", "must be shorter than P2B"),
        ({"warn_before": "PT8H"}, "warn_before", "needs time to answer"),
        (TRY | {"check_in_before": "PT8H"}, "check_in_before", "leave it out"),
        (TRY | {"ladder": GOOD["ladder"]}, "ladder", "leave it out"),
        (TRY | {"silence": GOOD["silence"]}, "silence", "leave it out"),
        (TRY | {"offers": GOOD["offers"]}, "offers", "leave it out"),
        (TRY | {"after_no": "call"}, "after_no", "leave it out"),
        ({"after_no": "sorry"}, "after_no", "must be one of: call, recovery"),
        ({"ladder": "quick"}, "ladder", "must be an object"),
        ({"ladder": GOOD["ladder"] | {"call": None}}, "ladder.call", "three steps"),
        ({"ladder": GOOD["ladder"] | {"call": "PT8H"}}, "ladder.call", "must come after other_channel"),
        ({"ladder": GOOD["ladder"] | {"remind": "PT1H"}}, "ladder.remind", "the fields are: reminder"),
        ({"silence": {"first": "stay"}}, "silence.later", "one of stay, cancel, call"),
        ({"silence": {"first": "shout", "later": "call"}}, "silence.first", "one of: stay, cancel, call"),
        ({"offers": {"kinds": []}}, "offers.kinds", "some of: discount"),
        ({"offers": {"kinds": ["gift", "gift"]}}, "offers.kinds", "each once"),
        ({"offers": {"kinds": ["gift", "kiss"]}}, "offers.kinds[1]", "must be one of: discount"),
        ({"offers": {"most_percent": 120}}, "offers.most_percent", "from 1 to 100"),
        ({"offers": {"most_amount": {"EURO": 1}}}, "offers.most_amount.EURO", "such as EUR"),
        ({"offers": {"most_amount": {"EUR": "25.00"}}}, "offers.most_amount.EUR", "2500 for 25 euros"),
        ({"texts": {"en": TEXT}}, "texts.pt-PT", "is needed"),
        ({"texts": GOOD["texts"] | {"en": {"name": "Delivery"}}}, "texts.en.description", "one line of text"),
        ({"texts": GOOD["texts"] | {"es": TEXT | {"name": "a\nb"}}}, "texts.es.name", "one line of text"),
        ({"texts": GOOD["texts"] | {"fr": TEXT}}, "texts.fr", "the fields are: en, es, pt-BR, pt-PT"),
        ({"texts": GOOD["texts"] | {"es": TEXT | {"name": "{orden}"}}}, "texts.es.name", "without braces"),
        ({"texts": GOOD["texts"] | {"es": TEXT | {"name": "<b>Ya</b>"}}}, "texts.es.name", "without braces"),
        *(
            (
                TRY | {"kind": kind, "texts": GOOD["texts"] | {tag: {"name": "x", "description": said}}},
                where,
                "nobody has",
            )
            for kind in ("attempt", "expectation")
            for tag, said, where in (
                ("en", "We promise an answer", "texts.en.description"),
                ("es", "Garantizamos una respuesta", "texts.es.description"),
                ("pt-BR", "Prometemos uma resposta", "texts.pt-BR.description"),
            )
        ),
        ({"offers": {"kinds": ["gift"], "most_percent": 10}}, "offers.most_percent", "not among the kinds"),
        ({"due": "P0D"}, "due", "must be longer than nothing"),
        ({"rythm": "P1D"}, "rythm", "the fields are: kind, due"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(changes: dict[str, Any], where: str, remedy: str) -> None:
    found = faults(file(version(), version(**changes)))
    named = [each for each in found if each.startswith(f"delivery@2, {where}: ")]
    assert len(named) == 1, found
    assert remedy in named[0]


@pytest.mark.parametrize("name", ["claim_correction", "claim_review"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [({"after_no": "recovery"}, "after_no"), (TRY | {"texts": None}, "kind"), (OPEN | {"texts": None}, "kind")],
)
def test_the_answer_to_a_claim_is_promised_by_a_date(name: str, changes: dict[str, Any], field: str) -> None:
    assert [each for each in faults(file(version(**changes), name=name)) if each.startswith(f"{name}@1, {field}: ")]
    assert read_standards(file(version(after_no=None), name=name)).find(name)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    bad = version(kind="vow", every="soon", silence={"first": "stay"})
    text = json.dumps({"delivery": {"1": bad, "2": version(due="P1M")}, "call_back": {"1": version(ladder={})}})
    fields = {each.partition(": ")[0] for each in faults(text)}
    assert {"delivery@1, kind", "delivery@1, every", "delivery@1, silence.later", "delivery@2, due"} <= fields
    assert "call_back@1, ladder.reminder" in fields


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "standards.json: is not JSON"),
        ("[]", "standards.json: must be an object"),
        ('{"delivery": {}}', "delivery: must be an object of versions"),
        ('{"delivery": {"1": []}}', "delivery@1: must be an object"),
        ('{"Delivery!": {}}', "standards.json, Delivery!: must be a name"),
        ('{"delivery": {"2": {}}}', "delivery: the versions must be 1 in this order"),
        ('{"delivery": {"1": {"due": "P1D", "due": "P2D"}}}', "due stands twice"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, named: str) -> None:
    assert named in faults(text)[0]


# What is published with this release


def test_the_published_standards_can_be_published() -> None:
    assert standards.problems() == []


def test_texts_are_in_the_languages_that_we_speak() -> None:
    assert all(map(supported, LANGUAGES))


def test_published_texts_address_nobody_and_speak_for_no_single_person() -> None:
    texts = [
        f"{text.name}. {text.description}"
        for versions in published().versions.values()
        for each in versions
        for text in each.texts.values()
    ]
    for text in texts:
        assert not re.search(r"\b(you|your|I|my|te|tu|tus|su|sus|você|seu|sua|lhe|teu|tua|eu)\b", text), text


def test_the_texts_of_an_attempt_promise_nothing() -> None:
    stems = ("promis", "promes", "promet", "guarant", "garant", "commit", "compromi", "asegur", "assegur")
    attempts = [each for versions in published().versions.values() for each in versions if each.kind == "attempt"]
    said = " ".join(f"{text.name} {text.description}" for each in attempts for text in each.texts.values()).lower()
    assert said
    assert not [stem for stem in stems if stem in said]


# Seals


@pytest.fixture
def draft(tmp_path: Path) -> tuple[Path, Path]:
    written, seals = tmp_path / "standards.json", tmp_path / "standards.sha256"
    written.write_text(file(version()))
    return written, seals


def told(draft: tuple[Path, Path]) -> list[str]:
    return [str(each) for each in standards.problems(*draft)]


def test_a_currency_that_does_not_exist_stands_in_the_way(draft: tuple[Path, Path]) -> None:
    draft[0].write_text(file(version(offers={"most_amount": {"ERU": 2500, "EUR": 2500}})))
    assert told(draft) == ["delivery@1, offers.most_amount.ERU: is no currency of ISO 4217, such as EUR"]


def test_a_draft_can_be_packaged_but_not_published_until_it_is_sealed(draft: tuple[Path, Path]) -> None:
    standards.check(*draft)
    assert told(draft)[0].startswith("delivery@1: is a draft: run python -m infra.standards --seal")
    assert standards.seal(*draft) == ["delivery@1"]
    assert told(draft) == []


def test_a_sealed_version_stays_as_it_was_and_the_next_one_says_what_is_new(draft: tuple[Path, Path]) -> None:
    standards.seal(*draft)
    draft[0].write_text(file(version(due="P3B")))
    assert "say what is new in delivery@2" in told(draft)[0]
    with pytest.raises(BadStandards):
        standards.check(*draft)
    with pytest.raises(BadStandards):
        standards.seal(*draft)
    draft[0].write_text(file(version(), version(due="P3B")))
    assert standards.seal(*draft) == ["delivery@2"]


def test_a_sealed_version_cannot_be_taken_out(draft: tuple[Path, Path]) -> None:
    standards.seal(*draft)
    draft[0].write_text(file(version(), name="shipping"))
    assert "delivery@1: was published and is gone: put it back, promises were made under it" in told(draft)


def test_a_slip_in_a_text_may_be_mended(draft: tuple[Path, Path]) -> None:
    standards.seal(*draft)
    draft[0].write_text(file(version(texts=dict.fromkeys(LANGUAGES, TEXT | {"name": "La entrega"}))))
    assert told(draft) == []


def test_a_file_that_cannot_be_read_stands_in_the_way(draft: tuple[Path, Path]) -> None:
    draft[0].write_text("{")
    assert "is not JSON" in told(draft)[0]


def test_the_command_says_what_it_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert standards.main([]) == 0
    assert "can be published" in capsys.readouterr().out


def test_a_deployment_is_refused_while_a_standard_is_a_draft(draft: tuple[Path, Path]) -> None:
    def nobody_is_signed_in(service: str) -> Any:
        raise NoCredentialsError

    given = DeploySettings("eu-west-1", "bucket", public_url_is_api_gateway=False, parameters={})
    found = checks.problems(nobody_is_signed_in, given, "kept-prod", lambda: standards.problems(*draft))
    assert found[0].startswith("Standards: delivery@1: is a draft")
