"""The real pages and the real web channel with a fake agent, for a browser: `python -m tests.web.fake_server`.

The fake agent answers by the words of a message, so that a test can ask for every state of the chat window.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from prometheus_client import generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from spineline.channels.http import Json
from spineline.channels.web.channel import WebChannel
from spineline.channels.web.website import make_website
from spineline.content.choice import REPLIES
from spineline.content.library import ROOT, Content, load_content
from spineline.danger.tiers import Tier
from spineline.dialogue import pain
from spineline.dialogue.alarms import close_alarm, raise_alarm
from spineline.dialogue.routines import routine
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message, Reply, Turn
from spineline.environment import settings_of_environment
from spineline.keep.takeover import open_database
from spineline.server.application import make_application
from spineline.server.edge import Edge
from spineline.server.socket_line import SocketLine
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say
from spineline.turns.turns import make_turns
from tests.support.replies import says

CARDS = ("hamstring_stretch/how", "contact/about", "workout_mistakes/about", "severe_pain/about", "plank/how")
HOSTILE = '<img src=x onerror="window.__xss=1"><svg onload="window.__xss=1">&lt;script&gt; javascript:alert(1)'


class NoStore:
    """Where conversations would be kept."""

    async def delete(self, _: str) -> None:
        pass


class FakeAgent:
    """Says one thing for each word it knows, and repeats the rest. What is slow waits for the test to let it go on."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.store = NoStore()
        self.turns: list[str] = []
        self.forgotten: list[str] = []
        self.language: dict[str, str] = {}
        self.may_go_on = asyncio.Semaphore(0)
        self.pain: dict[str, Memory] = {}

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
        for said in self._about_pain(message) or self._answers(text, self.language[sender]):
            say(said)

    def _about_pain(self, message: Asked) -> Sequence[Message]:
        """The pain questions as they are, from "my pain" on."""
        sender, turn = message.conversation, Turn(message.text, "nlu_fallback")
        if message.text == "my pain":
            reply = pain.report_mild(turn, Memory(self.language[sender]), self._content)
        else:
            turn = replace(turn, choice=message.choice, also=message.intake.also)
            memory = self.pain.get(sender, Memory())
            reply = pain.continue_questions(turn, memory, self._content) or Reply((), memory)
        self.pain[sender] = reply.memory
        return reply.messages

    def _answers(self, text: str, language: str) -> list[Message]:
        content = self._content
        for word, answer in self._known(language).items():
            if word in text:
                return answer()
        for card in CARDS:
            if card in text or card.split("/")[0] in text.lower().replace(" ", "_"):
                return [Speaker(content, language).answer(content.answer(card))]
        return [says(f"You wrote: {text}", language)]

    def _known(self, language: str) -> dict[str, Callable[[], list[Message]]]:
        """What is said for a word, other than a card."""
        content, speaker, memory = self._content, Speaker(self._content, language), Memory(language=language)
        return {
            "emergency": lambda: list(raise_alarm(Tier.ED_NOW, None, memory, content).messages),
            "crisis": lambda: list(raise_alarm(Tier.CRISIS_988, None, memory, content).messages),
            "routine step": lambda: _routine("routine:next", content),
            "routine whole": lambda: _routine("routine:minutes_10", content),
            "delete my data": lambda: [replace(speaker.line("forgotten"), wish="forget")],
            "nine signs": lambda: _nine_signs(content, speaker),
            "hostile": lambda: [says(HOSTILE)],
            "two": lambda: [says("First answer."), says("Second answer.")],
        }


def _nine_signs(content: Content, speaker: Speaker) -> list[Message]:
    """Whom to call, and after it a question with many replies."""
    signs = tuple(name for name in content.choices if name.startswith("triage:"))[:9]
    severe = speaker.answer(content.answer("severe_pain/about"), with_replies=False)
    return [severe, replace(says("Do you have any of these right now?", speaker.language), choices=signs)]


def _routine(choice: str, content: Content) -> list[Message]:
    """A routine, or its first block."""
    reply = routine(Turn("", "help", choice=choice), Memory("en"), content)
    return list(reply.messages) if reply else []


def make_edge(settings: Settings) -> Edge:
    """The server with the fake agent, and a way for tests to look in and to speak as the staff."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    content = load_content(ROOT, settings.clinic)
    agent, edges = FakeAgent(content), list[Edge]()
    turns = make_turns(content, settings, agent, open_database(settings.database, settings.data_dir))
    web, shown = make_website(settings, turns, agent.forget)
    edges.append(Edge(make_application(settings, turns, [web], [*shown, *_for_tests(agent, web, edges)]), settings))
    return edges[0]


def _metrics(web: WebChannel) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_: Request) -> Response:
        return Json(generate_latest(web._turns.metrics.registry).decode())

    return metrics


def _for_tests(agent: FakeAgent, web: WebChannel, edges: list[Edge]) -> list[BaseRoute]:
    async def heard(_: Request) -> Response:
        return Json(agent.turns)

    async def forgotten(_: Request) -> Response:
        return Json(agent.forgotten)

    async def go(_: Request) -> Response:
        agent.may_go_on.release()
        return Json({})

    async def push(request: Request) -> Response:
        sessions = list(web._outbox._chats)
        text = (await request.json())["text"]
        return Json([await web.push(session, says(text)) for session in sessions])

    async def drop(_: Request) -> Response:
        for line in list(edges[0].server_state.connections):
            if isinstance(line, SocketLine):
                line.transport.abort()
        return Json({})

    asked = {"turns": heard, "forgotten": forgotten, "metrics": _metrics(web)}
    done = {"go": go, "push": push, "drop": drop}
    return [
        *(Route(f"/test/{name}", answer) for name, answer in asked.items()),
        *(Route(f"/test/{name}", answer, methods=["POST"]) for name, answer in done.items()),
        Mount("/pages", StaticFiles(directory=ROOT / "tests" / "web" / "pages")),
    ]


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    make_edge(settings_of_environment()).run()
