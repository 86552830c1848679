"""Joins our own start and stop steps to MiniStack's, through the ASGI lifespan it already answers."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from infra.local.emulated import streams
from infra.local.emulated.alias import Application, Receive, Scope, Send
from infra.local.emulated.snapshots import Snapshots


class Lifespan:
    """Restores the streams before MiniStack starts, and saves them after it has saved everything else.

    The marked file says that the state on disk is whole. It is gone while serving, so a start that does not find it
    knows that the emulator was killed.
    """

    def __init__(self, application: Application, snapshots: Snapshots, mark: Path) -> None:
        self._application = application
        self._snapshots = snapshots
        self._mark = mark

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._application(scope, receive, send)
            return

        async def receiving() -> MutableMapping[str, Any]:
            message = await receive()
            if message["type"] == "lifespan.startup":
                streams.restore()
                self._mark.unlink(missing_ok=True)
            elif message["type"] == "lifespan.shutdown":
                self._snapshots.stop()
            return message

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._snapshots.start()
            elif message["type"] == "lifespan.shutdown.complete":
                streams.save()
                self._mark.touch()
            await send(message)

        await self._application(scope, receiving, sending)
