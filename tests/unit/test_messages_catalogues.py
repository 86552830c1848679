"""The catalogues say the same things in every language, or nothing is compiled."""

import gettext
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.messages.locales import register_of
from chalicelib.messages.phrases import CATALOGUES, MissingPhrase, phrases_for
from chalicelib.messages.texts import resolve, supported
from chalicelib.messages.views import Brand, Register
from infra.catalogues import CatalogueFault, compile_all
from tests.unit.notices import BRAND, MADRID

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
ENGLISH = 'msgid "hello"\nmsgstr "Hello {name}, by {by}."\n'
SPANISH = 'msgid "hello"\nmsgstr "Hola, {name}, {on}."\n'


def _catalogues(folder: Path) -> Callable[[str], Path]:
    def write(spanish: str, english: str = ENGLISH) -> Path:
        for name, text in (("en", english), ("es", spanish)):
            path = folder / name / "LC_MESSAGES" / "messages.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(HEADER + "\n" + text, encoding="utf-8")
        return folder

    return write


def test_agreeing_catalogues_are_compiled(tmp_path: Path) -> None:
    assert [path.suffix for path in compile_all(_catalogues(tmp_path)(SPANISH))] == [".mo", ".mo"]


def test_the_files_of_a_language_are_one_catalogue(tmp_path: Path) -> None:
    folder = _catalogues(tmp_path)(SPANISH)
    for name, bye in (("en", "Bye"), ("es", "Adiós")):
        more = folder / name / "LC_MESSAGES" / "endings.po"
        more.write_text(HEADER + f'\nmsgid "bye"\nmsgstr "{bye}"\n', encoding="utf-8")
    compile_all(folder)
    with (folder / "es" / "LC_MESSAGES" / "messages.mo").open("rb") as compiled:
        spanish = gettext.GNUTranslations(compiled)
    assert (spanish.gettext("bye"), spanish.gettext("hello")) == ("Adiós", "Hola, {name}, {on}.")


def test_what_is_said_twice_is_named(tmp_path: Path) -> None:
    folder = _catalogues(tmp_path)(SPANISH)
    (folder / "es" / "LC_MESSAGES" / "again.po").write_text(HEADER + "\n" + SPANISH, encoding="utf-8")
    with pytest.raises(CatalogueFault, match=r"es: hello is said twice, the second time in messages\.po"):
        compile_all(folder)


def test_the_shipped_catalogues_agree() -> None:
    assert len(compile_all()) == 4


@pytest.mark.parametrize(
    ("spanish", "fault"),
    [
        ("", "es: hello is missing"),
        (SPANISH + '\nmsgid "bye"\nmsgstr "Adiós"\n', "es: bye is not in en"),
        (SPANISH + '\nmsgctxt "formal"\nmsgid "bye"\nmsgstr "Adiós"\n', "es: bye (formal) is not in en"),
        ("#, fuzzy\n" + SPANISH, "es: hello is fuzzy"),
        (SPANISH.replace("{name}", "{nombre}"), "es: hello has the places"),
        (SPANISH.replace(", {on}", ""), "es: hello has the places"),
        ('msgid "hello"\nmsgstr ""\n', "es: hello has an empty or missing text"),
        (SPANISH + '\nmsgctxt "royal"\n' + SPANISH, "es: hello (royal) is no register"),
        (SPANISH + '\nmsgctxt "informal"\n' + SPANISH, "es: hello (informal) is no register"),
        (SPANISH + '\n#~ msgid "old"\n#~ msgstr "viejo"\n', "es: old is obsolete"),
        ('msgid "hello"\nmsgid_plural "hello"\nmsgstr[0] "{name} {on}"\nmsgstr[1] "{name} {on}"\n', "plural forms"),
    ],
)
def test_a_disagreement_is_named_and_nothing_is_compiled(tmp_path: Path, spanish: str, fault: str) -> None:
    with pytest.raises(CatalogueFault) as raised:
        compile_all(_catalogues(tmp_path)(spanish))
    assert fault in str(raised.value)
    assert not list(tmp_path.rglob("*.mo"))


def test_a_missing_text_is_a_fault_and_not_a_key_on_a_page() -> None:
    with pytest.raises(MissingPhrase):
        phrases_for("es", BRAND)("no.such.text")


def test_every_compiled_catalogue_is_beside_its_source() -> None:
    assert {path.parent.parent.name for path in CATALOGUES.rglob("*.po")} == {"en", "es", "pt_BR", "pt_PT"}


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [
        ("en", "en"),
        ("EN_gb", "en-GB"),
        ("en-US", "en-US"),
        ("es", "es"),
        ("ES-mx", "es-MX"),
        ("es_419", "es-419"),
        ("pt_br", "pt-BR"),
        ("pt-PT", "pt-PT"),
    ],
)
def test_a_supported_tag_is_known_in_any_spelling(tag: str, canonical: str) -> None:
    assert supported(tag)
    assert resolve(tag, BRAND) == canonical


@pytest.mark.parametrize("tag", ["pt", "pt-AO", "en-AU", "fr", "", "e", "es-", "es-MXX", "ptBR", "x" * 1000])
def test_what_we_do_not_speak_is_turned_down_and_said_in_the_brands_language(tag: str) -> None:
    assert not supported(tag)
    assert resolve(tag, Brand("Acme", MADRID, "pt-PT")) == "pt-PT"
    assert resolve(None, Brand("Acme", MADRID, "tlh")) == "en"


def test_a_register_is_found_by_region_then_by_language_then_by_default() -> None:
    chosen = Brand("Acme", MADRID, "es", {"es": Register.FORMAL, "es-mx": Register.INFORMAL})
    assert register_of("es-MX", chosen) is Register.INFORMAL
    assert register_of("es-AR", chosen) is Register.FORMAL
    assert register_of("es", BRAND) is Register.INFORMAL
    assert register_of("pt-PT", BRAND) is Register.FORMAL
    assert register_of("pt-BR", chosen) is None
