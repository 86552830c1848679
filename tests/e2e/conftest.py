"""One stack, one browser and one ear on the bus for all end-to-end tests."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.local import stack
from infra.local.debian import find_chromium
from tests.e2e.bus import Bus
from tests.e2e.canary import look
from tests.e2e.outside import Outside
from tests.e2e.places import Places

# Nothing but the pages under test: no sandbox (tests may run as root), no calls home, no second look at a certificate.
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with stack.for_tests(tmp_path_factory.mktemp("stack")) as running:
        yield Outside(running)


@pytest.fixture(scope="session")
def bus(outside: Outside) -> Iterator[Bus]:
    with Bus.listening(outside.stack) as listening:
        yield listening


@pytest.fixture(scope="session")
def places(outside: Outside, bus: Bus) -> Places:
    return Places(outside, bus)


@pytest.fixture(scope="module", autouse=True)
def canary(outside: Outside, bus: Bus, places: Places) -> Iterator[None]:
    """After each story, look for its people everywhere; then erase them, and look again."""
    outside.people.forget()
    places.begin()
    yield
    look(outside, bus, places)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_chromium(os.environ)
    assert chromium, "The browser test needs Chromium: apt-get install chromium, or name yours in KEPT_CHROMIUM"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield started
        started.close()
