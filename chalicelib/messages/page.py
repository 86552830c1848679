"""The promise page: what was promised, how it stands, the choice if there is one, and what happened so far."""

from chalicelib.messages import page_choice, page_claimed, page_feedback
from chalicelib.messages.apology_words import asking
from chalicelib.messages.form import LONGEST_TEXT
from chalicelib.messages.given import begun, clean
from chalicelib.messages.money import money
from chalicelib.messages.page_views import PageView
from chalicelib.messages.pages import STYLE
from chalicelib.messages.rendering import render
from chalicelib.messages.speech import Speech
from chalicelib.messages.timeline import told

_OVER = {"kept", "withdrawn", "cancelled"}


def promise_page(view: PageView) -> str:
    """Return the page of a promise: what, by when, the next word, the choice or the button, what happened so far."""
    speech = Speech(view)
    say = speech.say
    choice = page_choice.choice(view, speech)
    return render(
        "promise.html",
        style=STYLE,
        tag=speech.tag,
        say=say,
        brand=clean(view.brand.name),
        what=begun(speech.what),
        title=say("page.title", what=_title(view, speech), brand=clean(view.brand.name)),
        alert=_alert(view, speech, asks=bool(choice and choice.ways)),
        kicker=page_claimed.kicker(view, speech),
        standing=page_claimed.standing(view, speech) or _standing(view, speech),
        next_word=_next_word(view, speech),
        details=_details(view, speech),
        standard=clean(view.standard),
        trouble=page_choice.trouble(view, speech),
        choice=choice,
        found=page_claimed.found(view, speech),
        feedback=page_feedback.feedback(view, speech),
        longest=LONGEST_TEXT,
        asks_acknowledgement=not (page_choice.is_open(view) or view.status == "cancelled" or view.just_chosen),
        acknowledged=_acknowledged(view, speech),
        just_acknowledged=view.just_acknowledged,
        form_nonce=view.form_nonce,
        timeline=told(view.timeline, speech),
        tell=page_claimed.tell(view, speech),
        claim_link=view.claim_link,
        zone=say("page.zone", zone=speech.zone) if speech.zone else None,
    )


def _title(view: PageView, speech: Speech) -> str:
    """Return what a screen reader says first: after a press, that it was taken."""
    if view.just_chosen:
        chosen = view.recovery.choice if view.recovery else None
        return speech.say(f"choice.thanks.{chosen or 'cancel'}")
    if view.just_answered:
        return speech.say("feedback.thanks")
    return speech.say("ack.thanks.heading") if view.just_acknowledged else begun(speech.what)


def _alert(view: PageView, speech: Speech, *, asks: bool) -> str | None:
    if view.too_late:
        return speech.say("choice.too_late")
    if view.form_expired:
        return speech.say("choice.expired" if asks else "ack.expired")
    return None


def _standing(view: PageView, speech: Speech) -> str:
    if view.is_contested:
        return f"{speech.say('page.contested')} {asking(view, speech)}"
    if view.status == "kept":
        return _kept(view, speech)
    if view.status == "withdrawn":
        return speech.say(f"page.withdrawn.{speech.kind}")
    if view.status == "cancelled":
        return speech.say("page.cancelled")
    if view.status == "at_risk":
        return speech.dated("page.at_risk" if view.recovery else "page.doubt", view.due_at)
    if view.status == "broken" and view.recovery:
        return speech.dated("page.broken", view.due_at)
    return speech.dated(f"term.{'after' if view.status == 'broken' else 'before'}.{speech.kind}", view.due_at)


def _kept(view: PageView, speech: Speech) -> str:
    if page_claimed.was_late(view):
        return speech.say(f"page.kept_late.{speech.kind}")
    return speech.say("page.kept.otherwise" if view.says_otherwise else f"page.kept.{speech.kind}")


def _next_word(view: PageView, speech: Speech) -> str | None:
    if view.next_contact_at is None or view.status in _OVER:
        return None
    if view.claim and view.next_contact_at == view.due_at:
        return None  # how the claim stands names that moment already
    return speech.dated("next.again", view.next_contact_at)


def _details(view: PageView, speech: Speech) -> list[tuple[str, str]]:
    # Whoever is said to have given their word does not look after the claim.
    name, team = ("", "") if view.claim else (clean(view.promiser_name), clean(view.promiser_team))
    contact = speech.say("page.contact", name=name, team=team) if name and team else name or begun(team)
    rows = {
        "page.label.contact": contact,
        "page.label.order": clean(view.order),
        "page.label.amount": money(view.amount, view.currency, speech.tag) or "",
    }
    known = [(speech.say(label), value) for label, value in rows.items() if value]
    return [*page_claimed.details(view.claim, speech), *known]


def _acknowledged(view: PageView, speech: Speech) -> str | None:
    return speech.dated("ack.thanks", view.acknowledged_at) if view.acknowledged_at else None
