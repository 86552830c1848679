"""What every page shares: the one style sheet, its policy, and the pages for links that open nothing right now."""

import base64
import hashlib

from chalicelib.messages.given import clean
from chalicelib.messages.locales import catalogue_of, resolve
from chalicelib.messages.phrases import phrases_for
from chalicelib.messages.rendering import TEMPLATES, render
from chalicelib.messages.views import Brand

STYLE = (TEMPLATES / "page.css").read_text(encoding="utf-8")


def policy_for(style: str) -> str:
    """Return the Content-Security-Policy of a page: it runs no script, loads nothing and may not be framed.

    Its one style sheet is allowed by its hash.
    """
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{allowed}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; img-src 'none'"
    )


CSP = policy_for(STYLE)

# One tag for each catalogue, in the order in which the pages for every language speak them.
_EVERY_LANGUAGE = ("en", "es", "pt-BR", "pt-PT")


def dead_link_page(locale_hint: str | None, brand: Brand) -> str:
    """Return the one page for links that are expired, tampered with or unknown: it gives no hint which.

    It speaks the language of the hint (a tag or an Accept-Language value) or of the brand first, then the others.
    """
    return _in_every_language("dead", locale_hint, brand)


def unavailable_page(locale_hint: str | None, brand: Brand) -> str:
    """Return the page for when something is down for a moment: nothing is lost, and a retry helps.

    It speaks the language of the hint (a tag or an Accept-Language value) or of the brand first, then the others.
    """
    return _in_every_language("unavailable", locale_hint, brand)


def _in_every_language(name: str, locale_hint: str | None, brand: Brand) -> str:
    first = resolve(locale_hint, brand)
    say = phrases_for(first, brand)
    others = [tag for tag in _EVERY_LANGUAGE if catalogue_of(tag) != catalogue_of(first)]
    return render(
        "fallback.html",
        style=STYLE,
        tag=first,
        title=f"{say(f'{name}.title')} · {clean(brand.name)}",
        brand=clean(brand.name),
        name=name,
        say=say,
        others=[(tag, phrases_for(tag, brand)) for tag in others],
    )
