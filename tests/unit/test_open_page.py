"""What a link opens, and what a press changes."""

from datetime import timedelta

import pytest

from chalicelib.messages.page_views import PageView
from chalicelib.security.links import BadLink, Purpose, Subject, sign
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.press import Action, FormExpired, press
from tests.world import World


def _press(token: str, nonce: str, world: World) -> PageView:
    return press(token, nonce, Action.ACKNOWLEDGE, world)


def opened() -> tuple[World, str]:
    """Return a world in which a customer has a confirmation, and the token of its link."""
    world = World()
    world.make(at=(timedelta(minutes=5),))
    world.drain()
    return world, world.email.delivered[0].text.rpartition("?t=")[2]


def test_a_link_shows_the_promise_and_changes_nothing() -> None:
    world, token = opened()
    before = (dict(world.store.promises), dict(world.store.noted), dict(world.store.notices))
    view = open_page(token, world)
    assert view.what == "Tu pedido 1234 llega"
    assert view.next_contact_at == world.system.time + timedelta(minutes=5)
    assert [line.name for line in view.timeline] == ["PromiseMade", "ConfirmationSent"]
    assert (world.store.promises, world.store.noted, world.store.notices) == before


def test_a_press_is_recorded_once_with_its_time() -> None:
    world, token = opened()
    nonce = open_page(token, world).form_nonce
    pressed_at = world.system.time
    first = _press(token, nonce, world)
    world.system.time += timedelta(minutes=1)
    second = _press(token, nonce, world)
    assert first.acknowledged_at == second.acknowledged_at == pressed_at
    assert world.facts() == ["PromiseMade", "ConfirmationSent", "Acknowledged"]
    assert second.just_acknowledged


def test_a_press_without_the_forms_nonce_changes_nothing() -> None:
    world, token = opened()
    for nonce in ("", "x", token):
        with pytest.raises(FormExpired) as expired:
            _press(token, nonce, world)
        assert expired.value.page.form_expired
    assert "Acknowledged" not in world.facts()


def test_a_form_left_open_too_long_offers_a_fresh_one() -> None:
    world, token = opened()
    nonce = open_page(token, world).form_nonce
    world.system.time += timedelta(hours=1)
    with pytest.raises(FormExpired) as expired:
        _press(token, nonce, world)
    _press(token, expired.value.page.form_nonce, world)
    assert "Acknowledged" in world.facts()


def test_the_form_of_one_promise_does_not_serve_another() -> None:
    world, token = opened()
    world.make(ref="order-2")
    world.drain()
    other = world.email.delivered[-1].text.rpartition("?t=")[2]
    with pytest.raises(FormExpired):
        _press(token, open_page(other, world).form_nonce, world)


def test_a_signed_link_for_a_notice_that_was_never_sent_opens_nothing() -> None:
    world, _ = opened()
    subject = Subject(world.promise().id, "u7")
    token = sign(world.secrets.link_keys(), Purpose.PAGE, subject, world.system.time + timedelta(days=1))
    with pytest.raises(BadLink):
        open_page(token, world)


def test_a_press_that_crosses_a_send_is_not_lost() -> None:
    world, token = opened()
    nonce = open_page(token, world).form_nonce

    def an_update_is_recorded_first(call: str) -> None:
        if call == "commit":
            world.store.before = lambda _: None
            world.progress("ya salió", tell_now=True)
            world.drain()

    world.store.before = an_update_is_recorded_first
    _press(token, nonce, world)
    assert {"Acknowledged", "UpdateSent"} <= set(world.facts())
