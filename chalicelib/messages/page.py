"""The pages that a customer opens from a link: the promise, and the one for links that do not work."""

import base64
import hashlib

from chalicelib.messages.given import begun, clean
from chalicelib.messages.locales import catalogue_of, resolve
from chalicelib.messages.money import money
from chalicelib.messages.phrases import phrases_for
from chalicelib.messages.rendering import TEMPLATES, render
from chalicelib.messages.speech import Speech
from chalicelib.messages.timeline import told
from chalicelib.messages.views import Brand, PageView

_STYLE = (TEMPLATES / "page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

# The pages run no script, load nothing, and may not be framed; their one style sheet is allowed by its hash.
CSP = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; img-src 'none'"
)

# One tag for each catalogue, in the order in which the page for dead links speaks them.
_EVERY_LANGUAGE = ("en", "es", "pt-BR", "pt-PT")


def promise_page(view: PageView) -> str:
    """Return the page of a promise: what, by when, the next word, what happened so far, and the button."""
    speech = Speech(view)
    say = speech.say
    return render(
        "promise.html",
        style=_STYLE,
        tag=speech.tag,
        say=say,
        brand=clean(view.brand.name),
        what=begun(speech.what),
        title=say("page.title", what=_title(view, speech), brand=clean(view.brand.name)),
        kicker=say(f"page.kicker.{speech.kind}"),
        standing=_standing(view, speech),
        next_word=_next_word(view, speech),
        details=_details(view, speech),
        acknowledged=_acknowledged(view, speech),
        just_acknowledged=view.just_acknowledged,
        form_expired=view.form_expired,
        form_nonce=view.form_nonce,
        timeline=told(view.timeline, speech),
        zone=say("page.zone", zone=speech.zone) if speech.zone else None,
    )


def dead_link_page(locale_hint: str | None, brand: Brand) -> str:
    """Return the one page for links that are expired, tampered with or unknown: it gives no hint which.

    It speaks the language of the hint (a tag or an Accept-Language value) or of the brand first, then the others.
    """
    first = resolve(locale_hint, brand)
    others = [tag for tag in _EVERY_LANGUAGE if catalogue_of(tag) != catalogue_of(first)]
    return render(
        "dead_link.html",
        style=_STYLE,
        tag=first,
        say=phrases_for(first, brand),
        brand=clean(brand.name),
        others=[(tag, phrases_for(tag, brand)) for tag in others],
    )


def _title(view: PageView, speech: Speech) -> str:
    """Return what a screen reader says first: after the press, that it was taken."""
    return speech.say("ack.thanks.heading") if view.just_acknowledged else begun(speech.what)


def _standing(view: PageView, speech: Speech) -> str:
    if view.status == "kept":
        late = any(line.name == "PromiseKept" and line.at > view.due_at for line in view.timeline)
        return speech.say(f"page.{'kept_late' if late else 'kept'}.{speech.kind}")
    if view.status == "withdrawn":
        return speech.say(f"page.withdrawn.{speech.kind}")
    when = "after" if view.status == "broken" else "before"
    due = speech.calendar.say(view.due_at)
    return speech.say(f"term.{when}.{speech.kind}", by=due.by, on=due.on, plain=due.plain)


def _next_word(view: PageView, speech: Speech) -> str | None:
    if view.next_contact_at is None or view.status in {"kept", "withdrawn"}:
        return None
    at = speech.calendar.say(view.next_contact_at)
    return speech.say("next.again", by=at.by, on=at.on, plain=at.plain)


def _details(view: PageView, speech: Speech) -> list[tuple[str, str]]:
    name, team = clean(view.promiser_name), clean(view.promiser_team)
    contact = speech.say("page.contact", name=name, team=team) if name and team else name or begun(team)
    rows = {
        "page.label.contact": contact,
        "page.label.order": clean(view.order),
        "page.label.amount": money(view.amount, view.currency, speech.tag) or "",
    }
    return [(speech.say(label), value) for label, value in rows.items() if value]


def _acknowledged(view: PageView, speech: Speech) -> str | None:
    if view.acknowledged_at is None:
        return None
    at = speech.calendar.say(view.acknowledged_at)
    return speech.say("ack.thanks", by=at.by, on=at.on, plain=at.plain)
