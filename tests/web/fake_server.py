"""The real pages and the real web channel with a fake agent, for a browser: `python -m tests.web.fake_server`.

The fake agent answers by the words of a message, so that a test can ask for every state of the chat window.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.web.website import add_website
from spineline.content.choice import REPLIES
from spineline.content.library import ROOT, Content, load_content
from spineline.danger.tiers import Tier
from spineline.dialogue.alarms import close_alarm, raise_alarm
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message
from spineline.environment import settings_of_environment
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say
from spineline.turns.turns import make_turns
from tests.support.replies import says

HOSTILE = '<img src=x onerror="window.__xss=1"><svg onload="window.__xss=1">&lt;script&gt; javascript:alert(1)'


class FakeAgent:
    """Says one thing for each word it knows, and repeats the rest. What is slow waits for the test to let it go on."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.turns: list[str] = []
        self.forgotten: list[str] = []
        self.language: dict[str, str] = {}
        self.may_go_on = asyncio.Semaphore(0)

    store = None

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        pass

    async def forget(self, sender: str) -> None:
        self.forgotten.append(sender)

    async def answer(self, message: Asked, say: Say) -> None:
        text, sender = message.choice or message.text, message.conversation
        self.turns.append(text)
        self.language[sender] = message.wished_language or self.language.get(sender, "en")
        if text.startswith("slow"):
            await self.may_go_on.acquire()
        if message.choice in REPLIES:
            memory = Memory(language=self.language[sender])
            say(close_alarm(message.choice, memory, self._content).messages[0])
            return
        for said in self._answers(text, self.language[sender]):
            say(said)

    def _answers(self, text: str, language: str) -> list[Message]:
        content = self._content
        if "emergency" in text:
            return list(raise_alarm(Tier.ED_NOW, None, Memory(language=language), content).messages)
        if "hostile" in text:
            return [says(HOSTILE)]
        for card in ("hamstring_stretch/how", "contact/about", "workout_mistakes/about", "plank/how"):
            if card in text or card.split("/")[0] in text:
                return [Speaker(content, language).answer(content.answer(card))]
        if "two" in text:
            return [says("First answer."), says("Second answer.")]
        return [says(f"You wrote: {text}", language)]


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
        return response.json([web.push(session, says(request.json["text"])) for (session,) in sessions])

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
