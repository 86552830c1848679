"""Keys that stand open in the test."""

from collections.abc import Sequence

from chalicelib.usecases.store_port import StoreUnavailable


class FakeSecrets:
    """A Secrets. Set `available` to False for an outage."""

    def __init__(self) -> None:
        self.links = ["link-key-of-the-tests-old-0123456789", "link-key-of-the-tests-new-0123456789"]
        self.reads = ["read-key-of-the-tests"]
        self.sources: dict[str, list[str]] = {}
        self.event_keys: list[str] = []
        self.available = True

    def link_keys(self) -> Sequence[str]:
        return self._told(self.links)

    def read_keys(self) -> Sequence[str]:
        return self._told(self.reads)

    def webhook_secrets(self, source: str) -> Sequence[str]:
        return self._told(self.sources.get(source, []))

    def sendgrid_event_keys(self) -> Sequence[str]:
        return self._told(self.event_keys)

    def _told(self, keys: list[str]) -> Sequence[str]:
        if not self.available:
            raise StoreUnavailable("the secret could not be read")
        return tuple(keys)
