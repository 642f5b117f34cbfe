"""Takes each message of a messenger once: a repetition is not answered again, and no answer is lost on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from spineline.channels.messengers.courier import Courier
from spineline.keep.deliveries import Draft

Answer = Callable[[], Awaitable[Sequence[Draft]]]


class Inbox:
    """Remembers what was answered, beside the answers that wait to be sent."""

    def __init__(self, courier: Courier, clock: Callable[[], float] = time.time) -> None:
        self._courier, self._clock = courier, clock
        self._running: dict[tuple[str, str], asyncio.Future[None]] = {}

    async def take(self, channel: str, message: str, answer: Answer, is_posted: bool = True) -> Sequence[Draft] | None:
        """Answer a message and note that it is answered; None for a repetition, once the first one is answered.

        Args:
            message: the messenger's own id for it.
            answer: makes the answers; what it raises is raised here, and the message counts as not answered.
            is_posted: whether the courier sends the answers; else they go back to whoever asks.
        """
        key = (channel, message)
        if key in self._running:
            await asyncio.wait({self._running[key]})
            return None
        if self._courier.deliveries.was_seen(channel, message):
            return None
        self._running[key] = asyncio.get_running_loop().create_future()
        try:
            drafts = await answer()
            self._courier.deliveries.finish(channel, message, drafts if is_posted else (), self._clock())
        finally:
            self._running.pop(key).set_result(None)
        if is_posted:
            self._courier.wake(drafts)
        return drafts
