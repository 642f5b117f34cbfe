"""Turns that are told before they are stored: on the disk first, written down as soon as can be, each once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from spineline.dialogue.turn import Message
from spineline.keep.database import Database
from spineline.keep.writes import RepeatedError, Write
from spineline.turns.engine import Asked, Engine
from spineline.turns.failures import Failures
from spineline.turns.said import Said
from spineline.turns.unstored import Unstored

SPOOL_WAIT_S = 0.1  # how long whoever is in danger waits for the disk
RECORD_S = 30.0  # how long a turn that went wrong may take to be written down


class Aside:
    """The way of a turn past a store that is away, or late."""

    def __init__(self, engine: Engine, database: Database, unstored: Unstored, failures: Failures) -> None:
        self._engine, self._database = engine, database
        self._unstored, self._failures = unstored, failures
        self._storing: dict[str | None, asyncio.Future[None]] = {}

    async def put(self, asked: Asked, said: Said) -> Sequence[Write]:
        """On the disk, or after SPOOL_WAIT_S at least on its way there; returns what to give to `write_apart`."""
        apart = said.take_apart(_once(asked))
        with self._failures.survived("spool"):
            putting = asyncio.ensure_future(self._unstored.put(asked, said.meant, said.writes, apart))
            await asyncio.wait({putting}, timeout=SPOOL_WAIT_S)
        return apart

    async def write_apart(self, writes: Sequence[Write]) -> None:
        """What a messenger must send does not wait for the engine."""
        with self._failures.survived("apart"), suppress(RepeatedError):
            if writes:
                await self._database.commit(writes)

    async def store(self, conversation: str | None = None) -> None:
        """Write down what waits, of one conversation or of all, in order. Whoever comes while that goes on waits as
        well, so that nobody overtakes."""
        if conversation not in self._storing:
            if not self._unstored.waits(conversation):
                return
            self._storing[conversation] = asyncio.ensure_future(self._store_all(conversation))
            self._storing[conversation].add_done_callback(lambda _: self._storing.pop(conversation))
        await asyncio.shield(self._storing[conversation])

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        """Have the engine write a turn down; what cannot be stored now is tried again by `store`."""
        try:
            await self._record(asked, said)
            await self.drop(asked)
        except RepeatedError:  # it is stored, as an earlier turn
            await self.drop(asked)
        except Exception as error:
            self._failures.note(error, "record")
        finally:
            self._unstored.leave(asked)

    async def drop(self, asked: Asked) -> None:
        """It is stored."""
        await self._unstored.drop(asked)

    async def forget(self, conversation: str) -> None:
        """Somebody wants to be forgotten."""
        await self._unstored.forget(conversation)

    async def _store_all(self, conversation: str | None) -> None:
        for asked, said, apart in list(self._unstored.waiting(conversation)):
            await self.write_apart(apart)
            await self.record(asked, said)

    async def _record(self, asked: Asked, said: Iterable[Message]) -> None:
        taken = list[Sequence[Write]]()

        def beside() -> Sequence[Write]:
            taken.append(asked.beside())
            return taken[-1]

        await asyncio.wait_for(self._engine.record(replace(asked, beside=beside), said), RECORD_S)
        if not taken:  # an engine without commits of its own
            await self._database.commit(asked.beside())


def _once(asked: Asked) -> Write:
    """What follows this is written once, by the turn or before it."""
    return Write("spooled", [{"id": asked.id, "at": time.time()}], "first")
