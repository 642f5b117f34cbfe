"""One message through the turns of a server that lives as long as the answer, with the real conversation behind."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, TypeVar

from engines import EngineOf
from faulty import make_turns
from said import put_away, taken_out, turn_of

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Memory
from spineline.turns.engine import Asked, Say
from spineline.turns.reader import Reader
from spineline.turns.turns import Turns

Result = TypeVar("Result")
_READERS = list[Reader]()


class Remembering(EngineOf):
    """The real conversation of one person, from any memory on, with a classifier that always says the same."""

    def __init__(self, content: Content, memory: Memory, intent: str = "nlu_fallback") -> None:
        super().__init__(self._respond)
        self.content, self.memory, self.intent = content, memory, intent
        self.store = SimpleNamespace(delete=_nothing, export=_no_events)

    async def _respond(self, asked: Asked, say: Say) -> None:
        language = self.content.languages.guess(asked.text)
        told = {"intent": self.intent, "choice": asked.choice, "numbered": asked.numbered, "language": language}
        reply = respond(turn_of(asked.intake, **told), self.memory, self.content)
        self.memory = taken_out(put_away(reply.memory), self.content)
        for message in reply.messages:
            say(message)


async def _nothing(_: str) -> None:
    return None


async def _no_events(_: str) -> list[Any]:
    return []


def turns_around(engine: Any, content: Content, **settings: Any) -> Turns:
    """Turns of their own around an engine; only what reads long messages is shared, it takes a second to make."""
    turns = make_turns(content, engine, **settings)
    if not _READERS:
        _READERS.append(turns._reader)
    turns._reader = _READERS[0]
    return turns


def finished(work: Coroutine[Any, Any, Result]) -> Result:
    """What comes of it, in a loop of its own; what still goes on then is given up."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        while going_on := asyncio.all_tasks(loop):
            for task in going_on:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*going_on, return_exceptions=True))
        loop.close()
