"""boto3 clients, each made when it is first needed, with its time-outs and retries said aloud."""

from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

CONNECT_SECONDS = 1.0
# All that a client raises; an answer that breaks off in the middle is none of botocore's own errors.
CallFailed = (ClientError, BotoCoreError, ResponseParserError)


class Aws:
    """Makes clients for one account. Region and endpoint left out are those that AWS's own settings say."""

    def __init__(self, region: str | None = None, endpoint: str | None = None, *, tries_at_most: int = 3) -> None:
        """Remember where; boto3 is imported with the first client."""
        self._tries_at_most = tries_at_most
        self._region = region
        self._endpoint = endpoint
        self._session: Any = None
        # Sessions are not safe to share between threads while they make clients; the clients are.
        self._making = Lock()

    def client(self, service: str, *, read_seconds: float, tries: int) -> Any:
        """Return a new client. `tries` counts the first one too: 1 means that the library never repeats a call."""
        import boto3  # noqa: PLC0415 - half a second at a cold start, for the functions that need it only
        from botocore.config import Config  # noqa: PLC0415

        with self._making:
            self._session = self._session or boto3.session.Session(region_name=self._region)
            return self._session.client(
                service,
                endpoint_url=self._endpoint,
                config=Config(
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=read_seconds,
                    retries={"mode": "standard", "total_max_attempts": min(tries, self._tries_at_most)},
                    max_pool_connections=50,
                ),
            )
