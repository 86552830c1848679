"""Worlds in which a "no" at the end opens a recovery, and customers who answer so."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.feedback import Perceived
from chalicelib.domain.promise import Leads
from chalicelib.domain.recovery import AfterNo
from chalicelib.domain.risks import Policy
from chalicelib.messages.page_views import PageView
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.press import Feedback, press
from tests.world import ANA, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEADS = Leads(DAY, 12 * HOUR)
REOPENING = Policy(after_no=AfterNo.RECOVERY)


def a_world(policy: Policy = REOPENING) -> World:
    world = World()
    world.rules = replace(world.rules, policy=policy)
    return world


def closed(world: World, *, after: timedelta = HOUR, **made: object) -> World:
    """Keep a promise, due in two days, so long after its making, and say so."""
    world.make(**{"leads": LEADS} | made)  # type: ignore[arg-type]
    world.pass_time(after)
    world.keep("Entregado")
    world.drain()
    return world


def token_of(world: World) -> str:
    """Return the token of the latest link that the customer got."""
    sent = [each for each in (*world.email.delivered, *world.sms.delivered) if each.to != ANA.email]
    return sent[-1].text.rpartition("?t=")[2]


def answered(world: World, perceived: Perceived = Perceived.NO, expected: str | None = None) -> PageView:
    token = token_of(world)
    view = press(token, open_page(token, world).form_nonce, Feedback(perceived, expected), world)
    world.drain()
    return view


def contested(**made: object) -> World:
    """Return a world in which the customer has answered no, an hour after it was said to be kept."""
    world = closed(a_world(), **made)
    world.pass_time(HOUR)
    answered(world)
    return world


def calls(world: World) -> list[tuple[str, str]]:
    told = sorted(world.store.noted.values(), key=lambda fact: fact.seq)
    return [(str(each.data["word"]), str(each.data["reason"])) for each in told if each.name == "CallRequired"]
