"""The only wiring: which adapter stands behind each port. Each is built on first use, once for a warm function."""

import os
from functools import cached_property

from chalicelib.messages.views import Brand, Register
from chalicelib.settings import Settings, read_settings
from chalicelib.usecases.ports import (
    Bus,
    Clocks,
    DeadLetters,
    EmailSender,
    Metrics,
    RingQueue,
    SmsSender,
    Store,
    System,
)
from chalicelib.usecases.services import Rules, Secrets, Services, Texts

# Imports stand inside: a function that sends no email must not pay for the email client at its cold start.
# ruff: noqa: PLC0415


class AwsServices:
    """The services on AWS, or on whatever AWS_ENDPOINT_URL points at."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings


_installed: list[Services] = []


def services() -> Services:
    """Return the services of this process, built from the environment on first use. Raises BadSettings."""
    if not _installed:
        install(AwsServices(read_settings(os.environ)))
    return _installed[0]


def install(services: Services) -> None:
    """Make these the services of this process, in place of any before: a test brings its own."""
    _installed[:] = [services]
