"""The inbox as a sender meets it: the official SendGrid client, against the real server on loopback."""

import json
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from python_http_client.exceptions import HTTPError as RefusedBySendGrid

from infra.local.inbox.server import InboxServer
from tests.e2e.waiting import until
from tests.integration.inbox import KEY, mail, send, serving, url


def fetch(inbox: InboxServer, path: str) -> Any:
    with urlopen(url(inbox, path)) as answer:
        return json.load(answer)


def page(inbox: InboxServer, path: str) -> str:
    with urlopen(url(inbox, path)) as answer:
        return answer.read().decode()


def refusal(inbox: InboxServer, body: dict[str, Any], key: str = KEY) -> tuple[int, list[dict[str, Any]]]:
    with pytest.raises(RefusedBySendGrid) as refused:
        send(inbox, body, key)
    return refused.value.status_code, refused.value.to_dict["errors"]


def test_a_mail_is_accepted_with_an_id_and_shown_whole(inbox: InboxServer) -> None:
    answer = send(inbox, mail())

    assert answer.status_code == 202
    (shown,) = fetch(inbox, "/api/messages")
    assert shown["id"] == answer.headers["X-Message-Id"]
    assert shown["received_at"].endswith("Z")
    assert {name: shown[name] for name in ("channel", "to", "from", "subject")} == {
        "channel": "email",
        "to": "gemma@example.com",
        "from": "The shop <kept@shop.example>",
        "subject": "Your order is on its way",
    }
    assert shown["custom_args"] == {"notice": "p1:update:1"}
    assert shown["headers"] == {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def test_links_are_read_from_both_parts_without_escapes_or_the_full_stop_behind_them(inbox: InboxServer) -> None:
    send(inbox, mail())

    (shown,) = fetch(inbox, "/api/messages")
    assert shown["links"] == ["http://127.0.0.1/kept/p?t=abc&x=1", "http://127.0.0.1/kept/p?t=abc"]


def test_each_recipient_of_one_request_gets_a_message_of_its_own(inbox: InboxServer) -> None:
    several = [{"to": [{"email": f"{name}@example.com"}], "substitutions": {"-name-": name}} for name in ("ana", "bea")]
    send(inbox, mail(personalizations=several, subject="Hello -name-"))

    shown = fetch(inbox, "/api/messages")
    assert [(each["to"], each["subject"]) for each in shown] == [
        ("ana@example.com", "Hello ana"),
        ("bea@example.com", "Hello bea"),
    ]
    assert len({each["id"] for each in shown}) == 2


def test_messages_are_listed_newest_last_and_chosen_by_address_and_channel(inbox: InboxServer) -> None:
    send(inbox, mail("ana@example.com"))
    send(inbox, mail("bea@example.com"))
    send(inbox, mail("ana@example.com", subject="Second"))

    assert [each["subject"] for each in fetch(inbox, "/api/messages?to=ANA@example.com")][-1] == "Second"
    assert len(fetch(inbox, "/api/messages?to=ana@example.com&channel=email")) == 2
    assert fetch(inbox, "/api/messages?channel=sms") == []


def test_deleting_empties_the_inbox(inbox: InboxServer) -> None:
    send(inbox, mail())

    with urlopen(Request(url(inbox, "/api/messages"), method="DELETE")) as answer:
        assert answer.status == 204
    assert fetch(inbox, "/api/messages") == []


def test_messages_survive_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        send(first, mail())

    with serving(tmp_path) as second:
        assert [each["subject"] for each in fetch(second, "/api/messages")] == ["Your order is on its way"]


def test_a_wrong_key_is_not_let_in(inbox: InboxServer) -> None:
    status, errors = refusal(inbox, mail(), key="SG.other")

    assert status == 401
    assert "authorization grant" in errors[0]["message"]
    assert fetch(inbox, "/api/messages") == []


def test_everything_wrong_with_a_mail_is_said_at_once(inbox: InboxServer) -> None:
    broken = {"personalizations": [{"to": [{"email": "nobody"}], "custom_args": {"a": 1}}], "from": {}, "content": []}

    status, errors = refusal(inbox, broken)

    assert status == 400
    assert {error["field"] for error in errors} == {
        "personalizations.0.to.0.email",
        "subject",
        "personalizations.0.custom_args",
        "from.email",
        "content",
    }


def test_something_that_is_not_json_is_a_bad_request(inbox: InboxServer) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}

    with pytest.raises(HTTPError) as refused:
        urlopen(Request(url(inbox, "/v3/mail/send"), b"{", headers))
    assert refused.value.code == 400


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("refuse@example.com", 400),
        ("refuse+late@shop.example", 400),
        ("refuse+413@example.com", 413),
        ("down@example.com", 503),
        ("down+500@example.com", 500),
    ],
)
def test_some_addresses_are_never_taken(inbox: InboxServer, address: str, status: int) -> None:
    assert refusal(inbox, mail(address))[0] == status
    assert fetch(inbox, "/api/messages") == []


def test_special_names_elsewhere_are_ordinary_addresses(inbox: InboxServer) -> None:
    assert send(inbox, mail("refuse@shop.test")).status_code == 202


def test_a_slow_address_is_accepted_inside_the_time_out(inbox: InboxServer) -> None:
    started = time.monotonic()
    assert send(inbox, mail("slow@example.com"), timeout=10.0).status_code == 202
    assert time.monotonic() - started >= 1.5


def test_an_unknown_address_is_shown_although_the_sender_heard_nothing(inbox: InboxServer) -> None:
    with pytest.raises(TimeoutError):
        send(inbox, mail("unknown+x@example.com"), timeout=0.5)
    shown = until(lambda: fetch(inbox, "/api/messages"), "the mail in the inbox")
    assert [each["to"] for each in shown] == ["unknown+x@example.com"]


def test_people_see_the_list_the_message_and_the_special_addresses(inbox: InboxServer) -> None:
    assert "Nothing has arrived yet" in page(inbox, "/")
    send(inbox, mail(subject="<b>Careful</b>"))

    listing = page(inbox, "/")
    assert "&lt;b&gt;Careful&lt;/b&gt;" in listing
    for name in ("bounce@", "drop@", "defer@", "slow@", "unknown@", "refuse@", "down@"):
        assert name in listing

    (shown,) = fetch(inbox, "/api/messages")
    message = page(inbox, f"/messages/{shown['id']}")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in message
    assert "List-Unsubscribe-Post" in message
    assert "p1:update:1" in message


def test_a_message_that_is_gone_says_so(inbox: InboxServer) -> None:
    with pytest.raises(HTTPError) as missing:
        page(inbox, "/messages/none")
    assert missing.value.code == 404


def test_operators_notifications_are_listed(inbox: InboxServer) -> None:
    inbox.store.add_operator_notice("ALARM: overdue", "Promises are late", "2026-11-22T00:00:00.000Z")

    assert fetch(inbox, "/api/operators") == [
        {"subject": "ALARM: overdue", "message": "Promises are late", "received_at": "2026-11-22T00:00:00.000Z"}
    ]
    assert "ALARM: overdue" in page(inbox, "/")
