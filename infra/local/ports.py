"""Loopback ports: whether one is free, and which ones are."""

import socket

from infra.local.place import HOST, Place
from infra.local.problem import StackProblemError


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def require_free(place: Place) -> None:
    """Raises StackProblemError that names each port in use, its variable, and the way out."""
    wanted = {"KEPT_AWS_PORT": place.aws_port, "KEPT_INBOX_PORT": place.inbox_port}
    taken = [
        f"Port {port} is in use by another program. Stop that program, or choose another port, as in: "
        f"{name}={port + 1000} make run"
        for name, port in wanted.items()
        if not is_free(port)
    ]
    if taken:
        raise StackProblemError("\n".join(taken))


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on, all different; held open together while they are being chosen."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
