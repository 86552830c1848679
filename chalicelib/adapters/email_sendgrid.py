"""Email by SendGrid's v3 API, through its official client."""

import logging
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from chalicelib.adapters.provider_rate import ProviderRate
from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import EmailMessage, Sent

# At DEBUG the client's library logs whole messages, addresses and texts included.
logging.getLogger("python_http_client").setLevel(logging.INFO)

# Nothing was taken, and later it may be: too many requests, or shut for the moment. A key that is refused (401) says
# nothing about the address: giving up the channel of every customer for it would be wrong.
TOO_MANY = 429
SHUT = 503
UNAVAILABLE = frozenset({401, TOO_MANY, SHUT})
SERVER_ERROR = 500


class SendGridEmail:
    """The EmailSender. The client never repeats a send: there is no idempotency key in SendGrid's API."""

    def __init__(
        self,
        api_key: Callable[[], str],
        *,
        host: str,
        from_email: str,
        from_name: str,
        timeout_seconds: float,
        rate: ProviderRate | None = None,
    ) -> None:
        """Take the key as a function, so that a rotated one is used; the time-out is for each wait on the network."""
        self._api_key = api_key
        self._host = host
        self._from = {"email": from_email, "name": from_name}
        self._timeout_seconds = timeout_seconds
        self._rate = rate or ProviderRate()

    def send(self, message: EmailMessage) -> Sent:
        """Send once, or not at all while the provider's rate is used up.

        What failed before the request was complete (refused connection, unknown host, broken while sending) was not
        taken: unavailable. What failed while waiting for the answer may have been taken: unknown.
        """
        if hold := self._rate.hold():
            return Sent(Outcome.UNAVAILABLE, reason="the provider's rate is used up", hold=hold)
        client = SendGridAPIClient(self._api_key(), host=self._host)
        client.client.timeout = self._timeout_seconds
        try:
            response = client.send(self._body(message))
        except HTTPError as error:
            return Sent(_outcome(error.status_code), reason=f"http {error.status_code}", hold=self._hold(error))
        except URLError as error:
            return Sent(Outcome.UNAVAILABLE, reason=_name(error.reason))
        except (OSError, HTTPException) as error:
            return Sent(Outcome.UNKNOWN, reason=_name(error))
        self._rate.learn(response.headers)
        return Sent(Outcome.ACCEPTED, provider_id=response.headers.get("X-Message-Id"))

    def _hold(self, error: HTTPError) -> timedelta | None:
        if error.status_code == TOO_MANY:
            return self._rate.turned_away(error.headers)
        return self._rate.shut(error.headers) if error.status_code == SHUT else None

    def _body(self, message: EmailMessage) -> dict[str, Any]:
        to = {"email": message.to, "name": message.to_name} if message.to_name else {"email": message.to}
        # Custom arguments are kept by SendGrid for ever: opaque ids only.
        ids = {"notice_id": message.notice_id, "promise_id": message.promise_id}
        return {
            "personalizations": [{"to": [to], "custom_args": ids}],
            "from": self._from,
            "subject": message.subject,
            "content": [
                {"type": "text/plain", "value": message.text},
                {"type": "text/html", "value": message.html},
            ],
            # Tracked links would lead through a third party and break the signed ones; we ask nothing of opens.
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
                "subscription_tracking": {"enable": False},
            },
        }


def _outcome(status: int) -> Outcome:
    if status in UNAVAILABLE:
        return Outcome.UNAVAILABLE
    return Outcome.UNKNOWN if status >= SERVER_ERROR else Outcome.REFUSED


def _name(error: object) -> str:
    """Name an error by its class: its own text may hold an address."""
    return type(error).__name__
