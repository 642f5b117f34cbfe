"""A server in this process around the channels that a test gives it, with the guard and real turns."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import aiohttp
from engines import Answers, EngineOf
from patience import LONG_S
from typing_extensions import Self

from spineline.channels.http import Channel
from spineline.channels.messengers.courier import Courier
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Inbox
from spineline.channels.messengers.pseudonyms import Pseudonyms
from spineline.content.library import Content
from spineline.keep.database import Database
from spineline.keep.deliveries import Deliveries
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.server.application import make_application
from spineline.server.edge import Edge
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say
from spineline.turns.metrics import Metrics
from spineline.turns.turns import Turns

PUBLIC = "https://chat.clinic.example"


class InProcess:
    """One server and the `client` that talks to it.

    Whoever inherits says which `channels` it has, and what answers in place of Rasa: `on_message`, which a test can
    change at any time. It is waited for as long as it takes, unless the settings say otherwise.
    """

    channels: Sequence[Channel]
    on_message: Answers

    def __init__(self, content: Content, settings: Settings, database: Database | None = None) -> None:
        if settings.deadline_s == Settings.deadline_s:
            settings = replace(settings, deadline_s=LONG_S)
        self.content, self.settings, self._socket = content, settings, socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        database = database or Database()
        parts: dict[str, Any] = {"database": database, "alarm_wait_s": LONG_S}
        notices, links = Notices(database), Links(database)
        self.turns = Turns(content, settings, EngineOf(self.answer), notices, Metrics(), links, **parts)
        self.courier = Courier(Deliveries(database), self.turns.metrics, waits_s=(0.02,))
        self.hub = Hub(self.turns, self.courier, Inbox(self.courier), Pseudonyms(b"secret"), PUBLIC)

    @property
    def deliveries(self) -> Deliveries:
        return self.courier.deliveries

    async def __aenter__(self) -> Self:
        self.application = make_application(self.settings, self.turns, self.channels)
        self.edge = Edge(self.application, self.settings)
        await open_edge(self.edge, self._socket)
        self._sending = [asyncio.ensure_future(self.courier.run(name)) for name in self.courier.channels]
        self.client = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._sending:
            task.cancel()
        await self.client.close()
        await close_edge(self.edge)

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self.edge.server_state.connections)

    async def answer(self, asked: Asked, say: Say) -> None:
        """What stands behind the turns; a test may change it at any time."""
        await self.on_message(asked, say)


async def open_edge(edge: Edge, place: socket.socket) -> None:
    """Serve in this loop, without listening to signals."""
    edge.config.load()
    edge.lifespan = edge.config.lifespan_class(edge.config)
    await edge.startup([place])


async def close_edge(edge: Edge) -> None:
    """End at once: some engines of tests never answer."""
    for server in edge.servers:
        server.close()
    for line in list(edge.server_state.connections):
        line.transport.abort()
    for task in list(edge.server_state.tasks):
        task.cancel()
    await edge.lifespan.shutdown()
