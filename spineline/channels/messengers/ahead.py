"""Answers that are sent before they can be read from the database, so that nobody waits until it is back."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from spineline.keep.deliveries import Deliveries, Draft, text_of

AHEAD_S = 0.05  # how long the database has for it
MOST = 10_000  # that were sent and are not yet in the database

Key = tuple[str, str, str]
Send = Callable[[Draft], Awaitable[bool]]  # whether the messenger has it


@dataclass(eq=False)
class _Batch:
    """Messages that were kept together, and for each whether it was sent, once that is known."""

    sent: list[tuple[Draft, asyncio.Future[bool]]]
    has_begun: bool = False
    is_left: bool = False
    work: asyncio.Future[None] | None = field(default=None, repr=False)


class Ahead:
    """Messages that are kept and perhaps not readable yet; each is sent here or by whoever reads it, never by both."""

    def __init__(self, deliveries: Deliveries, send: Send) -> None:
        self._deliveries, self._send = deliveries, send
        self._waiting: defaultdict[Key, deque[tuple[_Batch, asyncio.Future[bool]]]] = defaultdict(deque)

    def expect(self, drafts: Sequence[Draft]) -> None:
        """Send these in order, unless they are read soon."""
        if not drafts or len(self._waiting) >= MOST:
            return
        loop = asyncio.get_running_loop()
        batch = _Batch([(draft, loop.create_future()) for draft in drafts])
        for draft, sent in batch.sent:
            self._waiting[_key(draft)].append((batch, sent))
        batch.work = asyncio.ensure_future(self._send_all(batch))

    async def was_sent(self, draft: Draft) -> bool:
        """Whether this one, which was read now, needs no sending any more; else it is left to whoever asks."""
        if _key(draft) not in self._waiting:
            return False
        batch, sent = self._waiting[_key(draft)][0]
        if not batch.has_begun:
            self._leave(batch)
            return False
        self._drop(draft, batch)
        return await asyncio.shield(sent)

    async def _send_all(self, batch: _Batch) -> None:
        await asyncio.sleep(0 if self._deliveries.are_away else AHEAD_S)
        if batch.is_left or await self._deliveries.can_read(batch.sent[0][0]):
            self._leave(batch)
            return
        batch.has_begun, goes_on = True, True
        for draft, sent in batch.sent:
            goes_on = goes_on and await self._send(draft)  # what comes behind one that failed keeps its place
            sent.set_result(goes_on)
            if not goes_on:
                self._drop(draft, batch)

    def _leave(self, batch: _Batch) -> None:
        batch.is_left = True
        for draft, _ in batch.sent:
            self._drop(draft, batch)

    def _drop(self, draft: Draft, batch: _Batch) -> None:
        several = self._waiting.get(_key(draft), deque())
        with suppress(StopIteration):
            several.remove(next(one for one in several if one[0] is batch))
        if not several:
            self._waiting.pop(_key(draft), None)


def _key(draft: Draft) -> Key:
    return draft.channel, draft.recipient, text_of(draft)
