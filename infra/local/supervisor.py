"""Runs one local stack from start to stop: the emulator, the application in it, the inbox and the expiry beside it."""

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from infra.local import keys, lock, ports
from infra.local.aws import Aws
from infra.local.deployment import Deployed, Deployment
from infra.local.emulator import Emulator
from infra.local.expiry import Expiry
from infra.local.inbox import operators, receipts
from infra.local.inbox.operators import Operators
from infra.local.inbox.phone import Phone
from infra.local.inbox.receipts import Receipts
from infra.local.inbox.server import InboxServer
from infra.local.inbox.store import Store
from infra.local.place import HOST, ROOT, Place
from infra.local.problem import StackProblemError
from infra.local.warmup import WarmUp
from infra.package import FAULTS, build

WATCH_SECONDS = 0.5
RECEIPTS_PATH = "/v1/receipts/sendgrid"


class Supervisor:
    """Starts everything in order and stops it in reverse; use as a context manager.

    `with_receipts`: the inbox also sends signed Event Webhook events back to the API, as SendGrid does.
    """

    def __init__(self, place: Place, say: Callable[[str], None], *, with_receipts: bool = True) -> None:
        self._place = place
        self._say = say
        self._with_receipts = with_receipts
        self._emulator = Emulator(place)
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> "Supervisor":
        with contextlib.ExitStack() as starting:
            self._start(starting)
            self._stack = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def wait(self) -> None:
        """Returns never by itself; raises StackProblemError when the emulator ends on its own."""
        while self._emulator.is_running():
            time.sleep(WATCH_SECONDS)
        raise StackProblemError(
            f"The emulator has ended by itself. The reason is at the end of {self._place.emulator_log}."
        )

    def _start(self, running: contextlib.ExitStack) -> None:
        place = self._place
        running.enter_context(lock.take(place.lock_file))
        place.stack_file.unlink(missing_ok=True)
        self._emulator.outlive()
        ports.require_free(place)
        signing = receipts.signing_key(place.state / "receipts-key.pem")
        secret = replace(keys.load(place.secrets_file), sendgrid_event_keys=[receipts.public_key(signing)])

        self._say("Packaging the application ...")
        try:
            package = build("local", ROOT / ".build" / "local")
        except FAULTS as fault:
            raise StackProblemError(f"The application cannot be packaged.\n{fault}") from fault

        lost = self._emulator.recover()
        if lost:
            self._say(lost)
        self._say(f"Starting the AWS emulator on {place.aws} ...")
        running.callback(self._stop_emulator)
        self._emulator.start()

        store = Store(place.state / "inbox")
        events = Receipts(signing, place.api + RECEIPTS_PATH if self._with_receipts else None)
        inbox = InboxServer(place.inbox_port, store, events, secret.sendgrid_api_key)
        running.callback(inbox.server_close)
        threading.Thread(target=inbox.serve_forever, name="inbox", daemon=True).start()
        running.callback(inbox.shutdown)

        aws = Aws(place.aws)
        deployment = Deployment(place, aws, self._say)
        deployment.put_secrets(secret)
        deployed = deployment.bring_up(package.template, package.zip, package.code_key())
        replies_topic = deployed.only("AWS::SNS::Topic", "Replies")
        inbox.replies.connect(aws.client("sns"), replies_topic)
        for beside in self._beside(aws, deployed, store):
            beside.start()
            running.callback(beside.stop)

        self._say("Loading the functions ...")
        for problem in WarmUp(place, aws, deployed.of_type("AWS::Lambda::Function")).run():
            self._say(problem)
        running.callback(place.stack_file.unlink, missing_ok=True)
        self._write_stack_file(secret, receipts.public_key(signing), replies_topic)

    def _beside(self, aws: Aws, deployed: Deployed, store: Store) -> list[Any]:
        """What AWS and the phone network do by themselves."""
        tables = list(deployed.of_type("AWS::DynamoDB::Table").values())
        topic = deployed.only("AWS::SNS::Topic", "Operator")
        queue_url = operators.subscribe(aws.client("sqs"), aws.client("sns"), topic)
        return [
            Expiry(aws.client("dynamodb"), tables),
            Phone(store, HOST, self._place.aws_port),
            Operators(store, aws.client("sqs"), queue_url),
        ]

    def _stop_emulator(self) -> None:
        if not self._emulator.stop():
            self._say("The emulator ended without saving; the next start goes back to its last snapshot.")

    def _write_stack_file(self, secret: keys.Keys, receipts_public_key: str, replies_topic: str) -> None:
        place = self._place
        newest, following = secret.webhook_secrets
        written = {
            "api": place.api,
            "inbox": place.inbox,
            "aws": place.aws,
            "source": keys.SOURCE,
            "webhook_secret": newest,
            "webhook_secret_next": following,
            "read_key": secret.read_keys[-1],
            "receipts_public_key": receipts_public_key,
            "replies_topic": replies_topic,
            "pid": os.getpid(),
            "emulator_pid": self._emulator.pid,
        }
        fresh = place.stack_file.with_suffix(".new")
        _write_private(fresh, json.dumps(written, indent=1) + "\n")
        fresh.replace(place.stack_file)


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
