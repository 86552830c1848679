"""What customers reply by text message: handed to the topic of replies, as AWS two-way SMS does."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from infra.local.aws import ERRORS
from infra.local.inbox.message import Message, moment

# The number that customers reply to, in a range that no operator gives out.
OWN_NUMBER = "+15005550006"
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
CHANNEL = "reply"
FIELDS = {"from", "text"}
MOST_CHARACTERS = 1600  # what AWS takes of one message


class BadReplyError(Exception):
    """What was posted is no reply; `problems` has one sentence for each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class NotConnectedError(Exception):
    """The reply was fine, but did not reach the topic; the message says why."""


@dataclass(frozen=True)
class Reply:
    """One text message from a customer; `phone` in E.164."""

    phone: str
    text: str


def read_reply(content_type: str, body: bytes) -> Reply:
    """Reads {"from": ..., "text": ...}, as JSON or as the form on the page. Raises BadReplyError."""
    given = _fields(content_type.partition(";")[0].strip().lower(), body)
    problems = [f"There is no field {name!r}; a reply has from and text." for name in sorted(given.keys() - FIELDS)]
    phone, text = given.get("from"), given.get("text")
    if not isinstance(phone, str) or not E164.fullmatch(phone):
        problems.append("from must be a phone number such as +34600000000.")
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_CHARACTERS:
        problems.append(f"text must be 1 to {MOST_CHARACTERS} characters.")
    if problems:
        raise BadReplyError(problems)
    return Reply(str(phone), str(text))


def _fields(content_type: str, body: bytes) -> Mapping[str, Any]:
    try:
        if content_type == "application/x-www-form-urlencoded":
            return {name: values[-1] for name, values in parse_qs(body.decode(), max_num_fields=10).items()}
        given = json.loads(body)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise BadReplyError(['A reply is a JSON object such as {"from": "+34600000000", "text": "1"}.'])
    return given


class Replies:
    """Where replies go; until `connect`, nowhere."""

    def __init__(self) -> None:
        self._sns: Any = None
        self._topic_arn = ""

    def connect(self, sns: Any, topic_arn: str) -> None:
        """Names the topic, once the application that listens to it is deployed."""
        self._sns, self._topic_arn = sns, topic_arn

    def hand_over(self, reply: Reply, answers: str | None, now: datetime) -> Message:
        """Publishes the reply, in answer to the message of that id; returns it as the inbox shows it.

        Source of the fields: AWS End User Messaging SMS, the payload of two-way SMS. Raises NotConnectedError.
        """
        if self._sns is None:
            raise NotConnectedError("The application is not deployed yet; try again in a few seconds.")
        message_id = str(uuid.uuid4())
        told = {
            "originationNumber": reply.phone,
            "destinationNumber": OWN_NUMBER,
            "messageKeyword": f"KEYWORD_{OWN_NUMBER[1:]}",
            "messageBody": reply.text,
            "inboundMessageId": message_id,
            **({"previousPublishedMessageId": answers} if answers else {}),
        }
        # AWS always gives a function a subject and attributes, if only null and an empty object, and Chalice counts on
        # both; the emulator leaves out what was not given.
        given = {
            "Subject": "Two-way SMS",
            "MessageAttributes": {"emulated": {"DataType": "String", "StringValue": "two-way-sms"}},
        }
        try:
            self._sns.publish(TopicArn=self._topic_arn, Message=json.dumps(told), **given)
        except ERRORS as error:
            raise NotConnectedError(f"The emulator did not take the reply: {error}") from error
        return Message(
            id=message_id,
            channel=CHANNEL,
            to=OWN_NUMBER,
            sender=reply.phone,
            subject="",
            text=reply.text,
            html="",
            received_at=moment(now),
        )
