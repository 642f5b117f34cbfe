"""The network edge: uvicorn with our limits on lines, and an end that leaves nobody without an answer."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from spineline.channels.http import MOST_BYTES
from spineline.server.application import Application
from spineline.server.http_line import HttpLine
from spineline.server.lines import Lines
from spineline.server.socket_line import SocketLine
from spineline.settings import Settings

KEEPS_ALIVE_S = 30  # how long a line may stay open without a request
LAST_ANSWERS_S = 3  # for what is answered already to be written, when the server stops


class Edge(uvicorn.Server):
    """Serves an application until it is told to stop.

    Args:
        begun: is called when people can connect.
    """

    def __init__(self, application: Application, settings: Settings, begun: Callable[[], None] = lambda: None) -> None:
        config = uvicorn.Config(
            application.asgi,
            settings.host,
            settings.port,
            loop="uvloop",
            http=HttpLine,
            ws=SocketLine,
            ws_max_size=MOST_BYTES,
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEPS_ALIVE_S,
            timeout_graceful_shutdown=LAST_ANSWERS_S,
        )
        super().__init__(config)
        self.server_state = Lines(settings.trusted_proxies)
        self._drain, self._begun = application.drain, begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See Server."""
        await super().startup(sockets)
        self._begun()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer whoever has asked, then close. Being told to stop is no failure."""
        await self._drain()
        await super().shutdown(sockets)
        self._captured_signals.clear()
