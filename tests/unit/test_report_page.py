"""The report as a manager sees it: who is let in, what the page says in each language, and what it never does."""

import random
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain.changes import keep
from chalicelib.domain.choices import choose
from chalicelib.domain.feedback import Answer, Perceived, answer
from chalicelib.domain.recovery import Choice, ChosenBy
from chalicelib.domain.reports import By
from chalicelib.domain.risks import open_recovery
from chalicelib.messages import texts
from chalicelib.messages.report_view import ReportView
from chalicelib.security.report_sessions import LASTS
from chalicelib.standards.published import published
from chalicelib.usecases.report import report
from chalicelib.usecases.take_event import PromiseNews
from tests.http import Http
from tests.unit.ledger_facts import count
from tests.unit.random_histories import live
from tests.unit.test_claims import raised, settled
from tests.unit.test_recovery import trouble
from tests.unit.test_report import a_morning, made
from tests.world import PlainTexts, World

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LOCALES = ("en", "es", "pt-BR", "pt-PT")
KEY = {"Authorization": "Bearer read-key"}


class Spoken(PlainTexts):
    """Plain texts, but for the report."""

    REPORT_CSP = texts.REPORT_CSP
    report_page = staticmethod(texts.report_page)  # type: ignore[assignment]
    report_key_page = staticmethod(texts.report_key_page)  # type: ignore[assignment]


@pytest.fixture
def http() -> Http:
    world = a_morning()
    world.texts = Spoken()
    return Http(world)


def opened(http: Http, query: str = "?by=team", **headers: str) -> HTTPResponse:
    return http.get(f"/v1/report{query}", {"Accept": BROWSER, "Accept-Language": "en", **headers})


def show_key(http: Http, key: str, query: str = "") -> HTTPResponse:
    body = urlencode({"key": key}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
    return http.request("POST", f"/v1/report{query}", form, body)


def test_a_browser_gets_a_page_and_a_service_gets_json(http: Http) -> None:
    assert opened(http, **KEY).headers["Content-Type"].startswith("text/html")
    for accept in ("application/json", "*/*", "", "text/html;q=0.5,application/json", "text/html;q=x"):
        assert http.get("/v1/report", {**KEY, "Accept": accept}).headers["Content-Type"] == "application/json"
    assert b"<h1" in http.get("/v1/report?format=html", KEY).body
    assert http.get("/v1/report?format=json", {**KEY, "Accept": BROWSER}).json_body["by"] == "promiser"


def test_without_a_key_a_browser_is_asked_for_one_and_shown_nothing(http: Http) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer another"},
        {"Cookie": "kept_report=99999999999.abc"},
        {"Cookie": "="},
    ):
        page = opened(http, **headers)
        assert page.status_code == 401
        assert b'type="password"' in page.body
        assert b"sales" not in page.body


def test_who_shows_the_key_sees_the_report_for_a_working_day(http: Http) -> None:
    answer = show_key(http, " read-key ", "?by=team")
    assert (answer.status_code, answer.headers["Location"]) == (303, "?by=team&format=html")
    cookie, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "Secure", "SameSite=Strict"} <= set(attributes)
    assert "read-key" not in cookie
    page = opened(http, Cookie=f"other=1; {cookie}")
    assert page.status_code == 200
    assert "sales" in page.body.decode()
    http.world.system.time += LASTS
    assert opened(http, Cookie=cookie).status_code == 401


