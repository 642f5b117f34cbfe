"""Takes each message of a messenger once: a repetition is not answered again, and no answer is lost on the way."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from spineline.channels.messengers.courier import Courier
from spineline.dialogue.turn import Message
from spineline.keep.database import QUICK_S
from spineline.keep.deliveries import Draft, seen, waiting
from spineline.keep.writes import RepeatedError, Write
from spineline.turns.said import Keep

MOST_REMEMBERED = 10_000
RECALLED, RECALL_S = 1_000, 2.0
HANDED_OVER_WITHIN_S = 30.0


class Taking:
    """One message that is being answered. What notes that it is, and keeps the answers, goes into the commit of the
    turn if there is one (`keep`); else it is written afterwards.

    Args:
        is_posted: whether the courier sends the answers. Else they go back to whoever asks, who says so
            (`Deliveries.handed_over`); what a kill came before is sent after all.
    """

    def __init__(self, channel: str, message: str, is_posted: bool, now: float) -> None:
        self._channel, self._message, self._is_posted, self._now = channel, message, is_posted, now
        self.is_kept = False

    def keep(self, drafts_of: Callable[[Sequence[Message]], Sequence[Draft]]) -> Keep:
        """For a guarded turn whose messages become these drafts."""

        def keep(told: Sequence[Message]) -> list[Write]:
            writes = self.writes(drafts_of(told))
            self.is_kept = True
            return writes

        return keep

    def writes(self, drafts: Sequence[Draft]) -> list[Write]:
        """The message is answered with these."""
        due = self._now if self._is_posted else self._now + HANDED_OVER_WITHIN_S
        return [seen(self._channel, self._message, self._now), waiting(drafts, self._now, due)]


Answer = Callable[[Taking], Awaitable[Sequence[Draft]]]


class Inbox:
    """Remembers what was answered, beside the answers that wait to be sent."""

    def __init__(self, courier: Courier, clock: Callable[[], float] = time.time) -> None:
        self._courier, self._clock = courier, clock
        self._running: dict[tuple[str, str], asyncio.Future[None]] = {}
        self._answered: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def recall(self) -> None:
        """Remember what an earlier process answered last, before anybody is answered: what it did not acknowledge comes
        again at once, when the database is busiest. One that is away is not waited for long."""
        try:
            for key in reversed(await self._courier.deliveries.seen_last(RECALLED, RECALL_S)):
                self._remember(key)
        except Exception as error:
            self._courier.failed(error, "inbox")

    async def take(self, channel: str, message: str, answer: Answer, is_posted: bool = True) -> Sequence[Draft] | None:
        """Answer a message and note that it is answered; None for a repetition, once the first one is answered.

        Args:
            message: the messenger's own id for it.
            answer: makes the answers, and is given what keeps them; what it raises is raised here, and the message
                counts as not answered.
            is_posted: whether the courier sends the answers; else they go back to whoever asks.
        """
        key = (channel, message)
        if key in self._running:
            await asyncio.wait({self._running[key]})
            return None
        self._running[key] = asyncio.get_running_loop().create_future()
        try:
            if await self._was_answered(key):
                return None
            taking = Taking(channel, message, is_posted, self._clock())
            drafts = await answer(taking)
            self._remember(key)
            if not taking.is_kept:
                await self._courier.deliveries.keep(taking.writes(drafts))
        except RepeatedError:  # that was not known in time
            self._remember(key)
            return None
        finally:
            self._running.pop(key).set_result(None)
        if is_posted:
            self._courier.wake(drafts)
        return drafts

    async def _was_answered(self, key: tuple[str, str]) -> bool:
        """As far as is known: while the database cannot be read, those of late."""
        try:
            return key in self._answered or await self._courier.deliveries.was_seen(*key, QUICK_S)
        except Exception as error:
            self._courier.failed(error, key[0])
            return False

    def _remember(self, key: tuple[str, str]) -> None:
        self._answered[key] = None
        if len(self._answered) > MOST_REMEMBERED:
            self._answered.popitem(last=False)
