"""Forged links and forms on every page, through the whole application: none shows or changes anything."""

from collections.abc import Iterator

from chalicelib.security.links import Purpose, Subject, read, sign
from chalicelib.usecases.open_page import FORM_LIFE
from tests.simulation.flips import Tried, forged
from tests.simulation.fuzzing.estate import Estate, Holding, pressed
from tests.simulation.fuzzing.examples import TROUBLE
from tests.simulation.fuzzing.gateway import Request, ask

# What is sent from each page's form: taken, if link and form are right.
_CHECK_IN = {"answer": "late", **{name: TROUBLE[name] for name in ("reason", "done_so_far", "solution")}}
FORMS: dict[str, dict[str, str]] = {
    "/p": {"action": "cancel"},
    "/c": _CHECK_IN | {"offer_text": "5 €", "new_due_at": "2026-12-08T18:00"},
    "/k": {"what": "Envío gratis"},
}
_PURPOSES = {
    "/p": (Purpose.PAGE, Purpose.FORM),
    "/c": (Purpose.CHECK_IN, Purpose.CHECK_IN_FORM),
    "/k": (Purpose.PAGE, Purpose.CLAIM_FORM),
}
_OPEN = ("at-risk", "broken", "chosen")
_OUR_FAULT, _REFUSED = 500, 400


def links(share: tuple[str, str]) -> Tried:
    """Try every forged link and every forged form on one page of one promise."""
    page, ref = share
    estate, tried = Estate(), Tried()
    held = estate.holdings[ref]
    token, nonce = held.tokens[page], held.nonces[page]
    _see_it_taken(page, token, nonce, estate)
    link, form = _PURPOSES[page]
    for what, wrong in (*_forged(link, token, estate), *_borrowed(held, page, estate)):
        for request in (
            Request("GET", page, query=(("t", wrong),)),
            Request("HEAD", page, query=(("t", wrong),)),
            pressed(page, wrong, FORMS[page] | {"nonce": nonce}),
        ):
            _try(request, f"{request.method} {page} with a link: {what}", estate, tried)
    for other in estate.holdings.values():
        if other != held and page in other.tokens:
            request = pressed(page, other.tokens[page], FORMS[page] | {"nonce": nonce})
            _try(request, f"POST {page} of promise {other.ref} with the form of {ref}", estate, tried)
    for what, wrong in (*_forged(form, nonce, estate), *_borrowed_forms(held, page, estate)):
        _try(pressed(page, token, FORMS[page] | {"nonce": wrong}), f"POST {page} with a form: {what}", estate, tried)
    return tried


def shares() -> list[tuple[str, str]]:
    """Return every page of every promise that can be acted on."""
    return [(page, ref) for page in FORMS for ref in _OPEN]


def _see_it_taken(page: str, token: str, nonce: str, estate: Estate) -> None:
    """See that link and form are right: otherwise it would say nothing that forged ones are refused."""
    answer = estate.press(page, token, FORMS[page] | {"nonce": nonce})
    if answer.status != 200 or estate.footprint.is_unchanged():
        raise AssertionError(f"a form of {page} that is right was answered {answer.status}")
    estate.footprint.put_back()


def _forged(purpose: Purpose, token: str, estate: Estate) -> Iterator[tuple[str, str]]:
    keys = estate.world.secrets.link_keys()
    return forged(read(keys, purpose, token, estate.now), purpose, keys, estate.now)


def _borrowed(held: Holding, page: str, estate: Estate) -> Iterator[tuple[str, str]]:
    """Yield links of this promise that are no links to this page."""
    yield "", ""
    yield "its own form", held.nonces[page]
    for other, token in held.tokens.items():
        if token != held.tokens[page]:
            yield f"the one to {other}", token
    keys, purpose = estate.world.secrets.link_keys(), _PURPOSES[page][0]
    subject = read(keys, purpose, held.tokens[page], estate.now)
    unsent, unmade = Subject(subject.promise_id, f"{subject.notice}9"), Subject("a" * 24, subject.notice)
    yield "a notice that was never sent", sign(keys, purpose, unsent, estate.now + FORM_LIFE)
    yield "a promise that was never made", sign(keys, purpose, unmade, estate.now + FORM_LIFE)


def _borrowed_forms(held: Holding, page: str, estate: Estate) -> Iterator[tuple[str, str]]:
    """Yield forms that are right elsewhere: on another page, or on another promise."""
    yield "", ""
    yield "the link itself", held.tokens[page]
    for other, nonce in held.nonces.items():
        if other != page:
            yield f"the one of {other}", nonce
    for ref, other_one in estate.holdings.items():
        if ref != held.ref and (nonce := other_one.nonces.get(page)):
            yield f"the one of promise {ref}", nonce


def _try(request: Request, what: str, estate: Estate, tried: Tried) -> None:
    answer = ask(request, estate.world)
    tried.tried += 1
    if answer.status >= _OUR_FAULT:
        tried.unhandled.append(f"{what}: {answer.status}")
    elif answer.status < _REFUSED:
        tried.accepted.append(f"{what}: {answer.status}")
    if not estate.footprint.is_unchanged():
        tried.accepted.append(f"{what}: {answer.status}, and something changed")
        estate.footprint.put_back()
