"""The real pages and the real web channel with a fake agent, for a browser: `python -m tests.web.fake_server`.

The fake agent answers by the words of a message, so that a test can ask for every state of the chat window.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.web.website import add_website
from spineline.content.library import ROOT, current_content
from spineline.dialogue.render import answer_message, call_button, quick_replies
from spineline.dialogue.turn import Message
from spineline.settings import Settings, read_settings

HOSTILE = '<img src=x onerror="window.__xss=1"><svg onload="window.__xss=1">&lt;script&gt; javascript:alert(1)'
HELP = ("alarm:getting_help", "alarm:not_meant")


class FakeAgent:
    """Says one thing for each word it knows, and repeats the rest."""

    def __init__(self) -> None:
        self.turns: list[str] = []
        self.forgotten: list[str] = []
        self.language: dict[str, str] = {}

    async def forget(self, sender: str) -> None:
        self.forgotten.append(sender)

    async def handle_message(self, message: UserMessage) -> None:
        text, sender = message.text, message.sender_id
        self.turns.append(text)
        if text in ("English, please", "Español, por favor"):
            self.language[sender] = "es" if text.startswith("Esp") else "en"
        if text.startswith("slow"):
            await asyncio.sleep(6 if "very" in text else 1.5)
        for said in self._answers(text, self.language.get(sender, "en")):
            await message.output_channel.send_response(sender, said)

    def _answers(self, text: str, language: str) -> list[dict[str, Any]]:
        content = current_content()
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
    app = Sanic("fake", configure_logging=False)
    app.ctx.agent = agent = FakeAgent()
    web = add_website(app, settings, agent.forget)

    @app.get("/test/turns")
    async def turns(_: Request) -> HTTPResponse:
        return response.json(agent.turns)

    @app.get("/test/forgotten")
    async def forgotten(_: Request) -> HTTPResponse:
        return response.json(agent.forgotten)

    @app.post("/test/push")
    async def push(request: Request) -> HTTPResponse:
        sessions = web._outbox._db.execute("SELECT id FROM sessions").fetchall()
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
    settings = read_settings(os.environ)
    make_app(settings).run(port=settings.port, workers=1, access_log=False, motd=False)
