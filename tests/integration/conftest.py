"""Stacks whose safety nets are set apart: on one the expiry of clocks never comes, on the other it comes at once.

Beside them an inbox alone.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import ports, stack
from infra.local.inbox.server import InboxServer
from tests.e2e.outside import Outside
from tests.integration.inbox import serving
from tests.integration.machinery import Machinery

A_DAY_SECONDS = 86_400
AT_ONCE_SECONDS = 2


def _running(factory: pytest.TempPathFactory, ttl_grace_seconds: int) -> Iterator[stack.Stack]:
    aws_port, inbox_port = ports.free_ports(2)
    environ = {"KEPT_TTL_GRACE_SECONDS": str(ttl_grace_seconds)}
    started = stack.start(factory.mktemp("stack"), aws_port, inbox_port, environ)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def never_expiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.Stack]:
    """A stack whose clocks expire a day after their moment: no rescue can help out in a test."""
    yield from _running(tmp_path_factory, A_DAY_SECONDS)


@pytest.fixture(scope="module")
def expiring_at_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.Stack]:
    """A stack whose clocks expire two seconds after their moment."""
    yield from _running(tmp_path_factory, AT_ONCE_SECONDS)


@pytest.fixture(scope="session")
def outside(never_expiring: stack.Stack) -> Outside:
    return Outside(never_expiring)


@pytest.fixture
def machinery(never_expiring: stack.Stack) -> Machinery:
    return Machinery(never_expiring)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[InboxServer]:
    with serving(tmp_path) as server:
        yield server
