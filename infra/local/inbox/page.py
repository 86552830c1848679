"""The inbox for people: a list that keeps itself fresh, and one page for each message."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from infra.local.inbox.addresses import SPECIAL
from infra.local.inbox.message import Message

PAGES = Path(__file__).parent / "pages"
# Links in a mail open beside the inbox, never inside the frame that shows the mail.
NEW_TAB = '<base target="_blank" rel="noopener">'


@cache
def _template(name: str) -> Template:
    pages = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    return pages.get_template(name)


def listing(rows: Sequence[Message], notices: Sequence[Mapping[str, Any]], to: str | None, revision: int) -> str:
    """Messages and replies, newest first as a mail program shows them; reloads itself when the revision has changed."""
    ordered = sorted(rows, key=lambda row: row.received_at, reverse=True)
    return _template("list.html").render(
        messages=ordered, notices=list(reversed(notices)), special=SPECIAL, to=to, revision=revision
    )


def one(message: Message) -> str:
    frame = NEW_TAB + message.html if message.html else ""
    return _template("message.html").render(message=message, frame=frame)


def refused(problems: Sequence[str]) -> str:
    return _template("refused.html").render(problems=problems)


def missing() -> str:
    return _template("missing.html").render()
