"""Which languages we speak, and in which register a brand speaks them."""

import re

from chalicelib.messages.views import Brand, Register

_TAG = re.compile(r"(?P<language>en|es|pt)(?:[-_](?P<region>[a-z]{2}|[0-9]{3}))?", re.IGNORECASE)

# Spanish is written for every region. "pt" alone is turned down: which Portuguese it means would be a guess.
_REGIONS: dict[str, set[str | None]] = {"en": {None, "GB", "US"}, "pt": {"BR", "PT"}}

_CATALOGUES = {"en": "en", "es": "es", "pt-BR": "pt_BR", "pt-PT": "pt_PT"}

# What a brand that has not chosen gets; each catalogue's plain entries are written in this register.
DEFAULT_REGISTERS = {"es": Register.INFORMAL, "pt_PT": Register.FORMAL}


def supported(tag: str) -> bool:
    """Tell whether a language tag (BCP 47, any case, `-` or `_`) is one that we speak."""
    return _canonical(tag) is not None


def resolve(tag: str | None, brand: Brand) -> str:
    """Return the canonical form of a supported tag; otherwise the brand's language, and English if that fails too.

    A whole Accept-Language value may be given: its first supported tag counts.
    """
    wanted = [each.partition(";")[0].strip() for each in (tag or "").split(",")]
    for each in (*wanted, brand.locale):
        if found := _canonical(each):
            return found
    return "en"


def catalogue_of(tag: str) -> str:
    """Return the name of the catalogue for a canonical tag: `es-MX` reads `es`."""
    return _CATALOGUES.get(tag) or _CATALOGUES[tag.partition("-")[0]]


def register_of(tag: str, brand: Brand) -> Register | None:
    """Return the register a brand has chosen for a language, its default, or None where there is only one."""
    catalogue = catalogue_of(tag)
    default = DEFAULT_REGISTERS.get(catalogue)
    if default is None:
        return None
    chosen = {_canonical(each): register for each, register in brand.registers.items()}
    return chosen.get(tag) or chosen.get(catalogue.replace("_", "-")) or default


def _canonical(tag: str) -> str | None:
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    language, region = match["language"].lower(), match["region"]
    region = region.upper() if region else None
    if language in _REGIONS and region not in _REGIONS[language]:
        return None
    return f"{language}-{region}" if region else language
