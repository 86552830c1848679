"""Calls of a Store at random, in so small a world that they often meet: two of everything.

A call is drawn with the store to be told, as most of what is written was read just before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from chalicelib.domain.claimed import Claim, ClaimStatus, Finding
from chalicelib.domain.notices import CLAIMED, Notice, Outcome
from chalicelib.domain.people import Channel, Customer, Mark, Promiser
from chalicelib.domain.promise import Promise, Word
from chalicelib.domain.receipts import Delivery, Reason, Receipt, ReceiptKind, delivery_of
from chalicelib.domain.recovery import Concession
from chalicelib.usecases.store_port import Answer, Commit, Marking, ReplyRoute, SentAs, Store
from tests.contract.builders import MINUTE, NOON, answer, attempt, clock, concession, fact, notice, promise, redeemed

LATER = NOON + timedelta(days=8)
# The first promise began as a claim.
PROMISES, CUSTOMERS, PROMISERS = ("p1", "p2"), ("c-1", "c-2"), ("b-1", "b-2")
CODES, PHONES, MESSAGES = ("K-1", "K-2"), ("h-1", "h-2"), ("m-1", "m-2")
WEBHOOKS = [f"w-{n}" for n in range(12)]
NUMBERS = (1, 2)
STATUSES = (CLAIMED, *(each.value for each in Outcome))

_Drawn = TypeVar("_Drawn")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one method."""

    method: str
    arguments: tuple[object, ...]
    keywords: Mapping[str, object] = field(default_factory=dict)

    def of(self, store: Store) -> object:
        """Make the call, and return what is answered."""
        return getattr(store, self.method)(*self.arguments, **self.keywords)


