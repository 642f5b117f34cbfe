"""Telegram's webhook on a real server of this machine, with an agent that repeats and a stand-in for Telegram."""

from __future__ import annotations

from typing import Any

from fake_bot_api import BOT, SECRET, TOKEN, FakeBotApi
from in_process import InProcess
from kept import waiting
from patience import until
from replies import says

from spineline.accounts import Telegram
from spineline.channels.telegram.channel import TelegramChannel
from spineline.content.library import Content
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say


class Heard:
    """An agent that repeats with two quick replies, and remembers what reached it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.language = "en"

    async def answer(self, said: Asked, say: Say) -> None:
        self.texts.append(said.choice or said.text)
        say(says(f"You wrote: {said.text}", self.language, choices=("core/about", "core/why")))


class Server(InProcess):
    """One server with a bot, and Telegram's side of it."""

    def __init__(self, content: Content, **settings: Any) -> None:
        super().__init__(content, Settings(**settings))
        self.api, self.agent = FakeBotApi(), Heard()
        self.channels = [TelegramChannel(Telegram(TOKEN, BOT, SECRET, self.api.address), self.hub)]
        self.on_message = self.agent.answer

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__()
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
        await until(lambda: not self.turns._working and not waiting(self.deliveries, "telegram"))
        return [
            said
            for said in self.api.sent(chat)[before:]
            if "30 days" not in said["text"] and "30 días" not in said["text"]
        ]
