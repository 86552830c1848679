"""Compile the message catalogues, after checking that every language says the same things.

`python -m infra.catalogues` compiles them all; a fault names every place that must be mended and compiles nothing.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chalicelib.messages.locales import DEFAULT_REGISTERS
from chalicelib.messages.phrases import CATALOGUES, DOMAIN
from chalicelib.messages.views import Register

REFERENCE = "en"

# What stands in for the others: every form of a moment may be chosen by a language to suit its grammar.
MOMENT_FORMS = {"by", "on", "plain"}


class CatalogueFault(Exception):
    """What is wrong with the catalogues, one line each."""


def compile_all(folder: Path = CATALOGUES) -> list[Path]:
    """Compile every catalogue and return the compiled files. Raises CatalogueFault, with every fault at once."""
    catalogues = {path.parent.name: _read(path) for path in sorted(folder.glob("*/LC_MESSAGES"))}
    if REFERENCE not in catalogues:
        raise CatalogueFault(f"no catalogue for {REFERENCE} in {folder}")
    faults = [fault for name, each in catalogues.items() for fault in _faults(name, each, catalogues[REFERENCE])]
    if faults:
        raise CatalogueFault("\n".join(faults))
    return [_write(each, folder / name / "LC_MESSAGES" / f"{DOMAIN}.mo") for name, each in catalogues.items()]


def _read(folder: Path) -> Catalog:
    """Return one language: its files, one for each subject, together. Raises CatalogueFault for what is said twice."""
    language = folder.parent.name
    # Babel stamps the minute of reading where the source has no date: the same source must give the same bytes.
    whole = Catalog(locale=language, domain=DOMAIN, creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as source:
            subject = read_po(source, locale=language, abort_invalid=True)
        for message in subject:
            if message.id and whole.get(_key(message), message.context):
                raise CatalogueFault(f"{language}: {_key(message)} is said twice, the second time in {path.name}")
            if message.id:
                whole[message.id] = message
        whole.obsolete.update(subject.obsolete)
    return whole


def _faults(name: str, catalogue: Catalog, reference: Catalog) -> Iterator[str]:
    expected = {_key(each): each for each in reference if each.id and not each.context}
    found = {_key(each) for each in catalogue if each.id and not each.context}
    for key in sorted(expected.keys() - found):
        yield f"{name}: {key} is missing"
    for key in sorted(found - expected.keys()):
        yield f"{name}: {key} is not in {REFERENCE}"
    for key in sorted(_key(each) for each in catalogue.obsolete.values()):
        yield f"{name}: {key} is obsolete"
    for each in catalogue:
        if each.id and _key(each) not in expected and each.context:
            yield f"{name}: {_key(each)} ({each.context}) is not in {REFERENCE}"
        elif each.id and _key(each) in expected:
            yield from _message_faults(name, each, expected[_key(each)], catalogue.num_plurals)


def _message_faults(name: str, message: Message, reference: Message, forms: int) -> Iterator[str]:
    where = f"{name}: {_key(message)}" + (f" ({message.context})" if message.context else "")
    if message.fuzzy:
        yield f"{where} is fuzzy"
    if message.context and message.context not in _other_registers(name):
        yield f"{where} is no register of this language besides its default"
    if bool(message.pluralizable) is not bool(reference.pluralizable):
        yield f"{where} has plural forms in one language only"
    texts = _texts(message)
    if not all(texts) or (message.pluralizable and len(texts) != forms):
        yield f"{where} has an empty or missing text"
    allowed = set().union(*(_places(text) for text in _texts(reference)))
    for text in texts:
        if (places := _places(text)) != allowed and not (len(texts) > 1 and places < allowed):
            yield f"{where} has the places {sorted(places)}, {REFERENCE} has {sorted(allowed)}"


def _other_registers(name: str) -> set[str]:
    return {each.value for each in Register if name in DEFAULT_REGISTERS and each is not DEFAULT_REGISTERS[name]}


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _places(text: str) -> set[str]:
    named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return (named - MOMENT_FORMS) | ({"a moment"} if named & MOMENT_FORMS else set())


def _write(catalogue: Catalog, target: Path) -> Path:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    # Test workers compile at the same time: a finished file is put in place whole, and only when it says something new.
    if not target.exists() or target.read_bytes() != compiled.getvalue():
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft:
            draft.write(compiled.getvalue())
        Path(draft.name).chmod(0o644)
        Path(draft.name).replace(target)
    return target


def main() -> int:
    """Compile and say what was done. Returns the exit code."""
    try:
        compiled = compile_all()
    except CatalogueFault as fault:
        print(f"The catalogues do not agree:\n{fault}", file=sys.stderr)
        return 1
    print(f"compiled {len(compiled)} catalogues: {', '.join(path.parent.parent.name for path in compiled)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
