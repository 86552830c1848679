"""An erasure that is cut short goes on when it is repeated, and what it strikes in the midst of brings nothing back."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from chalicelib.security.links import BadLink
from chalicelib.usecases.change_customer import CustomerErased, erase_customer
from chalicelib.usecases.check_in import AnswerKind, CheckInAnswer, answer_check_in, open_check_in
from chalicelib.usecases.claim_page import ClaimForm, open_claim_page, send_claim
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.press import Action, press
from chalicelib.usecases.publish import publish
from chalicelib.usecases.take_reply import take_reply
from tests.fakes.store import nothing
from tests.receipts import report
from tests.unit import canary_states as states
from tests.unit.canary import EMAIL, PERSONAL, PHONE, PROMISERS_EMAIL, WHO, WORDS, Teller, careless, found, tokens
from tests.unit.canary_states import Crash, State
from tests.unit.test_canary import erase, in_every_state, told
from tests.unit.test_recovery_http import TROUBLE
from tests.world import SOURCE, World

MANY = 500
# What an erasure asks of the store for one promise, at least; fewer calls would mean that nothing was struck.
FEWEST = 7
NEW_PHONE = "+34644555666"


def on_call(n: int, act: Callable[[], None]) -> Callable[[str], None]:
    """Act once, at the nth call from here on."""
    left = n

    def each(call: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            act()

    return each


def crash() -> None:
    raise Crash


def left_behind(teller: Teller) -> set[str]:
    return found(teller.world, *PERSONAL, WORDS, *tokens(teller.world))


@in_every_state
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_at_any_call_leaves_nothing_behind_once_the_webhook_is_repeated(state: State, moment: str) -> None:
    for n in range(1, MANY):
        teller = told(state, careless)
        setattr(teller.world.store, moment, on_call(n, crash))
        try:
            erase(teller)
        except Crash:
            setattr(teller.world.store, moment, nothing)
            erase(teller)
        else:
            assert n > FEWEST
            return
        assert not left_behind(teller)
        assert teller.world.store.clocks == {}
    pytest.fail(f"an erasure of more than {MANY} calls")


def news(teller: Teller) -> None:
    teller.http.post_event("promise.progressed", {"ref": "order-1", "note": careless("Llegó"), "tell": "now"})


def trouble(teller: Teller) -> None:
    """The promiser tells of a risk, and the customer is asked by text message."""
    words = {part: careless(part) for part in ("reason", "done_so_far", "solution")}
    teller.http.post_event("promise.at_risk", TROUBLE | words | {"ref": "order-1"})
    teller.world.drain()


def the_same_promise(teller: Teller) -> None:
    kind, data, *_ = teller.told[0]
    teller.http.post_event(kind, data)


def another_channel(teller: Teller) -> None:
    teller.http.post_event("customer.changed", {"customer": {"ref": WHO["ref"], "phone": NEW_PHONE}})


def a_press(teller: Teller) -> None:
    token = teller.world.sms.delivered[-1].text.rpartition("?t=")[2].split()[0]
    press(token, open_page(token, teller.world).form_nonce, Action.STAY, teller.world)


def a_reply(teller: Teller) -> None:
    take_reply(PHONE, careless("Soy yo"), "reply-1", teller.world)


def a_claim(teller: Teller) -> None:
    token = teller.world.email.delivered[0].text.rpartition("?t=")[2].split()[0]
    form = ClaimForm(careless("Con IVA"), careless("Lo oí"))
    send_claim(token, open_claim_page(token, teller.world).form_nonce, form, teller.world)


def a_bounce(teller: Teller) -> None:
    report(teller.world, f"{teller.world.promise('order-1').id}:confirmation:1", "bounce", email=EMAIL)


def the_bus(teller: Teller) -> None:
    publish(sorted(teller.world.store.noted), teller.world)


def a_promised_moment(teller: Teller) -> None:
    teller.wait(timedelta(days=2))


def the_promisers_answer(teller: Teller) -> None:
    asked = next(each for each in reversed(teller.world.email.delivered) if each.to == PROMISERS_EMAIL)
    token = asked.text.partition("?t=")[2].split()[0].partition("&")[0]
    answer = CheckInAnswer(AnswerKind.ON_TRACK, careless("Ya va"))
    answer_check_in(token, open_check_in(token, teller.world).form_nonce, answer, teller.world)


def strike(world: World, struck: list[int]) -> None:
    """Erase the customer, and note how many words they had heard."""
    struck.append(len(world.heard()))
    erase_customer(CustomerErased(WHO["ref"]), SOURCE, "msg_erased", world)


@pytest.mark.parametrize("asleep", [False, True], ids=["awake", "asleep"])
@pytest.mark.parametrize(
    ("state", "work"),
    [
        (states.open_with_news, news),
        (states.open_with_news, trouble),
        (states.by_text, trouble),
        (states.open_with_news, the_same_promise),
        (states.open_with_news, another_channel),
        (states.open_with_news, a_claim),
        (states.open_with_news, a_bounce),
        (states.open_with_news, a_promised_moment),
        (states.in_recovery, a_press),
        (states.in_recovery, a_reply),
        (states.to_be_called, the_bus),
        (states.broken_unasked, the_promisers_answer),
    ],
    ids=lambda each: each.__name__,
)
def test_an_erasure_in_the_midst_of_anything_leaves_nothing_behind(
    state: State, work: Callable[[Teller], None], asleep: bool
) -> None:
    for n in range(1, MANY):
        teller = told(state, careless)
        world = teller.world
        struck: list[int] = []

        def meanwhile(world: World = world, struck: list[int] = struck) -> None:
            strike(world, struck)
            if asleep:
                world.system.time += world.rules.lease

        world.store.before = on_call(n, meanwhile)
        try:
            work(teller)
        except BadLink:
            assert struck
        if not struck:
            assert n > 1
            return
        teller.settle()
        teller.wait(timedelta(days=30))
        assert not left_behind(teller)
        assert (world.store.clocks, world.store.routes) == ({}, {})
        assert len(world.heard()) <= struck[0] + 1, "at most what was on its way"
    pytest.fail(f"more than {MANY} calls")


def test_a_promise_that_is_made_in_the_midst_of_an_erasure_is_forgotten_with_the_rest_or_stands_whole() -> None:
    ends: set[bool] = set()
    for n in range(1, MANY):
        teller = told(states.open_with_news, careless)
        made: list[int] = []
        teller.world.store.before = on_call(n, partial(make_another, teller, made))
        erase_customer(CustomerErased(WHO["ref"]), SOURCE, "msg_erased", teller.world)
        if not made:
            assert ends == {True, False}
            return
        teller.settle()
        erased = teller.world.promise("order-2").is_erased
        assert bool(left_behind(teller)) is not erased
        assert (WHO["ref"] in teller.world.store.profiles) is not erased
        ends.add(erased)
    pytest.fail(f"an erasure of more than {MANY} calls")


def make_another(teller: Teller, made: list[int]) -> None:
    made.append(1)
    teller.make("order-2")
