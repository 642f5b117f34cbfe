"""One message of each channel, and the answer as the person gets it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from fake_bot_api import SECRET
from fake_call import FakeCall
from patience import until
from telegram_line import typed
from texting import PATH, message, signed

from tests.below.server import Server

_numbers = itertools.count(1)
Say = Callable[[str], Awaitable[str]]  # a message; the whole answer, as text


class People:
    """Strangers with lines that are open already, as those of real clients and proxies are."""

    def __init__(self, server: Server, client: aiohttp.ClientSession) -> None:
        self._server, self._client = server, client

    async def somebody(self, channel: str) -> Say:
        """Somebody new who can talk."""
        begin: dict[str, Callable[[int], Awaitable[Say]]] = {
            "rest": self._program,
            "web": self._browser,
            "telegram": self._telegram,
            "sms": self._texter,
            "voice": self._caller,
        }
        return await begin[channel](next(_numbers))

    async def _program(self, number: int) -> Say:
        async def say(text: str) -> str:
            return await self._post("/webhooks/rest/webhook", {"sender": f"p{number}", "message": text})

        return say

    async def _browser(self, number: int) -> Say:
        headers, since, said = {"Origin": self._server.base}, 0, itertools.count()
        begun = await self._asked("/webhooks/web/session", {"consent": True}, headers)

        async def say(text: str) -> str:
            nonlocal since
            sent = {"session": begun["session"], "id": f"b{number:04}-{next(said):04}", "text": text}
            await self._asked("/webhooks/web/message", sent, headers)
            heard = list[Any]()
            while not any(event.get("last") for event in heard):
                asked = {"session": begun["session"], "since": since}
                events = (await self._asked("/webhooks/web/poll", asked, headers))["events"]
                heard += events
                since = max([since, *(event["seq"] for event in events)])
            return str(heard)

        return say

    async def _telegram(self, number: int) -> Say:
        chat, headers = 5000 + number, {"X-Telegram-Bot-Api-Secret-Token": SECRET}

        async def say(text: str) -> str:
            before = len(self._server.telegram.sent(chat))
            update = {"update_id": 10_000 * number + before, **typed(chat, text)}
            await self._post("/webhooks/telegram/webhook", update, headers)
            await until(lambda: len(self._server.telegram.sent(chat)) > before)
            return str(self._server.telegram.sent(chat)[before:])

        return say

    async def _texter(self, number: int) -> Say:
        async def say(text: str) -> str:
            body, headers = signed(message(text, From=f"+1310557{number:04d}"), self._server.base)
            answer = await self._post(PATH, body, headers)
            assert "<Message>" in answer, "nothing came back"
            return answer

        return say

    async def _caller(self, number: int) -> Say:
        call = FakeCall(self._server.base)

        async def bring(**fields: str) -> str:
            path, body, headers = call.request(**fields)
            answer = await self._post(path, body, headers)
            call.take(answer)
            return answer

        async def say(text: str) -> str:
            return await bring(SpeechResult=text, Confidence="0.9")

        await bring()
        return say

    async def _asked(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        async with self._client.post(self._server.base + path, json=body, headers=headers) as answer:
            assert answer.status == 200, answer.status
            return await answer.json()

    async def _post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> str:
        kind = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self._client.post(self._server.base + path, headers=headers or {}, **kind) as answer:
            assert answer.status == 200, answer.status
            return await answer.text()


async def timed(work: Awaitable[str], longest_s: float) -> tuple[float, str, str]:
    """How long it took, and what came; or nothing, and why that was no answer."""
    clock = asyncio.get_running_loop()
    begun, said, reason = clock.time(), "", ""
    try:
        said = await asyncio.wait_for(work, longest_s)
    except (AssertionError, aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        reason = f"{type(error).__name__} {error}".strip()
    return clock.time() - begun, said, reason
