"""Clients for the emulator's AWS APIs."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

REGION = "us-east-1"
ERRORS: tuple[type[Exception], ...] = (BotoCoreError, ClientError)


class Aws:
    """Makes one client for each service, all of them talking to one emulator."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        # Keys of our own making: whatever real ones the shell holds stay out of this.
        self._session = boto3.Session("000000000000", "local", region_name=REGION)

    def client(self, service: str) -> Any:
        settings = Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=120)
        return self._session.client(service, endpoint_url=self._endpoint, config=settings)


def code_of(error: Exception) -> str:
    """AWS's own name of an error; empty when the call did not get as far as AWS."""
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
