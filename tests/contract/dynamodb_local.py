"""DynamoDB Local as a process beside the tests: in memory, on loopback, gone with whoever started it."""

import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from infra.local import dynamodb_local, ports

START_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05
LOOPBACK = Path(__file__).with_name("loopback.xml")
# A small heap and the quick compiler: it serves some thousand requests, beside other tests on the same cores.
JAVA = ("java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


class DynamodbLocal:
    """Use as a context manager; `url` is where it answers."""

    def __init__(self, log: Path) -> None:
        self._log = log
        (self._port,) = ports.free_ports(1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        home = dynamodb_local.home()
        libraries = home / "DynamoDBLocal_lib"
        # The kernel ends it when the test process is gone, however that went.
        command = ["setpriv", "--pdeathsig", "TERM", *JAVA, f"-Djava.library.path={libraries}"]
        command += ["-cp", f"{home / 'DynamoDBLocal.jar'}:{libraries}/*"]
        command += ["org.eclipse.jetty.xml.XmlConfiguration", f"port={self._port}", str(LOOPBACK)]
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env={"PATH": os.environ.get("PATH", os.defpath), "DDB_LOCAL_TELEMETRY": "0"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError(f"DynamoDB Local did not start:\n{self._log.read_text(errors='replace')}")
            time.sleep(POLL_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