class Caller:
    """Draws calls; the same seed draws the same ones from stores that hold the same."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._tries = 0

    def next(self, store: Store) -> Call:
        """Return the next call, as somebody would make it who has read `store` now, or a while ago."""
        anything: list[tuple[int, str, Callable[[], tuple[object, ...]]]] = [
            (9, "commit", lambda: (self._commit(store),)),
            (4, "claim", lambda: (replace(self._notice(), token=self._token()),)),
            (2, "release", lambda: (self._as_held(self._notice(), store),)),
            (2, "note", lambda: (replace(self._notice(), delivery=self._delivery()),)),
            (3, "redeem", lambda: (self._redeemed(self._side()), self._answer())),
            (2, "save_customer", lambda: (self._customer(), self._answer())),
            (2, "remember", lambda: (self._sent_as(),)),
            (1, "set_reply_route", lambda: (ReplyRoute(self._one(PHONES), self._one(PROMISES), LATER),)),
            (2, "keep_early", lambda: (self._one(MESSAGES), self._delivery(), LATER)),
            (1, "remove_reply_route", lambda: (self._one(PHONES),)),
            (1, "forget", lambda: (self._one(PROMISES),)),
            (1, "expire", lambda: (self._one(PROMISES), self._moment())),
            (1, "keep", lambda: (self._one(PROMISES),)),
            (1, "forget_customer", lambda: (self._one(CUSTOMERS), [self._one(PHONES)])),
        ]
        ((_, method, arguments),) = self._random.choices(anything, [each[0] for each in anything])
        keywords = {"known": self._chance(2)} if method == "save_customer" else {}
        return Call(method, arguments(), keywords)

    def _sent_as(self) -> SentAs:
        return SentAs(self._one(MESSAGES), self._notice().id, LATER)

    def _commit(self, store: Store) -> Commit:
        """A commit of one of the promises, with whatever else can come in the same one.

        Not a profile beside marks, nor a concession beside its redemption: nobody stores one item twice at once, and
        DynamoDB refuses it.
        """
        side = self._side()
        known = self._promise(side, store)
        told = self._seldom(lambda: self._recorded(known.id, store))
        person = self._seldom(self._person)
        granted = self._seldom(lambda: concession(CODES[side], customer_ref=known.customer_ref, void=self._chance(3)))
        return Commit(
            known,
            self._seldom(lambda: clock(known.id, self._moment()), 2),
            tuple(fact(n, known.id, text=self._one([None, "x"])) for n in NUMBERS if self._chance(3)),
            told,
            self._seldom(self._answer),
            customer=person if isinstance(person, Customer) else None,
            promiser=person if isinstance(person, Promiser) else None,
            concession=granted,
            redemption=None if granted else self._seldom(lambda: self._redeemed(side)),
            sent_as=self._seldom(self._sent_as),
            customer_known=self._chance(2),
            notice_was=told and self._seldom(lambda: self._status_of(told, store), 2),
            marking=None if person else self._seldom(lambda: self._marking(store)),
        )

    def _promise(self, side: int, store: Store) -> Promise:
        id_ = PROMISES[side]
        stored = store.load([id_]).get(id_)
        behind = self._one([0] * 7 + [1, -1])
        claim = Claim(self._one(list(ClaimStatus)), NOON, self._one([None, *Finding]))
        return promise(
            id_,
            customer_ref=CUSTOMERS[side],
            what=self._one("AB"),
            claim=None if side else claim,
            version=max(0, (stored.version if stored else 0) + behind),
        )

    def _recorded(self, promise_id: str, store: Store) -> Notice:
        """What became of a send."""
        held = self._as_held(replace(self._notice(), promise_id=promise_id), store)
        # No two attempts at one notice are over at the same moment.
        self._tries += 1
        tried = attempt(self._one(list(Outcome)), NOON + self._tries * MINUTE)
        return replace(held, status=self._one(STATUSES), attempts=(tried,), delivery=self._delivery())

    def _as_held(self, known: Notice, store: Store) -> Notice:
        """The notice under the token that holds it now, or another one."""
        held = store.find_notices([(known.promise_id, known.word.value, known.n)])
        return replace(known, token=held[0].token if held and not self._chance(4) else self._token())

    def _status_of(self, known: Notice, store: Store) -> str:
        held = store.find_notices([(known.promise_id, known.word.value, known.n)])
        return held[0].status if held and not self._chance(4) else self._one(STATUSES)

    def _marking(self, store: Store) -> Marking:
        person = self._person()
        known = store.customers([person.ref]) if isinstance(person, Customer) else store.promisers([person.ref])
        if person.ref in known and not self._chance(4):
            person = known[person.ref]
        return Marking(
            person, tuple(Mark(each, "g@example.com", self._one(list(Reason)), self._moment()) for each in Channel)
        )

    def _notice(self) -> Notice:
        return notice(promise_id=self._one(PROMISES), word=Word.UPDATE, claimed_at=self._moment())

    def _delivery(self) -> Delivery:
        drawn = [self._receipt() for _ in range(self._random.randrange(3))]
        return delivery_of(drawn)

    def _receipt(self) -> Receipt:
        return Receipt(
            self._moment(), self._one(list(ReceiptKind)), self._one(["", *MESSAGES]), self._one([None, *Reason])
        )

    def _redeemed(self, side: int) -> Concession:
        return redeemed(
            self._one(["o-1", "o-2"]), self._moment() - NOON, code=CODES[side], customer_ref=CUSTOMERS[side]
        )

    def _person(self) -> Customer | Promiser:
        return self._customer() if self._chance(2) else Promiser(self._one(PROMISERS), self._one([None, "Ana"]))

    def _customer(self) -> Customer:
        return Customer(self._one(CUSTOMERS), self._one(["es", "en"]), "UTC", self._one([None, "Gemma"]))

    def _answer(self) -> Answer:
        return answer(self._one(WEBHOOKS), self._one(["{}", '{"again":1}']))

    def _side(self) -> int:
        return self._random.randrange(2)

    def _moment(self) -> datetime:
        return NOON + self._random.randrange(4) * MINUTE

    def _token(self) -> str:
        return self._one(["first", "second"])

    def _one(self, values: Sequence[_Drawn]) -> _Drawn:
        return self._random.choice(values)

    def _chance(self, of: int) -> bool:
        return self._random.randrange(of) == 0

    def _seldom(self, draw: Callable[[], _Drawn], of: int = 4) -> _Drawn | None:
        return draw() if self._chance(of) else None
