"""A server in this process around the channels that a test gives it, with the guard and real turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel, UserMessage, register
from sanic import Sanic
from servers import free_port
from typing_extensions import Self

from spineline.channels.messengers.courier import Courier
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Inbox
from spineline.channels.messengers.pseudonyms import Pseudonyms
from spineline.content.library import Content
from spineline.keep.deliveries import Deliveries
from spineline.keep.notices import Notices
from spineline.server.guard import add_guard
from spineline.settings import Settings
from spineline.turns.metrics import Metrics
from spineline.turns.turns import OnMessage, Turns

PUBLIC = "https://chat.clinic.example"


class InProcess:
    """One server and the `client` that talks to it.

    Whoever inherits says which `channels` it has, and what answers in place of Rasa: `on_message`, which a test can
    change at any time.
    """

    channels: Sequence[InputChannel]
    on_message: OnMessage

    def __init__(self, content: Content, settings: Settings) -> None:
        self.content, self.settings, self.port = content, settings, free_port()
        self.turns = Turns(content, settings, Notices(None), Metrics())
        self.courier = Courier(Deliveries(None), self.turns.metrics)
        self.hub = Hub(self.turns, self.courier, Inbox(self.courier), Pseudonyms(b"secret"), PUBLIC)

    @property
    def deliveries(self) -> Deliveries:
        return self.courier.deliveries

    async def __aenter__(self) -> Self:
        Sanic.test_mode = True  # else a process can only ever have one server
        app = Sanic(f"in_process{self.port}", configure_logging=False)
        app.ctx.agent = self
        add_guard(app, self.settings, self.turns)
        register(self.channels, app, route="/webhooks/")
        self._server: Any = await app.create_server(self.settings.host, self.port, return_asyncio_server=True)
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

    async def handle_message(self, said: UserMessage) -> None:
        """What Rasa's agent does."""
        await self.on_message(said)


async def until(is_so: Callable[[], Any]) -> None:
    """Wait for something that happens soon."""
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("this did not happen within 5 s")
