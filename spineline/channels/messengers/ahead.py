"""Answers that are sent before they can be read from the database, so that nobody waits until it is back."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from spineline.keep.deliveries import Deliveries, Draft, text_of

AHEAD_S = 0.05  # how long the database has for it
READ_EARLY_S = 10.0  # how long it is remembered that something was read before it was expected
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
    """Messages that are kept and perhaps not readable yet; each is sent here or by whoever reads it, never by both.

    What is left to whoever reads it keeps its place: nothing to the same person overtakes it, unless the database
    failed.
    """

    def __init__(self, deliveries: Deliveries, send: Send) -> None:
        self._deliveries, self._send = deliveries, send
        self._left: Counter[tuple[str, str]] = Counter()  # by channel and recipient
        self._waiting: defaultdict[Key, deque[tuple[_Batch, asyncio.Future[bool]]]] = defaultdict(deque)
        self._read_early = OrderedDict[Key, float]()  # and when

    def expect(self, drafts: Sequence[Draft]) -> None:
        """Send these in order, unless they are read soon, or were: who reads may be faster than who kept them."""
        drafts = [draft for draft in drafts if not self._was_read_early(draft)]
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
            self._note_early(draft)
            return False
        batch, sent = self._waiting[_key(draft)][0]
        if not batch.has_begun:
            self._leave(batch)
            return False
        self._drop(draft, batch)
        return await asyncio.shield(sent)

    def done(self, draft: Draft) -> None:
        """It is sent, or can never be."""
        to = (draft.channel, draft.recipient)
        self._left[to] -= 1
        if self._left[to] <= 0:
            del self._left[to]

    async def _send_all(self, batch: _Batch) -> None:
        await asyncio.sleep(0 if self._deliveries.are_away else AHEAD_S)
        may_begin = await self._may_overtake(batch.sent[0][0])
        if batch.is_left or not may_begin:  # it may have been read meanwhile, and sent
            self._leave(batch)
            return
        batch.has_begun, goes_on = True, True
        for draft, sent in batch.sent:
            goes_on = goes_on and await self._send(draft)  # what comes behind one that failed keeps its place
            sent.set_result(goes_on)
            if not goes_on:
                self._left[draft.channel, draft.recipient] += 1
                self._drop(draft, batch)

    async def _may_overtake(self, draft: Draft) -> bool:
        is_first = not self._left[draft.channel, draft.recipient] or self._deliveries.have_failed
        return is_first and not await self._deliveries.can_read(draft)

    def _note_early(self, draft: Draft) -> None:
        self._read_early[_key(draft)] = asyncio.get_running_loop().time()
        self._read_early.move_to_end(_key(draft))
        if len(self._read_early) > MOST:
            self._read_early.popitem(last=False)

    def _was_read_early(self, draft: Draft) -> bool:
        at = self._read_early.pop(_key(draft), None)
        return at is not None and asyncio.get_running_loop().time() - at < READ_EARLY_S

    def _leave(self, batch: _Batch) -> None:
        for draft, _ in () if batch.is_left else batch.sent:
            self._left[draft.channel, draft.recipient] += 1
            self._drop(draft, batch)
        batch.is_left = True

    def _drop(self, draft: Draft, batch: _Batch) -> None:
        several = self._waiting.get(_key(draft), deque())
        with suppress(StopIteration):
            several.remove(next(one for one in several if one[0] is batch))
        if not several:
            self._waiting.pop(_key(draft), None)


def _key(draft: Draft) -> Key:
    return draft.channel, draft.recipient, text_of(draft)
