"""The event log as the event loop sees it: in threads, in order, and patient when the database is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from spineline.errors import WordsRemainError
from spineline.stores.log import ConflictError, EventLog, Row

MOST_UNSAVED = 20_000
PURGED_AT_A_TIME = 100  # conversations: whoever writes right now does not wait for a purge of thousands

Found = TypeVar("Found")


class Journal:
    """Writes of one conversation happen one after the other and are finished even when nobody waits any more.

    Rows that could not be written are kept here, counted by reads, and written with the next write that works;
    at most MOST_UNSAVED of them.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._threads = ThreadPoolExecutor(max(1, log.threads), thread_name_prefix="journal")
        self._writing: dict[str, asyncio.Task[None]] = {}
        self._unsaved: dict[str, list[Row]] = {}

    async def append(self, sender_id: str, rows: Sequence[Row]) -> None:
        """Write the rows of a turn in one transaction, after what is still unsaved."""
        await self.settled(sender_id)
        await asyncio.shield(self._start(sender_id, self._append(sender_id, rows)))

    async def session(self, sender_id: str) -> list[Row]:
        """See EventLog."""
        await self.settled(sender_id)
        return [*await self._run(self._log.session, sender_id), *self._unsaved.get(sender_id, ())]

    async def everything(self, sender_id: str) -> list[Row]:
        """See EventLog."""
        await self.settled(sender_id)
        return [*await self._run(self._log.everything, sender_id), *self._unsaved.get(sender_id, ())]

    async def senders(self) -> list[str]:
        """See EventLog."""
        return list(dict.fromkeys([*await self._run(self._log.senders), *self._unsaved]))

    async def delete(self, sender_id: str) -> int:
        """See EventLog."""
        await self.settled(sender_id)
        return len(self._unsaved.pop(sender_id, ())) + await self._run(self._log.delete, sender_id)

    async def purge(self, before: float) -> int:
        """See EventLog; in many small steps."""
        senders, removed = await self._run(self._log.senders), 0
        for at in range(0, len(senders), PURGED_AT_A_TIME):
            removed += await self._run(self._log.purge, before, senders[at : at + PURGED_AT_A_TIME])
        await self.tidy()
        return removed

    async def tidy(self) -> None:
        """See EventLog."""
        try:
            await self._run(self._log.tidy)
        except WordsRemainError:
            raise WordsRemainError(self.tidy) from None

    async def close(self) -> None:
        """Write what is still unsaved, then let go of the database."""
        for sender_id in [*self._writing, *self._unsaved]:
            await self.settled(sender_id)
        try:
            for sender_id in list(self._unsaved):
                await self._append(sender_id, ())
        finally:
            await self._run(self._log.close)
            self._threads.shutdown()

    async def settled(self, sender_id: str) -> None:
        """Wait until nothing of this conversation is being written."""
        while task := self._writing.get(sender_id):
            await asyncio.wait({task})

    def _start(self, sender_id: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._writing[sender_id] = asyncio.ensure_future(work)
        task.add_done_callback(lambda done: self._finish(sender_id, done))
        return task

    def _finish(self, sender_id: str, task: asyncio.Task[None]) -> None:
        del self._writing[sender_id]
        if not task.cancelled():
            task.exception()  # else asyncio complains when the turn was given up

    async def _append(self, sender_id: str, new: Sequence[Row]) -> None:
        rows = [*self._unsaved.pop(sender_id, ()), *new]
        try:
            await self._run(self._log.append, rows)
        except ConflictError:
            raise
        except BaseException:
            if sum(map(len, self._unsaved.values())) + len(rows) <= MOST_UNSAVED:
                self._unsaved[sender_id] = rows
            raise
        self._catch_up()

    def _catch_up(self) -> None:
        """The database works again: write for those who have been waiting."""
        for sender_id in [s for s in self._unsaved if s not in self._writing][:10]:
            self._start(sender_id, self._append(sender_id, ()))

    async def _run(self, work: Callable[..., Found], *arguments: Any) -> Found:
        if not self._log.threads:
            return work(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
