"""One message that arrived, as people and scripts see it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

URL = re.compile(r"https?://[^\s<>\"'\]]+")
TRAILING = ".,;:!?)"


@dataclass(frozen=True)
class Message:
    """An email or an SMS. `received_at` is when it arrived, ISO 8601 in UTC with milliseconds."""

    id: str
    channel: str
    to: str
    sender: str
    subject: str
    text: str
    html: str
    received_at: str
    headers: Mapping[str, str] = field(default_factory=dict)
    custom_args: Mapping[str, str] = field(default_factory=dict)

    @property
    def links(self) -> list[str]:
        """Every address in the message, each once, in the order in which a reader meets them."""
        parser = _Hrefs()
        parser.feed(self.html)
        written = (found.rstrip(TRAILING) for found in URL.findall(self.text))
        return list(dict.fromkeys([*parser.found, *written]))

    def as_json(self) -> dict[str, Any]:
        """The shape of the inbox API."""
        values = asdict(self)
        return {
            "id": self.id,
            "channel": self.channel,
            "to": self.to,
            "from": values.pop("sender"),
            **{name: values[name] for name in ("subject", "text", "html", "headers", "custom_args")},
            "links": self.links,
            "received_at": self.received_at,
        }


def from_json(values: Mapping[str, Any]) -> Message:
    kept = {name: value for name, value in values.items() if name not in {"from", "links"}}
    return Message(sender=values["from"], **kept)


def moment(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Hrefs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)
