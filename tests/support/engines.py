"""Engines for tests: a function, or nothing but what it recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from types import SimpleNamespace
from typing import Any

from spineline.dialogue.turn import Message
from spineline.turns.engine import Asked, Say
from spineline.turns.turns import Turns

Answers = Callable[[Asked, Say], Awaitable[None]]


class EngineOf:
    """The smallest engine: a function answers, and what is recorded can be looked at. A desk would be one."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.recorded: list[tuple[Asked, list[Message]]] = []
        self.store: Any = SimpleNamespace()

    async def answer(self, asked: Asked, say: Say) -> None:
        await self._answers(asked, say)

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        self.recorded.append((asked, list(said)))


async def say_nothing(_: Asked, __: Say) -> None:
    return None


def asks(turns: Turns, answers: Answers) -> Turns:
    """The same turns with this function behind them from now on; a real store and what it records stay."""
    turns.engine.answer = answers  # type: ignore[method-assign]
    return turns
