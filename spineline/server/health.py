"""/health/live: the process runs. /health/ready: golden questions get their answers."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spineline.channels.http import Json
from spineline.dialogue.intake import take_in
from spineline.dialogue.turn import Message
from spineline.failures import note
from spineline.text.schemas import read_checked
from spineline.turns.engine import Asked
from spineline.turns.turns import Turns

GOOD_FOR_S = 15.0  # how long a verdict is good; the questions cost as much as those of a patient


class Readiness:
    """Asks the golden questions of content/health.yml, at most once in GOOD_FOR_S."""

    def __init__(self, questions: Sequence[dict[str, str]], turns: Turns, deadline_s: float) -> None:
        self._questions, self._turns, self._deadline_s = questions, turns, deadline_s
        self._asking = asyncio.Lock()
        self._asked_at, self._wrong = -GOOD_FOR_S, 0

    async def wrong(self) -> int:
        """How many questions are not answered as they should be."""
        async with self._asking:
            if time.monotonic() - self._asked_at >= GOOD_FOR_S:
                self._wrong = sum([not await self._is_answered(question) for question in self._questions])
                self._asked_at = time.monotonic()
            return self._wrong

    async def _is_answered(self, question: dict[str, str]) -> bool:
        sender, said, engine = f"health:{secrets.token_hex(8)}", list[Message](), self._turns.engine
        asked = Asked(question["ask"], sender, "health", take_in(question["ask"], self._turns.content))
        try:
            await asyncio.wait_for(engine.answer(asked, said.append), self._deadline_s)
            await engine.store.delete(sender)
        except Exception as error:
            note(error, "health", self._turns.metrics)
        return any(message.card == question["card"] for message in said)


def health(root: Path, turns: Turns, deadline_s: float) -> list[Route]:
    """The two routes; also told to proxies, so they say nothing that strangers should not know."""
    questions: Any = read_checked(root / "content" / "health.yml")
    readiness: list[Readiness] = []

    async def live(_: Request) -> Response:
        return Json({"status": "live"})

    async def ready(_: Request) -> Response:
        if turns.limits.is_stopping:
            return Json({"status": "stopping"}, 503)
        if not readiness:
            readiness.append(Readiness(questions, turns, deadline_s))
        wrong = await readiness[0].wrong()
        body = {"status": "not ready" if wrong else "ready", "wrong": wrong}
        return Json(body, 503 if wrong else 200)

    return [Route("/health/live", live), Route("/health/ready", ready)]
