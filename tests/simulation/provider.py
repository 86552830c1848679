"""What providers report of the messages that they took: delivered, or bounced, by signed receipts and by a topic."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib.entrypoints import jobs
from chalicelib.usecases.ports import EmailMessage, Sent
from tests import receipts
from tests.simulation.journal import Heard
from tests.simulation.topic import Topic

REPORTED_AFTER = timedelta(seconds=4)
AGAIN = timedelta(minutes=1)


class Provider:
    """Reports what became of each message. `bounces` are the addresses that do not exist; where `reports` is False,
    nothing is said of the others.

    Every other email is reported without the ids that we send along, as some bounces are. Failures are reported twice;
    what was delivered is reported as opened later.
    """

    def __init__(self, world: Any, bounces: tuple[str, ...], *, reports: bool) -> None:
        self._world = world
        self._bounces = bounces
        self._reports = reports
        self._count = 0
        self._statuses = Topic(world, "sms_status", jobs.sms_status)

    def took(self, heard: Heard, sent: Sent) -> None:
        """Report, after a while, what became of a message."""
        bounced = heard.message.to in self._bounces
        if not (bounced or self._reports):
            return
        self._count += 1
        nameless = self._count % 2 == 0
        for times, kind in enumerate(("bounce", "bounce") if bounced else ("delivered", "open"), 1):
            after = self._world.time + times * REPORTED_AFTER
            if isinstance(heard.message, EmailMessage):
                self._world.at(after, partial(self._post, heard, sent, kind, nameless))
            else:
                self._world.at(after, partial(self._publish, heard, sent, bounced))

    def _post(self, heard: Heard, sent: Sent, kind: str, nameless: bool) -> None:
        known = {"sg_message_id": f"{sent.provider_id}.recvd-1", "email": heard.message.to}
        now = self._world.time.timestamp()
        body = json.dumps([receipts.event(None if nameless else heard.notice_id, kind, heard.at.timestamp(), **known)])
        kind_of_fault = self._world.tap.trigger("deliver.http")
        headers = receipts.sign(body.encode(), now)
        status = self._world.sources.request("POST", receipts.PATH, headers, body, kind=kind_of_fault)[0]
        if status == 204:
            self._note(heard, kind == "bounce")
        else:
            self._world.at(self._world.time + AGAIN, lambda: self._post(heard, sent, kind, nameless))

    def _publish(self, heard: Heard, sent: Sent, bounced: bool) -> None:
        told = {
            "messageId": sent.provider_id,
            "messageStatus": "INVALID" if bounced else "DELIVERED",
            "eventTimestamp": int(heard.at.timestamp() * 1000),
            "destinationPhoneNumber": heard.message.to,
        }
        self._statuses.publish(json.dumps(told), lambda taken: self._note(heard, bounced and taken))

    def _note(self, heard: Heard, failed: bool) -> None:
        if failed:
            self._world.journal.failed.setdefault(heard.order, self._world.tap.order)
