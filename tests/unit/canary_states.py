"""The states in which an erasure may find a customer: each tells a story up to there."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from chalicelib.domain.feedback import Perceived
from chalicelib.domain.notices import Outcome
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.press import Action, Feedback, press
from chalicelib.usecases.take_reply import take_reply
from tests.receipts import report
from tests.unit.canary import EMAIL, PHONE, WHO, Teller, people
from tests.unit.test_recovery_http import OFFER, TROUBLE

State = Callable[[Teller], None]


class Crash(BaseException):
    """The end of the process: nothing catches it."""


def open_with_news(teller: Teller) -> None:
    teller.make()
    teller.tell("promise.progressed", ref="order-1", note=teller.write("Salió"), tell="next")


def by_text(teller: Teller) -> None:
    teller.make(customer=WHO | {"channels": ["sms"]})


def in_recovery(teller: Teller) -> None:
    """The customer was asked by text message, and may answer so."""
    by_text(teller)
    _trouble(teller)


def in_recovery_and_moved(teller: Teller) -> None:
    """The phone that was asked is not theirs any more."""
    in_recovery(teller)
    teller.tell("customer.changed", customer={"ref": WHO["ref"], "phone": "+34644555666"})


def broken_unasked(teller: Teller) -> None:
    teller.make(due_at=None, due_in="PT4H")
    teller.wait(timedelta(hours=5))


def stayed_and_redeemed(teller: Teller) -> None:
    teller.make()
    _trouble(teller)
    _press(teller, Action.STAY)
    (granted,) = teller.world.store.concessions_of(WHO["ref"])
    teller.tell("concession.redeemed", code=granted.code, order="order-77")


def cancelled(teller: Teller) -> None:
    """Chosen, thought over, and final."""
    teller.make()
    _trouble(teller)
    _press(teller, Action.STAY)
    _press(teller, Action.CANCEL)
    teller.tell("choice.final", ref="order-1")


def believed(teller: Teller) -> None:
    _claim(teller, "claim-1")


def in_review(teller: Teller) -> None:
    """An earlier claim was found mistaken, and answered with a note."""
    _claim(teller, "claim-1")
    teller.tell("claim.settled", ref="claim-1", finding="not_promised", note=teller.write("No consta"))
    _claim(teller, "claim-2")


def not_found_kept(teller: Teller) -> None:
    """Kept, said to be kept not, and something else expected."""
    teller.make()
    teller.tell("promise.kept", ref="order-1", note=teller.write("Entregado"))
    _press(teller, Feedback(Perceived.NO, teller.write("Que llamaran antes")))


def withdrawn(teller: Teller) -> None:
    teller.make()
    teller.tell("promise.withdrawn", ref="order-1", reason=teller.write("Agotado"))


def unknown_send(teller: Teller) -> None:
    """Nobody knows whether the confirmation arrived; the quiet window runs."""
    teller.world.email.always_answer(EMAIL, Outcome.UNKNOWN)
    teller.make()


def half_sent(teller: Teller) -> None:
    """A worker died while it was sending, and nobody has found its claim yet."""

    def die(message: object) -> None:
        raise Crash

    teller.world.email.on_send = die
    with suppress(Crash):
        teller.make()
    teller.world.email.on_send = lambda message: None


def bounced(teller: Teller) -> None:
    """The address does not work, and is marked; the text message is on its way."""
    teller.make()
    report(teller.world, f"{teller.world.promise('order-1').id}:confirmation:1", "bounce", email=EMAIL)
    teller.settle()


def to_be_called(teller: Teller) -> None:
    """No channel is left: a person was asked to call."""
    for sender, address in ((teller.world.email, EMAIL), (teller.world.sms, PHONE)):
        sender.always_answer(address, Outcome.REFUSED)
    teller.make()
    _trouble(teller)


def called(teller: Teller) -> None:
    to_be_called(teller)
    teller.tell("call.made", ref="order-1", outcome="reached", note=teller.write("Llamar otra vez"))


def replied(teller: Teller) -> None:
    """The customer answered in words that are no choice."""
    in_recovery(teller)
    assert take_reply(PHONE, teller.write("Soy yo"), "reply-1", teller.world)
    teller.settle()


STATES: tuple[State, ...] = (
    open_with_news,
    in_recovery,
    in_recovery_and_moved,
    broken_unasked,
    stayed_and_redeemed,
    cancelled,
    believed,
    in_review,
    not_found_kept,
    withdrawn,
    unknown_send,
    half_sent,
    bounced,
    to_be_called,
    called,
    replied,
)


def _trouble(teller: Teller) -> None:
    words = {part: teller.write(part) for part in ("reason", "done_so_far", "solution")}
    offer = OFFER | {"text": teller.write("5 € menos")}
    teller.tell("promise.at_risk", **TROUBLE | words | {"ref": "order-1", "offer": offer})


def _claim(teller: Teller, ref: str) -> None:
    words = {"what": teller.write("Con IVA"), "evidence": teller.write("Lo oí")}
    teller.tell("claim.raised", ref=ref, about={"order": "1234"}, **words, **people())


def _press(teller: Teller, action: Action | Feedback) -> None:
    token = teller.world.email.delivered[-1].text.rpartition("?t=")[2].split()[0].partition("&")[0]
    press(token, open_page(token, teller.world).form_nonce, action, teller.world)
    teller.settle()
