"""Attempts on what is read with a key: promises and claims, people and teams, what was expected, and the report."""

from datetime import timedelta
from urllib.parse import quote, urlencode

from chalicelib.domain.promise import promise_id
from chalicelib.security.report_sessions import LASTS, open_session
from tests.simulation.fuzzing.attempts import Attempt, Draw, Maker, with_noise
from tests.simulation.fuzzing.estate import READ_KEY
from tests.simulation.fuzzing.gateway import FORM, Request
from tests.simulation.fuzzing.values import MOMENTS
from tests.world import SOURCE

REPORT = "/v1/report"
_COOKIE = "kept_report"
_FIELDS = ("source", "ref", "limit", "after", "kind", "standard", "x")


def reading(route: str) -> Maker:
    """Return what makes requests of a read: some with the key and a hostile address, the others without the key."""
    parameters = [part[1:-1] for part in route.split("/") if part.startswith("{")]

    def make(draw: Draw) -> Attempt:
        known = [promise_id(SOURCE, "open"), "c-99", "seller-7", "sales", promise_id(SOURCE, "claim")]
        path = {name: draw.text() if draw.seldom(0.7) else draw.chance.choice(known) for name in parameters}
        path = {name: quote(value, errors="replace") if draw.seldom(0.5) else value for name, value in path.items()}
        query = [("source", SOURCE), ("ref", "open")] if draw.seldom(0.3) else []
        query += [(draw.chance.choice(_FIELDS), draw.text()) for _ in range(draw.chance.randrange(3))]
        query += _days(draw) if draw.seldom(0.2) else []
        headers, entitled = _key(draw)
        request = Request("GET", route, headers, query=query, path=path)
        return Attempt("a read", with_noise(draw, request), entitled)

    return make


def showing_report(draw: Draw) -> Attempt:
    """Ask for the report: as a page or as JSON, with a key, a session, or neither, and for days that make no sense."""
    headers, entitled = _key(draw)
    if draw.seldom(0.4):
        (value, entitled), headers = _session(draw), {}
        headers["cookie"] = draw.chance.choice([f"{_COOKIE}={value}", f'a=b; {_COOKIE}="{value}"'])
    headers["accept"] = draw.chance.choice(["text/html", "application/json", "*/*", draw.text(), f"a;q={draw.text()}"])
    headers["accept-language"] = draw.text()
    query = _days(draw)
    request = with_noise(draw, Request("GET", REPORT, headers, query=query))
    return Attempt("the report", request, entitled)


def showing_key(draw: Draw) -> Attempt:
    """Show a key in the report's form."""
    entitled = draw.seldom(0.2)
    key = READ_KEY if entitled else _wrong_key(draw)
    form = [(draw.text(), draw.text()) for _ in range(draw.chance.choice([0, 0, 1, 9]))]
    body = urlencode([*form, ("key", key)], errors="replace").encode()
    if draw.seldom(0.2):
        entitled, body = False, draw.stock.bytes(draw.chance)
    request = Request("POST", REPORT, {"content-type": FORM}, body, _days(draw))
    return Attempt("a key for the report", with_noise(draw, request), entitled)


def _key(draw: Draw) -> tuple[dict[str, str], bool]:
    how = draw.chance.random()
    if how < 0.5:
        return {"authorization": f"Bearer {READ_KEY}"}, True
    if how < 0.6:
        return {}, False
    return {"authorization": f"{draw.chance.choice(['Bearer', 'bearer', 'Basic', ''])} {_wrong_key(draw)}"}, False


def _wrong_key(draw: Draw) -> str:
    """Return a key that is none: hostile, or a right one with a little too much or too little."""
    return draw.chance.choice([draw.text() + "?", READ_KEY[:-1], READ_KEY + "x", READ_KEY.upper(), f"{READ_KEY}\x00"])


def _session(draw: Draw) -> tuple[str, bool]:
    """Return a session of the report: ours, or one that is over, changed, by a key of somebody else's, or none."""
    now = draw.estate.now
    real = open_session(READ_KEY, now)
    at = draw.chance.randrange(len(real))
    found = [
        (real, True),
        (open_session(READ_KEY, now - LASTS), False),
        (open_session(READ_KEY, now - LASTS - timedelta(seconds=1)), False),
        (open_session("another key", now), False),
        (real[:at], False),
        (real[:at] + ("B" if real[at] == "A" else "A") + real[at + 1 :], at == len(real) - 1),
        (draw.text().replace(";", ""), False),
    ]
    return draw.chance.choice(found)


def _days(draw: Draw) -> list[tuple[str, str]]:
    days = ["2026-11-01", "2026-11-30", "2026-02-30", "2099-12-31", "2000-01-01", "٢٠٢٦-١١-٠١", *MOMENTS]
    names = ["from", "to", "by", "format", "x"]
    chosen = [draw.chance.choice(names) for _ in range(draw.chance.randrange(5))]
    return [(name, draw.text() if draw.seldom(0.5) else draw.chance.choice([*days, "html", "team"])) for name in chosen]