def test_a_session_ends_with_the_key_that_opened_it(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = show_key(http, "read-key").headers["Set-Cookie"].split(";")[0]
    monkeypatch.setattr(http.world.secrets, "read_keys", lambda: ["another-key", "third-key"])
    assert opened(http, Cookie=cookie).status_code == 401


@pytest.mark.parametrize("body", [b"", b"key=", b"key=wrong", b"\xff\xfe", b"key=%FF"])
def test_a_wrong_key_is_told_and_opens_nothing(http: Http, body: bytes) -> None:
    answer = http.request("POST", "/v1/report", {"Content-Type": "application/x-www-form-urlencoded"}, body)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert b'aria-invalid="true"' in answer.body


def test_a_page_runs_nothing_loads_nothing_and_is_kept_by_nobody(http: Http) -> None:
    for page in (opened(http, **KEY), opened(http)):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "'unsafe-inline'" not in policy
        assert page.headers["Cache-Control"] == "no-store"
        text = page.body.decode()
        assert not re.search(r"<script|<link|<img|\bstyle=|\bon\w+=|https?://", text)


def test_dates_at_fault_are_told_on_the_page_and_stay_in_the_form(http: Http) -> None:
    page = opened(http, "?from=2026-12-01&to=2026-11-01&by=team", **KEY)
    assert page.status_code == 422
    text = page.body.decode()
    assert "The first day comes after the last." in text
    assert 'value="2026-12-01"' in text
    assert "sales" not in text
    assert opened(http, "?from=%22%3E%3Cb%3E", **KEY).body.decode().count("<b>") == 0


class Outline(HTMLParser):
    """What a page is made of, as far as a reader without eyes can tell."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.named: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.labels: set[str | None] = set()
        self.inputs: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(given["id"] or "")
        self.named += (given.get("aria-labelledby") or "").split()
        if tag == "svg":
            self.images.append(given)
        if tag == "label":
            self.labels.add(given.get("for"))
        if tag in {"input", "select"} and given.get("type") != "hidden":
            self.inputs.append(given.get("id"))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("by", list(By))
def test_in_every_language_all_bars_have_words_and_headings_are_in_order(locale: str, by: By) -> None:
    world = World()
    live(world, random.Random(3), promises=25)
    count(world)
    found = report(date(2026, 11, 24), date(2027, 6, 30), by, world)
    given = {"from": "2026-11-24", "to": "2027-06-30", "by": by.value}
    html = texts.report_page(ReportView(locale, world.rules.brand, given, found))
    outline = Outline(html)
    assert f'lang="{locale}"' in html
    assert outline.headings[0] == 1
    assert all(later - sooner <= 1 for sooner, later in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(set(outline.ids)) == len(outline.ids)
    assert set(outline.named) <= set(outline.ids)
    assert all(each.get("role") == "img" or each.get("aria-hidden") == "true" for each in outline.images)
    assert set(outline.inputs) <= outline.labels
    assert "report." not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    assert "None" not in html


def test_the_page_says_what_the_numbers_say(http: Http) -> None:
    text = re.sub(r"\s+", " ", opened(http, **KEY).body.decode())
    assert "Kept on time: 1. Told before it broke: 0. Broken without a word: 3." in text
    assert "25% (of 4)" in text
    assert "From 26 October 2026 to 24 November 2026" in text
    assert "Europe/Madrid" in text


def told(html: str, name: str) -> dict[str, str]:
    """Return what is told of one group, by label."""
    (item,) = (each for each in re.findall(r"<li(?: class=.\w+.)?>\n<h3.+?</li>", html, re.DOTALL) if name in each)
    return dict(re.findall(r"<dt>(.+?)</dt>\s*<dd>(.+?)</dd>", item))


def test_every_group_tells_all_its_figures_under_its_name(http: Http) -> None:
    raised(http)
    settled(http, "promised")
    raised(http, ref="claim-2", what="El precio: incluye el IVA")
    settled(http, "promised", "claim-2")
    world = http.world
    said, policy = Answer(Perceived.NO, "una llamada", "es"), world.rules.policy
    world.tell(PromiseNews("order-1234", lambda known, now: answer(known, said, policy, now)))
    world.make(ref="order-9", due=timedelta(days=2))
    policy = world.rules.policy
    world.tell(PromiseNews("order-9", lambda known, now: open_recovery(known, trouble(), policy, now)))
    world.drain()
    world.tell(PromiseNews("order-9", lambda known, now: choose(known, Choice.STAY, ChosenBy.CUSTOMER, now)))
    count(world)
    html = opened(http, "?by=promiser", **KEY).body.decode()
    ana = told(html, "Ana")
    assert {
        "Kept on time, as recorded": "33% (of 3)",
        "“You kept your word”, customers say": "0% (of 1)",
        "Warning given, in total": "48 h",
        "To stay": "1",
        "Granted": "1",
        "Raised": "2",
        "Found: it was promised": "2",
        "The same thing promised again by the same person": "1",
        "“No”": "1",
        "Told us what they had expected besides": "1",
    }.items() <= ana.items()
    assert "Broken without a word" in ana
    assert "Raised" not in told(html, "Pedro")
    assert told(html, "Pedro")["“You kept your word”, customers say"] == "Nothing to go by yet"


@pytest.mark.parametrize(
    ("locale", "name"), [("es", "Entrega"), ("pt-BR", "Entrega"), ("pt-PT", "Entrega"), ("en", "Delivery")]
)
def test_standards_are_told_by_their_published_names_and_the_sum_of_their_versions_above_each(
    http: Http, locale: str, name: str
) -> None:
    http.world.rules = replace(http.world.rules, standards=published)
    made(http.world, "order-5", standard="we_will_try@1")
    made(http.world, "order-6", standard="our <b>own</b>")
    count(http.world)
    page = opened(http, "?by=standard", **{**KEY, "Accept-Language": locale}).body.decode()
    names = [
        re.sub(r"<[^>]+>", "", each) for each in re.findall(r'<h3 id="group-\d+">(.+?)</h3>', page, flags=re.DOTALL)
    ]
    title = names[0].partition(" · ")[0]
    assert name in title
    assert names[0].startswith(f"{title} · delivery, ")
    assert names[1:3] == [f"{title} · delivery@2", f"{title} · delivery@1"]
    assert next(each for each in names if "we_will_try" in each) != "we_will_try@1"
    assert "our &lt;b&gt;own&lt;/b&gt;" in names
    assert page.count('class="whole"') == 1
    assert page.count('class="version"') == 2


def test_the_newest_of_what_customers_had_expected_stand_on_the_page_in_their_words(http: Http) -> None:
    world = http.world
    world.rules = replace(world.rules, standards=published)
    for n in range(12):
        made(world, f"order-{50 + n}", standard="delivery@1")
        world.tell(PromiseNews(f"order-{50 + n}", lambda known, now: keep(known, None, now)))
        said = Answer(Perceived.YES, f"una <i>llamada</i>\nantes {n}.", "es")
        policy = world.rules.policy
        world.tell(
            PromiseNews(
                f"order-{50 + n}", lambda known, now, said=said, policy=policy: answer(known, said, policy, now)
            )
        )
        world.system.time += timedelta(minutes=1)
    page = opened(http, "?by=kind", **KEY).body.decode()
    quoted = re.findall(r'<blockquote lang="es"><p>(.+?)</p></blockquote>', page)
    assert quoted == [f"una &lt;i&gt;llamada&lt;/i&gt; antes {n}." for n in range(11, 1, -1)]
    assert re.search(r'<p class="beside">24 November 2026 · \w+', page)
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    assert "llamada" not in opened(http, "?by=kind", **KEY).body.decode()


def test_a_name_that_a_report_does_not_know_is_told_on_the_page(http: Http) -> None:
    page = opened(http, "?since=2026-01-01&%3Cb%3E=1&by=team", **KEY)
    assert page.status_code == 422
    text = page.body.decode()
    assert "“since”, which the report does not know" in text
    assert "“&lt;b&gt;”" in text
    assert "sales" not in text


def test_days_on_which_nothing_came_due_say_so(http: Http) -> None:
    page = opened(http, "?from=2026-01-01&to=2026-01-31", **KEY).body.decode()
    assert "No promise came due in these days." in page
    assert page.count("Nothing to go by yet") >= 2


def test_amounts_are_written_as_people_of_the_language_write_them() -> None:
    world = World()
    live(world, random.Random(5), promises=40)
    count(world)
    until = world.system.now().date()
    found = report(until - timedelta(days=365), until, By.KIND, world)
    given = {"from": "", "to": "", "by": "kind"}
    pages = {tag: texts.report_page(ReportView(tag, world.rules.brand, given, found)) for tag in LOCALES}
    assert "10,00\N{NO-BREAK SPACE}€" in pages["es"]
    assert "R$\N{NO-BREAK SPACE}20,00" in pages["pt-BR"]
    assert "€10.00" in pages["en"]
