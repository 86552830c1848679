"""Text messages by SNS. The port is narrow enough for AWS End User Messaging to take its place."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    HTTPClientError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as NoConnection
from botocore.parsers import ResponseParserError

from chalicelib.adapters.aws import Aws
from chalicelib.adapters.provider_rate import USUAL_HOLD_SECONDS
from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import Sent, SmsMessage

TRANSACTIONAL = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
THROTTLED_CODES = frozenset(
    {"Throttling", "ThrottlingException", "Throttled", "ThrottledException", "RequestThrottled"}
)
TOO_MANY = 429
UNAVAILABLE_CODES = THROTTLED_CODES | {"ServiceUnavailable"}
UNAVAILABLE_STATUSES = frozenset({TOO_MANY, 503})
# A message that was one too many waits as one that SendGrid turned away. The next one is sent all the same: SNS counts
# by the second, and a function that asked nothing for a minute would leave most of its rate unused.
THROTTLED_HOLD = timedelta(seconds=USUAL_HOLD_SECONDS)
SERVER_ERROR = 500


class SnsSms:
    """The SmsSender. The client never repeats a send: SNS has no idempotency key for text messages."""

    def __init__(self, aws: Aws, *, timeout_seconds: float) -> None:
        """Take where to send; the client is made with the first message."""
        self._aws = aws
        self._timeout_seconds = timeout_seconds

    def send(self, message: SmsMessage) -> Sent:
        """Send once. What broke before SNS had the request is unavailable; while waiting for its answer, unknown."""
        try:
            answer = self._sns.publish(PhoneNumber=message.to, Message=message.text, MessageAttributes=TRANSACTIONAL)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            code = error.response.get("Error", {}).get("Code", "")
            hold = THROTTLED_HOLD if code in THROTTLED_CODES or status == TOO_MANY else None
            return Sent(_outcome(code, status), reason=f"{code} {status}".strip(), hold=hold)
        except ParamValidationError as error:
            return Sent(Outcome.REFUSED, reason=type(error).__name__)
        except BotoCoreError as error:
            return Sent(_broken(error), reason=type(error).__name__)
        except ResponseParserError as error:
            return Sent(Outcome.UNKNOWN, reason=type(error).__name__)
        return Sent(Outcome.ACCEPTED, provider_id=answer["MessageId"])

    @cached_property
    def _sns(self) -> Any:
        return self._aws.client("sns", read_seconds=self._timeout_seconds, tries=1)


def _outcome(code: str, status: int) -> Outcome:
    if code in UNAVAILABLE_CODES or status in UNAVAILABLE_STATUSES:
        return Outcome.UNAVAILABLE
    return Outcome.UNKNOWN if status >= SERVER_ERROR else Outcome.REFUSED


def _broken(error: BotoCoreError) -> Outcome:
    """Tell a connection that never came about from one that broke after the request may have gone out."""
    if isinstance(error, ReadTimeoutError | ConnectionClosedError):
        return Outcome.UNKNOWN
    if isinstance(error, NoConnection):
        return Outcome.UNAVAILABLE
    return Outcome.UNKNOWN if isinstance(error, HTTPClientError) else Outcome.UNAVAILABLE
