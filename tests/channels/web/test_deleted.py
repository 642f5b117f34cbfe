"""A page that is open while its chat is deleted elsewhere: it is told so, and never waits for an answer in vain."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from in_process import InProcess

from spineline.channels.web.channel import Origins, WebChannel
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT, Content
from spineline.keep.outbox import Outbox
from spineline.keep.sessions import Sessions
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say


class Website(InProcess):
    """The website's chat, on which nobody is answered."""

    def __init__(self, content: Content) -> None:
        super().__init__(content, Settings())
        self.outbox, widget = Outbox(), load_widget(ROOT, content)
        self.web = WebChannel(Sessions(b"s", "web"), self.outbox, widget, Origins(), self._forget, self.turns)
        self.channels, self.on_message = [self.web], self._silent

    async def _silent(self, _: Asked, __: Say) -> None:
        """Nobody is answered here."""

    async def _forget(self, _: str) -> None:
        """Nothing else is kept here."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": f"http://127.0.0.1:{self.port}"}

    async def ask(self, path: str, body: dict[str, Any]) -> Any:
        async with self.client.post(f"/webhooks/web/{path}", json=body, headers=self.headers) as answer:
            return await answer.json()


@pytest.fixture
async def site(content: Content) -> AsyncIterator[Website]:
    async with Website(content) as site:
        yield site


async def test_a_page_whose_chat_was_deleted_elsewhere_is_told_so(site: Website) -> None:
    session = (await site.ask("session", {"consent": True}))["session"]
    async with site.client.ws_connect("/webhooks/web/socket", headers=site.headers) as line:
        await line.send_str(json.dumps({"session": session}))
        assert json.loads((await line.receive()).data)["type"] == "ready"
        await site.ask("delete", {"session": session})
        await line.send_str(json.dumps({"id": "message1", "text": "I fell and I can't feel my legs"}))
        answer = json.loads((await asyncio.wait_for(line.receive(), 30)).data)
    assert answer == {"type": "error", "code": "session"}
