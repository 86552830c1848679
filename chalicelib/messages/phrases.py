"""The catalogues: whole sentences by key, in one language and register."""

import gettext
from functools import cache
from pathlib import Path

from chalicelib.messages.locales import catalogue_of, register_of
from chalicelib.messages.views import Brand, Register

CATALOGUES = Path(__file__).parent / "catalog"
DOMAIN = "messages"


class MissingPhrase(LookupError):
    """A text that no catalogue holds, or catalogues that were not compiled. A fault of ours, never of the data."""


class Phrases:
    """The sentences of one language and register.

    `twins` are the ends of keys that are tried first, in their order: `expected` for what nobody promised but is
    rightly expected, `limit` for a word given without a date.
    """

    def __init__(self, catalogue: str, register: Register | None, twins: tuple[str, ...] = ()) -> None:
        self._texts = _load(catalogue)
        self._register = register
        self._twins = twins

    def __call__(self, key: str, **values: str) -> str:
        """Return the sentence called `key` with its places filled. Raises MissingPhrase."""
        # Most sentences serve them all: only those that name what was promised, or its date, have a twin.
        twin = next((text for end in self._twins if (text := self._own(f"{key}.{end}"))), None)
        return (twin or self._found(key)).format_map(values)

    def counted(self, key: str, n: int) -> str:
        """Return the sentence called `key` in the form that fits `n` things. Raises MissingPhrase."""
        text = self._texts.ngettext(key, key, n)
        if text == key:
            raise MissingPhrase(key)
        return text.format(n=n)

    def _found(self, key: str) -> str:
        if (text := self._own(key)) is None:
            raise MissingPhrase(key)
        return text

    def _own(self, key: str) -> str | None:
        # A register's own entry comes first; where both registers say the same, the plain entry serves both.
        if self._register and (text := self._texts.pgettext(self._register.value, key)) != key:
            return text
        return text if (text := self._texts.gettext(key)) != key else None


def phrases_for(tag: str, brand: Brand, twins: tuple[str, ...] = ()) -> Phrases:
    """Return the sentences for a canonical language tag, in the register of the brand, `twins` first."""
    return Phrases(catalogue_of(tag), register_of(tag, brand), twins)


def phrases_among_colleagues(tag: str, twins: tuple[str, ...] = ()) -> Phrases:
    """Return the sentences for a canonical language tag in the familiar register, whatever customers are told."""
    return Phrases(catalogue_of(tag), Register.INFORMAL, twins)


@cache
def _load(catalogue: str) -> gettext.GNUTranslations:
    path = CATALOGUES / catalogue / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        with path.open("rb") as compiled:
            return gettext.GNUTranslations(compiled)
    except FileNotFoundError as missing:
        raise MissingPhrase(f"{path} is missing: run python -m infra.catalogues") from missing
