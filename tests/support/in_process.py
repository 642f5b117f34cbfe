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
from sanic import Sanic
from typing_extensions import Self

from spineline.channels.messengers.courier import Courier
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Inbox
from spineline.channels.messengers.pseudonyms import Pseudonyms
from spineline.content.library import Content
from spineline.keep.deliveries import Deliveries
from spineline.keep.notices import Notices
from spineline.server.guard import add_guard
from spineline.server.strict_http import StrictProtocol
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

    channels: Sequence[Any]
    on_message: Answers

    def __init__(self, content: Content, settings: Settings) -> None:
        if settings.deadline_s == Settings.deadline_s:
            settings = replace(settings, deadline_s=LONG_S)
        self.content, self.settings, self._socket = content, settings, socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        engine = EngineOf(self.answer)
        self.turns = Turns(content, settings, engine, Notices(None), Metrics(), alarm_wait_s=LONG_S)
        self.courier = Courier(Deliveries(None), self.turns.metrics, waits_s=(0.02,))
        self.hub = Hub(self.turns, self.courier, Inbox(self.courier), Pseudonyms(b"secret"), PUBLIC)

    @property
    def deliveries(self) -> Deliveries:
        return self.courier.deliveries

    async def __aenter__(self) -> Self:
        Sanic.test_mode = True  # else a process can only ever have one server
        app = Sanic(f"in_process{self.port}", configure_logging=False)
        add_guard(app, self.settings, self.turns)
        for channel in self.channels:
            app.blueprint(channel.blueprint(), url_prefix=f"/webhooks/{channel.name()}")
        self._server: Any = await app.create_server(
            self.settings.host, self.port, sock=self._socket, return_asyncio_server=True, protocol=StrictProtocol
        )
        await self._server.startup()
        await self._server.start_serving()
        self._sending = [asyncio.ensure_future(self.courier.run(name)) for name in self.courier.channels]
        self.client = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._sending:
            task.cancel()
        await self.client.close()
        await self._server.close()
        await self._server.after_stop()

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._server.connections)

    async def answer(self, asked: Asked, say: Say) -> None:
        """What stands behind the turns; a test may change it at any time."""
        await self.on_message(asked, say)
