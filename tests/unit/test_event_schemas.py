"""Each fact that can be published has a schema, and none of them has room for somebody's words."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from chalicelib.domain.changes import Making, acknowledge, keep, make, progress, withdraw
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import Kind
from chalicelib.usecases.publish import event_of
from tests.events import FOLDER, faults, schemas

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FACT_NAME = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+|Acknowledged")
# The sender's own references go back to the sender as they came; and whoever must call has to know what to say, which
# is in our own sentences.
WORDS = {"ref", "promiser", "order"}
WORDS_FOR_A_CALLER = {"script"}


def strings(tree: ast.AST) -> Iterator[str]:
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def facts_in(path: Path) -> set[str]:
    """The fact names in a module: what is told directly, and, in the domain, what it chooses its facts from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "told"
    ]
    chosen = [
        node for node in ast.walk(tree) if isinstance(node, ast.Dict | ast.IfExp | ast.Call) and "domain" in path.parts
    ]
    return {text for node in (*told, *chosen) for text in strings(node) if FACT_NAME.fullmatch(text)}


def all_facts() -> set[str]:
    modules = [path for part in ("domain", "usecases") for path in (ROOT / "chalicelib" / part).rglob("*.py")]
    return set().union(*map(facts_in, modules))


def as_type(fact: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", fact)


def test_the_search_for_facts_finds_those_told_directly_and_those_chosen() -> None:
    assert {"PromiseMade", "UpdateSent", "NoticeRefused", "PromiseKept", "Acknowledged"} <= all_facts()


def test_every_fact_has_a_schema_and_every_schema_a_fact() -> None:
    assert {as_type(fact) for fact in all_facts()} == set(schemas())


def test_every_schema_is_named_after_its_type_and_is_valid() -> None:
    files = list(FOLDER.glob("*.json"))
    assert files
    for path in files:
        schema = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        slug = schema["title"].lower().replace(" ", "-")
        assert (path.stem, schema["$id"]) == (slug, f"urn:kept:event:{slug}:1")


@pytest.mark.parametrize("detail_type", sorted(schemas()))
def test_no_schema_has_room_for_free_text(detail_type: str) -> None:
    schema = schemas()[detail_type]
    allowed = WORDS | (WORDS_FOR_A_CALLER if detail_type == "Call Required" else set())
    assert schema["additionalProperties"] is False
    for name, given in schema["properties"].items():
        assert given["type"] in {"string", "integer"}, name
        if given["type"] == "string" and name not in allowed:
            assert "enum" in given or "pattern" in given, f"{name} could hold anybody's words"
            words = {**dict.fromkeys(schema["required"], 1), name: "Gemma lives at Calle Mayor 1"}
            assert any(f" {name}:" in fault for fault in faults(detail_type, words)), f"{name} takes a sentence"


def life() -> list[Change]:
    """A promise that is made, has news, is kept and acknowledged, and one that is withdrawn."""
    making = Making(
        source="shop",
        ref="order 1234/ä",
        kind=Kind.PERSONAL,
        what="I will call you",
        due_at=NOW + timedelta(days=1),
        customer_ref="c-1",
        time_zone="Europe/Madrid",
    )
    made = make(making, NOW)
    news = progress(made.promise, "the technician is there", NOW, tell_now=False)
    kept = keep(news.promise, "it works again", NOW + timedelta(hours=1))
    pressed = acknowledge(kept.promise, NOW + timedelta(hours=2), notice="u1")
    withdrawn = withdraw(made.promise, "the order was cancelled", NOW)
    return [made, news, kept, pressed, withdrawn]


def test_what_is_published_fits_its_schema_and_holds_nobody_s_words() -> None:
    for change in life():
        assert change.facts
        for fact in change.facts:
            event = event_of(fact, change.promise)
            detail = {**event.detail, "id": event.id, "at": event.at.isoformat()}
            assert faults(event.type, detail) == []
            assert not fact.text or fact.text not in json.dumps(detail)
