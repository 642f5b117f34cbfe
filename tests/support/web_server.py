"""The website's chat on a server in this process, with an outbox that a test can break."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from faulty import say_ok
from in_process import InProcess
from kept import FailingDatabase
from patience import LONG_S

from spineline.channels.web.channel import Origins, WebChannel
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT, Content
from spineline.keep.outbox import Outbox
from spineline.keep.sessions import Sessions
from spineline.settings import DATABASE_FILE, Settings
from spineline.turns.engine import Asked, Say

LONG_POLL_S = 30  # a test that waits longer than this has failed


class WebServer(InProcess):
    """One server; `say`, `poll` and `begin` are what the browser's script does where sockets are blocked."""

    on_message: Callable[[Asked, Say], Awaitable[None]]

    def __init__(self, content: Content, folder: Path, **settings: Any) -> None:
        self.db = FailingDatabase(f"sqlite:///{folder / DATABASE_FILE}")
        given = Settings(**{"host": "127.0.0.1", "rate_per_address": "", **settings})
        super().__init__(content, given, self.db)
        self.db.note = self.turns.failures.note
        self.outbox = Outbox(self.db)
        self.web = WebChannel(
            Sessions(b"secret", "web"),
            self.outbox,
            load_widget(ROOT, content),
            Origins(),
            self.turns.keeper.forget,
            self.turns,
        )
        self.channels, self.on_message = [self.web], say_ok

    async def ask(self, path: str, **body: Any) -> dict[str, Any]:
        headers = {"Origin": f"http://127.0.0.1:{self.port}"}
        limit = aiohttp.ClientTimeout(LONG_POLL_S)
        async with self.client.post(f"/webhooks/web/{path}", json=body, headers=headers, timeout=limit) as answer:
            assert answer.status == 200, (path, answer.status, await answer.text())
            told: dict[str, Any] = await answer.json()
            return told

    async def begin(self, language: str = "en") -> str:
        return str((await self.ask("session", consent=True, language=language))["session"])

    async def say(self, session: str, message: str, text: str) -> str:
        return str((await self.ask("message", session=session, id=message, text=text))["type"])

    async def poll(self, session: str, since: int = 0) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = (await self.ask("poll", session=session, since=since))["events"]
        return events

    def socket(self) -> Any:
        headers = {"Origin": f"http://127.0.0.1:{self.port}"}
        return self.client.ws_connect("/webhooks/web/socket", headers=headers)


async def reply_to(socket: Any, message: str) -> dict[str, Any]:
    """The next answer to a message on a websocket."""
    return (await replies_to(socket, message))[0]


async def replies_to(socket: Any, *messages: str) -> list[dict[str, Any]]:
    """The next answer to each of these, in whatever order they come; asyncio.TimeoutError when one does not."""
    return await asyncio.wait_for(_replies_to(socket, messages), LONG_S)


async def _replies_to(socket: Any, messages: Sequence[str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    while not found.keys() >= set(messages):
        event = json.loads(await socket.receive_str(timeout=LONG_POLL_S))
        if event["type"] == "reply":
            found.setdefault(event.get("to"), event)
    return [found[message] for message in messages]
