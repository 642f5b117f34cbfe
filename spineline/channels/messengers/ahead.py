"""Answers that are sent before they can be read from the database, so that nobody waits until it is back."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from spineline.keep.deliveries import Deliveries, Draft, text_of

AHEAD_S = 0.05  # how long the database has for it
READ_EARLY_S = 10.0  # how long it is remembered that something was read before it was expected
SETTLES_S = 0.45  # how long what was sent holds up the next one, while it may still be sent again after a kill
MOST = 10_000  # that were sent and are not yet in the database

To = tuple[str, str]  # channel and recipient
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
    failed or hangs: an alarm must not wait for a greeting that nobody can read. And nothing follows what was just sent
    before that is gone from the database, so that a kill repeats one message and not several; a database that hangs is
    not waited for long.
    """

    def __init__(self, deliveries: Deliveries, send: Send) -> None:
        self._deliveries, self._send = deliveries, send
        self._left = Counter[To]()
        self._waiting: defaultdict[Key, deque[tuple[_Batch, asyncio.Future[bool]]]] = defaultdict(deque)
        self._read_early = OrderedDict[Key, float]()  # and when
        self._open: defaultdict[To, list[tuple[str, asyncio.Future[None]]]] = defaultdict(list)
        self._lines = WeakValueDictionary[To, asyncio.Lock]()

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
        to = _to(draft)
        self._left[to] -= 1
        if self._left[to] <= 0:
            del self._left[to]

    def begins(self, draft: Draft) -> None:
        """It is being given to the messenger."""
        self._open[_to(draft)].append((text_of(draft), asyncio.get_running_loop().create_future()))

    def ends(self, draft: Draft, after_s: float = 0.0) -> None:
        """It is not sent again, as far as is known now or after a while: it is gone from the database, or was not
        taken."""
        to = _to(draft)
        known = next((known for text, known in self._open.get(to, ()) if text == text_of(draft)), None)
        if known and after_s:
            asyncio.get_running_loop().call_later(after_s, self._end, to, known)
        elif known:
            self._end(to, known)

    def _end(self, to: To, known: asyncio.Future[None]) -> None:
        if not known.done():
            known.set_result(None)
            self._open[to] = [one for one in self._open[to] if one[1] is not known]
        if not self._open[to]:
            del self._open[to]

    async def _send_all(self, batch: _Batch) -> None:
        first, _ = batch.sent[0]
        await asyncio.sleep(0 if self._deliveries.are_away else AHEAD_S)
        async with self._lines.setdefault(_to(first), asyncio.Lock()):
            await self._until_known(_to(first))
            may_begin = await self._may_overtake(first)
            if batch.is_left or not may_begin:  # it may have been read meanwhile, and sent
                self._leave(batch)
                return
            batch.has_begun, goes_on = True, True
            for draft, sent in batch.sent:
                goes_on = goes_on and await self._send_next(draft)  # what comes behind one that failed keeps its place
                sent.set_result(goes_on)
                if not goes_on:
                    self._left[_to(draft)] += 1
                    self._drop(draft, batch)

    async def _send_next(self, draft: Draft) -> bool:
        await self._until_known(_to(draft))
        self.begins(draft)
        was_sent = await self._send(draft)
        self.ends(draft, SETTLES_S if was_sent else 0.0)
        return was_sent

    async def _until_known(self, to: To) -> None:
        """What was sent to somebody is gone from the database, or there is no more waiting for that."""
        while to in self._open and not self._deliveries.have_failed:
            await asyncio.wait({known for _, known in self._open[to]})

    async def _may_overtake(self, draft: Draft) -> bool:
        if await self._deliveries.can_read(draft):
            return False
        return not self._left[_to(draft)] or self._deliveries.are_away  # also when that look took too long

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
            self._left[_to(draft)] += 1
            self._drop(draft, batch)
        batch.is_left = True

    def _drop(self, draft: Draft, batch: _Batch) -> None:
        several = self._waiting.get(_key(draft), deque())
        with suppress(StopIteration):
            several.remove(next(one for one in several if one[0] is batch))
        if not several:
            self._waiting.pop(_key(draft), None)


def _to(draft: Draft) -> To:
    return draft.channel, draft.recipient


def _key(draft: Draft) -> Key:
    return (*_to(draft), text_of(draft))
