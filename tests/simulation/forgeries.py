"""The measure of what nobody signed: flipped bits, forged links, outdated forms, hostile requests of every route."""

from collections.abc import Iterable

from tests.simulation import flips, flips_http, forged_links, fuzz, outdated_forms
from tests.simulation.flips import Tried
from tests.simulation.measures import Table
from tests.simulation.pool import share

_PARTS = 20
_TOKENS = 20
# The whole application takes so many times as long over a request as a verifier alone.
_HTTP_SHARE = 20


def forgeries(table: Table, flipped: int, requests: int) -> None:
    """Try everything that must be refused: so many flips of either kind of signature, and so many hostile requests."""
    each, some = flipped // _PARTS, flipped // _PARTS // _HTTP_SHARE
    parts, few = [(seed, each) for seed in range(_PARTS)], [(seed, some) for seed in range(_PARTS)]
    tokens = [(seed, _TOKENS) for seed in range(_PARTS)]
    pages = forged_links.shares()
    for name, found, least in (
        ("webhooks with a bit flipped", share(flips.webhooks, parts, "webhooks", show=True), flipped),
        ("  of the whole application", share(flips_http.webhooks, few, "webhooks by HTTP", show=True), 1),
        ("receipts with a bit flipped", share(flips.receipts, parts, "receipts", show=True), flipped),
        ("  of the whole application", share(flips_http.receipts, few, "receipts by HTTP", show=True), 1),
        ("link tokens: bits, truncations, purposes, ages, keys", share(flips.links, tokens, "links", show=True), 1),
        ("links and forms, forged, to the pages", share(forged_links.links, pages, "forged links", show=True), 1),
        ("links and forms, right once and outdated", [outdated_forms.outdated()], 1),
    ):
        _refused(table, name, found, least)
    _hostile(table, requests)


def _refused(table: Table, name: str, found: Iterable[Tried], least: int) -> None:
    whole = Tried()
    for each in found:
        whole.join(each)
    value = f"{whole.tried:,} tried, {len(whole.accepted)} accepted, {len(whole.unhandled)} unhandled"
    good = whole.tried >= least and not whole.accepted and not whole.unhandled
    table.add(name, value, f"≥ {least:,}; 0, 0" if least > 1 else "0, 0", good=good)
    table.red += whole.accepted[:3] + whole.unhandled[:3]


def _hostile(table: Table, requests: int) -> None:
    parts = [(seed, -(-requests // _PARTS)) for seed in range(_PARTS)]
    whole = fuzz.joined(share(fuzz.fuzz, parts, "hostile requests", show=True))
    accepted, unhandled = len(whole.accepted), len(whole.unhandled)
    value = f"{whole.tried:,} tried, {accepted} accepted, {unhandled} unhandled"
    good = whole.tried >= requests and not accepted and not unhandled
    table.add("hostile requests", value, f"≥ {requests:,}; 0, 0", good=good)
    routes, unknown = len(fuzz.routes()), fuzz.unknown()
    table.add("  routes of the application", f"{routes - len(unknown)} of {routes}", "all", good=not unknown)
    table.add("  fewest requests of one route", min(whole.routes.values()))
    for name, all_of_them in (
        ("fields of events, made hostile", fuzz.fields()),
        ("requests of the corpus", fuzz.corpus()),
    ):
        done = sum(each in whole.whats for each in all_of_them)
        table.add(f"  {name}", f"{done} of {len(all_of_them)}", "all", good=done == len(all_of_them))
    table.add("  rightly signed or pressed, and taken", whole.rightly)
    answers = ", ".join(f"{times:,} × {status}" for status, times in sorted(whole.statuses.items()))
    table.add("  answers", answers)
    table.red += [*whole.accepted[:3], *whole.unhandled[:3], *(f"nobody attacks {each}" for each in unknown)]
