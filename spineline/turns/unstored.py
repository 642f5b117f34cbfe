"""Turns that were answered before they could be stored: on the disk until they are, so that a kill loses none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from spineline.content.library import Content
from spineline.danger.rules import Assessment
from spineline.dialogue.intake import Intake
from spineline.dialogue.turn import Message
from spineline.dialogue.wire import noted, read_message
from spineline.keep.spool import Entry, Spool
from spineline.keep.writes import Write
from spineline.turns.engine import Asked


class Turn(NamedTuple):
    """A message, and what was said to it; `apart` is what need not wait for the store to be written."""

    asked: Asked
    said: Sequence[Message]
    apart: Sequence[Write]


class Unstored:
    """Waits for nothing but the disk: neither the database nor the engine, for they are why a turn is here."""

    def __init__(self, spool: Spool, content: Content) -> None:
        self._spool, self._content = spool, content
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._new: list[Entry] = []
        self._putting: asyncio.Future[None] | None = None
        self._running: set[str] = set()

    async def put(
        self, asked: Asked, said: Sequence[Message], writes: Sequence[Write], apart: Sequence[Write] = ()
    ) -> None:
        """Returns when it is on the disk, or when there is no room; then it is kept in memory. It is being stored from
        here on, until `leave` or `drop`."""
        self._running.add(asked.id)
        self._new.append({**_entry(asked, said, self._content), "writes": _plain(writes), "apart": _plain(apart)})
        while self._new:
            if self._putting is None:  # whoever comes meanwhile goes with the next
                self._putting = asyncio.ensure_future(self._put_all())
            await asyncio.shield(self._putting)

    async def _put_all(self) -> None:
        entries, self._new = self._new, []
        try:
            await self._do(self._spool.put_all, entries)
        finally:
            self._putting = None

    def leave(self, asked: Asked) -> None:
        """It could not be stored now."""
        self._running.discard(asked.id)

    async def drop(self, asked: Asked) -> None:
        """It is stored."""
        self._running.discard(asked.id)
        if asked.id in self._spool:
            await self._do(self._spool.drop, [asked.id])

    async def forget(self, conversation: str) -> None:
        """Somebody wants to be forgotten."""
        await self._do(self._spool.drop, [e["id"] for e in self._spool.entries if e["conversation"] == conversation])

    def waiting(self, conversation: str | None = None) -> Iterator[Turn]:
        """Those that nobody is storing right now, of one conversation or of all, in order."""
        for entry in self._spool.entries if len(self._spool) else ():
            is_asked_for = conversation in (None, entry["conversation"])
            if is_asked_for and entry["id"] not in self._running:
                yield _turn(entry, self._content)

    def waits(self, conversation: str | None = None) -> bool:
        """Whether there is any of those."""
        return next(self.waiting(conversation), None) is not None

    async def _do(self, act: Any, *arguments: Any) -> None:
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, act, *arguments))


def _plain(writes: Sequence[Write]) -> list[Any]:
    return [[table, [dict(row) for row in rows], how] for table, rows, how in writes]


def _entry(asked: Asked, said: Sequence[Message], content: Content) -> Entry:
    intake = asked.intake
    return {
        "id": asked.id,
        "conversation": asked.conversation,
        "text": asked.text,
        "channel": asked.channel,
        "numbered": asked.numbered,
        "choice": asked.choice,
        "intake": [
            intake.text,
            intake.too_long,
            intake.danger and intake.danger.as_dict(),
            intake.length,
            intake.choice,
            intake.also,
        ],
        "said": [noted(message, content) for message in said],
    }


def _turn(entry: Entry, content: Content) -> Turn:
    text, too_long, danger, length, choice, *also = entry["intake"]
    judged = None if danger is None else Assessment.from_dict(danger)
    intake = Intake(text, too_long, judged, length, choice, tuple(*also))
    writes = [Write(*one) for one in entry["writes"]]
    asked = Asked(
        entry["text"],
        entry["conversation"],
        entry["channel"],
        intake,
        entry["numbered"],
        entry["choice"],
        number=-1,
        id=entry["id"],
        beside=lambda: writes,
    )
    said = [read_message(message, content) for message in entry["said"]]
    return Turn(asked, said, [Write(*one) for one in entry["apart"]])
