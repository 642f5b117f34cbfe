"""Telegram's webhook on a real server of this machine, with an agent that repeats and a stand-in for Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
from fake_bot_api import BOT, SECRET, TOKEN, FakeBotApi
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic
from servers import free_port

from spineline.accounts import Accounts, Telegram
from spineline.channels.configured import configured_messengers
from spineline.channels.turns import Turns
from spineline.content import Content
from spineline.notices import Notices
from spineline.render import quick_replies
from spineline.server.guard import add_guard
from spineline.server.metrics import Metrics
from spineline.settings import Settings


class Heard:
    """An agent that repeats with two quick replies, and remembers what reached it."""

    def __init__(self, content: Content) -> None:
        self.texts: list[str] = []
        self.language = "en"
        self._content = content

    async def handle_message(self, said: UserMessage) -> None:
        self.texts.append(said.text)
        replies = [b.as_dict() for b in quick_replies(["core/about", "core/why"], self.language, self._content)]
        answer = {"text": f"You wrote: {said.text}", "buttons": replies, "metadata": {"language": self.language}}
        await said.output_channel.send_response(said.sender_id, answer)


class Server:
    """One server with a bot, and Telegram's side of it."""

    def __init__(self, content: Content, data_dir: Path, **settings: Any) -> None:
        self.api, self.agent, self.port = FakeBotApi(), Heard(content), free_port()
        accounts = Accounts(Telegram(TOKEN, BOT, SECRET, self.api.address), public_url="https://chat.clinic.example")
        self.settings = Settings(data_dir=data_dir, accounts=accounts, **settings)
        self.turns = Turns(content, self.settings, Notices(None), Metrics())

    async def __aenter__(self) -> Server:
        Sanic.test_mode = True  # else a process can only ever have one server
        self.app = app = Sanic(f"telegram{self.port}", configure_logging=False)
        app.ctx.agent = self.agent
        add_guard(app, self.settings, self.turns)
        messengers = configured_messengers(self.settings, self.turns)
        assert messengers.courier
        self.outbox = messengers.courier.deliveries
        register(messengers.channels, app, route="/webhooks/")
        self._server: Any = await app.create_server(host="127.0.0.1", port=self.port, return_asyncio_server=True)
        await self._server.startup()
        await self._server.start_serving()
        self._sending = [asyncio.ensure_future(messengers.courier.run(name)) for name in messengers.courier.channels]
        self.client = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._sending:
            task.cancel()
        await self.client.close()
        await self._server.close()
        self.api.close()
        assert not self.api.wrong, self.api.wrong

    async def post(self, body: bytes, secret: str | None = SECRET) -> tuple[int, str]:
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        async with self.client.post("/webhooks/telegram/webhook", data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def say(self, body: bytes, chat: int = 77) -> list[dict[str, Any]]:
        """Bring an update; what the bot said to it, without the notice."""
        before = len(self.api.sent(chat))
        assert (await self.post(body))[0] == 200
        await until(lambda: self.outbox.next_due("telegram") is None)
        return [
            said
            for said in self.api.sent(chat)[before:]
            if "30 days" not in said["text"] and "30 días" not in said["text"]
        ]


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("this did not happen within 5 s")
