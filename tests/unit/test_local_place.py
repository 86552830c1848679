"""Where a local stack lives: directory, ports, and what is said when they are not usable."""

import socket
from pathlib import Path

import pytest

from infra.local import lock, ports
from infra.local.place import Place, from_environment
from infra.local.problem import StackProblemError
from infra.local.stop import stop


def test_without_settings_the_usual_ports_are_used() -> None:
    place = from_environment({})
    assert (place.aws, place.inbox) == ("http://127.0.0.1:4566", "http://127.0.0.1:8025")
    assert place.state.name == ".local"


def test_ports_and_directory_can_be_chosen(tmp_path: Path) -> None:
    place = from_environment({"KEPT_AWS_PORT": "5001", "KEPT_INBOX_PORT": "5002", "KEPT_STATE_DIR": str(tmp_path)})
    assert place == Place(tmp_path, 5001, 5002)
    assert place.api == "http://127.0.0.1:5001/kept"


def test_every_bad_port_is_named_at_once() -> None:
    with pytest.raises(StackProblemError) as refused:
        from_environment({"KEPT_AWS_PORT": "abc", "KEPT_INBOX_PORT": "70000"})
    assert "KEPT_AWS_PORT='abc'" in str(refused.value)
    assert "KEPT_INBOX_PORT='70000'" in str(refused.value)


def test_two_services_cannot_share_a_port() -> None:
    with pytest.raises(StackProblemError, match="two different ports"):
        from_environment({"KEPT_AWS_PORT": "5001", "KEPT_INBOX_PORT": "5001"})


def test_a_port_in_use_is_named_with_its_variable_and_a_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (free,) = ports.free_ports(1)
        with pytest.raises(StackProblemError) as refused:
            ports.require_free(Place(tmp_path, aws_port=free, inbox_port=port))
    assert f"Port {port} is in use" in str(refused.value)
    assert "KEPT_INBOX_PORT=" in str(refused.value)
    assert "KEPT_AWS_PORT" not in str(refused.value)


def test_free_ports_differ_and_are_free(tmp_path: Path) -> None:
    first, second = ports.free_ports(2)
    assert first != second
    ports.require_free(Place(tmp_path, first, second))


def test_a_second_stack_in_the_same_place_is_told_who_is_there(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with lock.take(path):
        assert lock.holder(path) is not None
        with pytest.raises(StackProblemError, match="already running here"):
            lock.take(path)
    assert lock.holder(path) is None


def test_stopping_what_does_not_run_is_no_error(tmp_path: Path) -> None:
    assert stop(tmp_path / "run.lock") is False
