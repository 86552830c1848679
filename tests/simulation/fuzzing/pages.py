"""Attempts on the pages behind links: tokens, nonces and forms that are forged, borrowed, or full of hostile values."""

from collections.abc import Sequence
from urllib.parse import quote_from_bytes, urlencode

from tests.simulation.fuzzing.attempts import Attempt, Draw, Maker, with_noise
from tests.simulation.fuzzing.estate import Holding
from tests.simulation.fuzzing.gateway import FORM, Request

# What each page's own form may hold.
FIELDS = {
    "/p": {"action": ("acknowledge", "stay", "cancel", "answer"), "kept": ("yes", "partly", "no"), "expected": ()},
    "/c": {
        "answer": ("on_track", "late", "done"),
        "word": (),
        "reason": ("el camión se averió",),
        "done_so_far": ("otro transportista",),
        "solution": ("llega el día 8",),
        "offer_text": ("5 € menos",),
        "new_due_at": ("2026-12-08T18:00",),
        "case": ("delay", "wrong_item", "terms", "other"),
        "offer_kind": ("gift", "special", "free_shipping", "upgrade"),
    },
    "/k": {"what": ("Envío gratis",), "by_whom": ("Ana",), "when": ("ayer",), "evidence": ("por chat",)},
}


def showing(method: str, page: str) -> Maker:
    """Return what makes requests to show a page: none of them may ever change anything."""

    def make(draw: Draw) -> Attempt:
        held = _held(draw, page)
        token, entitled = held.tokens[page], True
        if draw.seldom(0.7):
            token, entitled = _forged(draw, page, held), False
        more = [(draw.chance.choice(["choose", "answer", "x", "T", draw.text()]), draw.text()) for _ in range(2)]
        query = [*more, ("t", token)] if draw.seldom(0.9) else [("t", draw.text()), ("t", token)]
        request = Request(method, page, {"accept-language": draw.text()}, query=query)
        return Attempt(f"{page} shown", with_noise(draw, request), entitled)

    return make


def acting(page: str) -> Maker:
    """Return what makes requests to act on a page."""

    def make(draw: Draw) -> Attempt:
        held = _held(draw, page)
        token, nonce, entitled = held.tokens[page], held.nonces.get(page, ""), True
        how = draw.chance.random()
        if how < 0.3:
            token, entitled = _forged(draw, page, held), False
        elif how < 0.6 or not nonce:
            nonce, entitled = _forged_nonce(draw, page, held), False
        form = [*_form(draw, page), ("nonce", nonce)]
        body = _written(draw, form) if entitled or draw.seldom(0.8) else draw.stock.bytes(draw.chance)
        request = Request("POST", page, {"content-type": FORM}, body, (("t", token),))
        return Attempt(f"{page} acted on", with_noise(draw, request), entitled)

    return make


def _held(draw: Draw, page: str) -> Holding:
    return draw.chance.choice([each for each in draw.estate.holdings.values() if page in each.tokens])


def _forged(draw: Draw, page: str, held: Holding) -> str:
    """Return a token that does not open this page: changed, made up, another page's, or a form's."""
    real = held.tokens[page]
    others = [token for name, token in held.tokens.items() if token != real]
    forms = [nonce for nonce in held.nonces.values() if nonce]
    return draw.chance.choice([draw.text(), *_changed(draw, real), *others, *forms])


def _forged_nonce(draw: Draw, page: str, held: Holding) -> str:
    """Return a nonce that does not act here: changed, made up, the link itself, another page's or another promise's."""
    real = held.nonces.get(page, "")
    others = [nonce for name, nonce in held.nonces.items() if name != page]
    others += [each.nonces[page] for each in draw.estate.holdings.values() if each != held and page in each.nonces]
    return draw.chance.choice([draw.text(), *_changed(draw, real or "x" * 54), *others, held.tokens[page]])


def _changed(draw: Draw, token: str) -> Sequence[str]:
    at = draw.chance.randrange(len(token))
    other = draw.chance.choice([each for each in "aA0-_.=%+é\x00" if each != token[at]])
    return token[:at] + other + token[at + 1 :], token[:at], token + other, other + token, token.swapcase()


def _form(draw: Draw, page: str) -> list[tuple[str, str]]:
    """Fill in a form: most fields as they should be, some hostile, some twice, now and then far too many."""
    chance = draw.chance
    share = chance.choice([0.05, 0.1, 0.3])
    fields = []
    for name, usual in FIELDS[page].items():
        hostile = draw.seldom(share) or not usual
        fields.append((name, draw.text(name) if hostile else chance.choice(usual)))
        if draw.seldom(share / 3):
            fields.append((name, draw.text(name)))
    if draw.seldom(0.1):
        fields += [(draw.text(), draw.text()) for _ in range(chance.choice([1, 5, 40]))]
    return fields


def _written(draw: Draw, form: list[tuple[str, str]]) -> bytes:
    """Encode a form as browsers do, or worse."""
    if draw.seldom(0.8):
        return urlencode(form, errors="replace").encode()
    pairs = [(name.encode(errors="replace"), value.encode("utf-16", "replace")) for name, value in form]
    joined = "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs)
    return (joined + draw.chance.choice(["&%", "&%zz=%", "&&&;", "=", "&nonce", "\x00", ""])).encode()
