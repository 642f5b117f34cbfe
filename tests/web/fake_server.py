"""The real pages and the real web channel with a fake agent, for a browser: `python -m tests.web.fake_server`.

The fake agent answers by the words of a message, so that a test can ask for every state of the chat window.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.web.website import add_website
from spineline.content.library import ROOT, Content, load_content
from spineline.dialogue.render import answer_message, call_button, quick_replies
from spineline.dialogue.turn import Message
from spineline.environment import settings_of_environment
from spineline.settings import Settings
from spineline.turns.engine import Asked, Reply, Say
from spineline.turns.turns import make_turns

HOSTILE = '<img src=x onerror="window.__xss=1"><svg onload="window.__xss=1">&lt;script&gt; javascript:alert(1)'
HELP = ("alarm:getting_help", "alarm:not_meant")


class FakeAgent:
    """Says one thing for each word it knows, and repeats the rest. What is slow waits for the test to let it go on."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.turns: list[str] = []
        self.forgotten: list[str] = []
        self.language: dict[str, str] = {}
        self.may_go_on = asyncio.Semaphore(0)

    store = None

    async def record(self, asked: Asked, said: Iterable[Reply]) -> None:
        pass

    async def forget(self, sender: str) -> None:
        self.forgotten.append(sender)

    async def answer(self, message: Asked, say: Say) -> None:
        text, sender = message.text, message.conversation
        self.turns.append(text)
        self.language[sender] = message.wished_language or self.language.get(sender, "en")
        if text.startswith("slow"):
            await self.may_go_on.acquire()
        for said in self._answers(text, self.language.get(sender, "en")):
            say(said)

    def _answers(self, text: str, language: str) -> list[dict[str, Any]]:
        content = self._content
        if "emergency" in text:
            calls = [call_button(whom, language, content) for whom in ("911", "clinic")]
            do = content.fill(content.tiers["ED_NOW"]["do"][language], language)
            more = content.fill(content.tiers["ED_NOW"]["more"][language], language)
            buttons = (*calls, *quick_replies(HELP, language, content))
            return [_said(Message(f"{do}\n{more}", buttons, {"language": language, "card": "alarm", "tier": "ED_NOW"}))]
        if "getting_help" in text:
            return [
                _said(Message("Good that help is coming.", (), {"language": language, "card": "alarm:getting_help"}))
            ]
        if "hostile" in text:
            bad = {"title": HOSTILE, "payload": "x", "type": "web_url", "url": "javascript:window.__xss=1"}
            return [
                {"text": HOSTILE, "buttons": [bad, {"title": HOSTILE, "payload": "y"}], "metadata": {"language": "en"}}
            ]
        for card in ("hamstring_stretch/how", "contact/about", "workout_mistakes/about", "plank/how"):
            if card in text or card.split("/")[0] in text:
                return [_said(answer_message(content.answer(card), language, content))]
        if "two" in text:
            return [{"text": "First answer."}, {"text": "Second answer."}]
        return [{"text": f"You wrote: {text}", "metadata": {"language": language}}]


def _said(message: Message) -> dict[str, Any]:
    return {"text": message.text, "buttons": [b.as_dict() for b in message.buttons], "metadata": dict(message.data)}


def make_app(settings: Settings) -> Sanic:
    """The server with the fake agent, and a way for tests to look in and to speak as the staff."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app, content = Sanic("fake", configure_logging=False), load_content(ROOT, settings.clinic)
    agent = FakeAgent(content)
    turns = make_turns(content, settings, agent)
    web = add_website(app, settings, turns, agent.forget)

    @app.get("/test/turns")
    async def heard(_: Request) -> HTTPResponse:
        return response.json(agent.turns)

    @app.get("/test/forgotten")
    async def forgotten(_: Request) -> HTTPResponse:
        return response.json(agent.forgotten)

    @app.post("/test/go")
    async def go(_: Request) -> HTTPResponse:
        agent.may_go_on.release()
        return response.json({})

    @app.post("/test/push")
    async def push(request: Request) -> HTTPResponse:
        sessions = web._outbox._file._db.execute("SELECT id FROM sessions").fetchall()
        return response.json([web.push(session, request.json) for (session,) in sessions])

    @app.post("/test/drop")
    async def drop(_: Request) -> HTTPResponse:
        for task in list(app.websocket_tasks):
            task.cancel()
        return response.json({})

    app.static("/pages", str(ROOT / "tests" / "web" / "pages"))
    return app


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    settings = settings_of_environment()
    make_app(settings).run(port=settings.port, workers=1, access_log=False, motd=False)
