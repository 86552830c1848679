"""The promise page over HTTP: shown by GET, acted on by POST, one kind page for every dead link."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.messages import texts
from tests.http import Http
from tests.world import World

SCANNERS = [
    "Mozilla/5.0 (compatible; Microsoft Outlook SafeLinks)",
    "Barracuda Sentinel (EE)",
    "Mozilla/5.0 (compatible; proofpoint-urldefense)",
    "Mimecast-URL-Protect",
    "GoogleImageProxy",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1",
    "WhatsApp/2.23",
]


def snapshot(world: World) -> tuple[Any, ...]:
    store = world.store
    return dict(store.promises), dict(store.noted), dict(store.notices), dict(store.clocks), dict(store.profiles)


@pytest.fixture
def opened() -> tuple[Http, str]:
    """Return a client, and the address of the page of a promise that was just confirmed."""
    world = World(texts=texts)  # type: ignore[arg-type]
    world.make(at=(timedelta(minutes=5),))
    world.drain()
    token = re.search(r"t=([\w.\-]+)", world.email.delivered[0].text)
    assert token
    return Http(world), f"/p?t={token[1]}"


def nonce_in(html: str) -> str:
    found = re.search(r'name="nonce"\s+value="([^"]+)"', html)
    assert found
    return found[1]


def test_the_page_shows_the_promise_and_is_kept_from_caches_robots_and_referrers(opened: tuple[Http, str]) -> None:
    http, path = opened
    response = http.get(path)
    assert response.status_code == 200
    assert "Tu pedido 1234 llega" in response.body.decode()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "<script" not in response.body.decode()


def test_pressing_got_it_is_recorded_and_a_second_press_shows_the_same_page(opened: tuple[Http, str]) -> None:
    http, path = opened
    nonce = nonce_in(http.get(path).body.decode())
    first = http.press(path, action="acknowledge", nonce=nonce)
    second = http.press(path, action="acknowledge", nonce=nonce)
    assert first.status_code == second.status_code == 200
    assert nonce_free(first.body) == nonce_free(second.body)
    assert http.world.facts().count("Acknowledged") == 1


def nonce_free(body: bytes) -> str:
    return re.sub(r'value="[^"]+"', "", body.decode())


@pytest.mark.parametrize(
    "fields", [{}, {"action": "acknowledge"}, {"action": "acknowledge", "nonce": "x"}, {"action": "fly"}]
)
def test_a_press_that_is_not_from_our_form_changes_nothing(opened: tuple[Http, str], fields: dict[str, str]) -> None:
    http, path = opened
    before = snapshot(http.world)
    response = http.press(path, **fields)
    assert response.status_code == 403
    assert snapshot(http.world) == before
    assert nonce_in(response.body.decode())


def test_a_form_body_of_garbage_changes_nothing(opened: tuple[Http, str]) -> None:
    http, path = opened
    before = snapshot(http.world)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"\xff\xfe\x00", b"&" * 50, b"a=" * 50, b"action=acknowledge&nonce=%ff%00"):
        assert http.request("POST", path, form, body).status_code == 403
    assert snapshot(http.world) == before


@pytest.mark.parametrize("path", ["/p", "/p?t=", "/p?t=x", "/p?t=" + "a" * 54, "/p?t=%00%ff", "/p?x=1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_dead_link_gets_the_same_kind_page(opened: tuple[Http, str], path: str, method: str) -> None:
    http, _ = opened
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    response = http.request(method, path, form, b"action=acknowledge&nonce=x" if method == "POST" else b"")
    assert response.status_code == 404
    assert response.body == http.get("/p?t=another").body
    assert response.headers["Cache-Control"] == "no-store"


def test_an_expired_link_gets_the_same_page_as_a_forged_one(opened: tuple[Http, str]) -> None:
    http, path = opened
    forged = http.get("/p?t=forged").body
    http.world.system.time += timedelta(days=93)
    assert http.get(path).body == forged


def test_a_thousand_scanner_visits_write_nothing(opened: tuple[Http, str]) -> None:
    http, path = opened
    before = snapshot(http.world)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for visit in range(1000):
        agent = {"User-Agent": SCANNERS[visit % len(SCANNERS)], "Purpose": "prefetch"}
        method = ["GET", "HEAD", "POST"][visit % 3]
        body = b"action=acknowledge" if method == "POST" else b""
        http.request(method, path, agent | (form if method == "POST" else {}), body)
    assert snapshot(http.world) == before
