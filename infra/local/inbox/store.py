"""What the inbox holds, on disk: one JSON line a message, so that it survives a restart and a kill."""

import json
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from infra.local.inbox.message import Message, from_json


class Lines:
    """An append-only file of JSON objects. A last line cut off by a kill is dropped on opening."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.items: list[dict[str, Any]] = []
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    self.items.append(json.loads(line))
                except ValueError:
                    break
            self._rewrite()

    def add(self, item: Mapping[str, Any]) -> None:
        self.items.append(dict(item))
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(item, ensure_ascii=False) + "\n")

    def clear(self) -> None:
        self.items.clear()
        self._rewrite()

    def _rewrite(self) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in self.items), encoding="utf-8")
        fresh.replace(self._path)


class Store:
    """The messages, the replies, and the operators' notifications; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._messages = Lines(folder / "messages.jsonl")
        self._operators = Lines(folder / "operators.jsonl")
        self._replies = Lines(folder / "replies.jsonl")
        self._sms_seen = Lines(folder / "sms-seen.jsonl")
        self._seen = {item["id"] for item in self._sms_seen.items}
        self.revision = 0

    def add(self, messages: Iterable[Message]) -> None:
        with self._lock:
            for message in messages:
                self._messages.add(message.as_json())
            self.revision += 1

    def add_sms(self, message: Message) -> bool:
        """Adds an SMS once, however often the emulator lists it; also after the inbox was emptied."""
        with self._lock:
            if message.id in self._seen:
                return False
            self._seen.add(message.id)
            self._sms_seen.add({"id": message.id})
            self._messages.add(message.as_json())
            self.revision += 1
            return True

    def add_reply(self, reply: Message) -> None:
        """Keeps what a customer replied, apart from what we sent."""
        with self._lock:
            self._replies.add(reply.as_json())
            self.revision += 1

    def add_operator_notice(self, subject: str, text: str, received_at: str) -> None:
        with self._lock:
            self._operators.add({"subject": subject, "message": text, "received_at": received_at})
            self.revision += 1

    def messages(self, to: str | None = None, channel: str | None = None) -> list[Message]:
        """Newest last; addresses compare without regard to case."""
        with self._lock:
            found = [from_json(item) for item in self._messages.items]
        return [
            message
            for message in found
            if (not to or message.to.lower() == to.lower()) and (not channel or message.channel == channel)
        ]

    def replies(self, phone: str | None = None) -> list[Message]:
        """Newest last."""
        with self._lock:
            found = [from_json(item) for item in self._replies.items]
        return [reply for reply in found if not phone or reply.sender == phone]

    def message(self, message_id: str) -> Message | None:
        return next((message for message in self.messages() if message.id == message_id), None)

    def operator_notices(self) -> list[dict[str, Any]]:
        """Newest last."""
        with self._lock:
            return list(self._operators.items)

    def clear(self) -> None:
        """Forgets messages, replies and operators' notifications."""
        with self._lock:
            self._messages.clear()
            self._replies.clear()
            self._operators.clear()
            self.revision += 1
