"""Senders that keep what they were given, and answer as they were told to."""

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import EmailMessage, Sent, SmsMessage

_Message = TypeVar("_Message", EmailMessage, SmsMessage)


class _FakeSender(Generic[_Message]):
    """Accepts everything, unless told otherwise.

    `tried` holds every message given; `delivered` those whose outcome was accepted. `on_send` is called with each
    message before its outcome is known: what it raises, the caller sees, as when a worker dies in mid-send.
    """

    provider_ids = "provider"

    def __init__(self) -> None:
        self.tried: list[_Message] = []
        self.delivered: list[_Message] = []
        self.on_send: Callable[[_Message], None] = lambda message: None
        self._next: deque[Sent] = deque()
        self._by_address: defaultdict[str, deque[Sent]] = defaultdict(deque)
        self._always: dict[str, Sent] = {}

    def answer_next(self, *answers: Sent | Outcome) -> None:
        """Answer the next sends so, whoever they are to."""
        self._next.extend(map(_sent, answers))

    def answer_for(self, address: str, *answers: Sent | Outcome) -> None:
        """Answer the next sends to one address so."""
        self._by_address[address].extend(map(_sent, answers))

    def always_answer(self, address: str, answer: Sent | Outcome) -> None:
        """Answer every send to one address so, once what was said by `answer_for` is used up."""
        self._always[address] = _sent(answer)

    def send(self, message: _Message) -> Sent:
        self.tried.append(message)
        self.on_send(message)
        sent = self._answer(message.to)
        if sent.outcome is Outcome.ACCEPTED:
            self.delivered.append(message)
        return sent

    def _answer(self, address: str) -> Sent:
        if self._by_address[address]:
            return self._by_address[address].popleft()
        if self._next:
            return self._next.popleft()
        return self._always.get(address, Sent(Outcome.ACCEPTED, provider_id=f"{self.provider_ids}-{len(self.tried)}"))


def _sent(answer: Sent | Outcome) -> Sent:
    if isinstance(answer, Sent):
        return answer
    accepted = answer is Outcome.ACCEPTED
    return Sent(answer, provider_id="provider" if accepted else None, reason=None if accepted else "scripted")


class FakeEmailSender(_FakeSender[EmailMessage]):
    """An EmailSender."""


class FakeSmsSender(_FakeSender[SmsMessage]):
    """An SmsSender."""

    provider_ids = "text"
