"""The claim page: the form by which a customer tells us of a promise that nobody wrote down."""

from chalicelib.messages.form import LONGEST_EVIDENCE, LONGEST_NAME, LONGEST_TITLE, Field
from chalicelib.messages.given import clean, title
from chalicelib.messages.locales import resolve
from chalicelib.messages.page_views import ClaimPageView
from chalicelib.messages.pages import STYLE
from chalicelib.messages.phrases import Phrases, phrases_for
from chalicelib.messages.rendering import render

# What was promised and what there is to show for it may take several lines; a name and a day take one.
_FIELDS = {"what": LONGEST_TITLE, "by_whom": LONGEST_NAME, "when": LONGEST_NAME, "evidence": LONGEST_EVIDENCE}
_LINES = {"by_whom", "when"}


def claim_page(view: ClaimPageView) -> str:
    """Return the form with what was typed and what is wrong with it, or the thanks once the claim was taken."""
    tag = resolve(view.locale, view.brand)
    say = phrases_for(tag, view.brand)
    asked = ("evidence",) if view.more else tuple(_FIELDS)
    fields = [] if view.sent else [_field(name, view, say) for name in asked]
    kind = "claim_page.more" if view.more else "claim_page"
    heading = say("claim_page.sent.title" if view.sent else f"{kind}.title")
    brand = clean(view.brand.name)
    return render(
        "claim.html",
        style=STYLE,
        tag=tag,
        say=say,
        brand=brand,
        heading=heading,
        title=say("page.title", what=heading, brand=brand),
        about=say("claim_page.about", what=title(view.about)),
        alert=say("claim_page.expired") if view.form_expired else None,
        faults=[(field.id, field.fault) for field in fields if field.fault],
        intro=say(f"{kind}.intro"),
        thanks=say(f"{kind}.sent"),
        fields=fields,
        form_nonce=view.form_nonce,
        sent=view.sent,
    )


def _field(name: str, view: ClaimPageView, say: Phrases) -> Field:
    code = view.errors.get(name)
    fault = say(f"claim_page.error.{name}.{code}") if code else None
    kind = "claim_page.more" if view.more else "claim_page"
    label, hint = say(f"{kind}.{name}"), say(f"claim_page.{name}.hint")
    value = view.given.get(name, "")
    return Field(name, name, label, value, fault, hint, is_line=name in _LINES, most=_FIELDS[name])
