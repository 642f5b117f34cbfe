"""Sends what waits in `Deliveries`, in order for each person, again and again until the messenger has taken it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from async_timeout import timeout

from spineline.channels.messengers.ahead import SETTLES_S, Ahead
from spineline.failures import note
from spineline.keep.deliveries import Deliveries, Draft, Outgoing
from spineline.turns.metrics import Metrics

SENDING_S = 10.0  # how long one attempt may take
AT_A_TIME = 8
WAITS_S = (1, 2, 4, 8, 15, 30)
GIVES_UP_AFTER_S = 86_400.0
IDLE_S = 10.0  # for what was written down while nobody heard of it
FILE_FAILED_S = 1.0

Send = Callable[[Draft], Awaitable[None]]


class UnreachableError(Exception):
    """The person cannot be reached, now or later: has blocked us, or is gone."""


class TooFastError(Exception):
    """The messenger asks to wait `retry_after_s` seconds."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"The messenger asks to wait {retry_after_s:g} s.")
        self.retry_after_s = retry_after_s


class Courier:
    """One line for each channel, so that a messenger that is down does not hold up the others.

    A `send` raises UnreachableError when it is no use to try again, TooFastError when the messenger names a time, and
    anything else when it failed and should be tried again. When the file cannot be written, what was sent and what
    waits is remembered here, so that nobody gets a message again every second; after a crash at most once.

    Args:
        waits_s: between attempts; the last one again and again.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        self.deliveries, self.waits_s = deliveries, waits_s
        self._metrics, self._clock = metrics, clock
        self._sends: dict[str, Send] = {}
        self._wake: dict[str, asyncio.Event] = {}
        self._sent: set[int] = set()  # sent, and not yet known to the file
        self._postponed: dict[int, Outgoing] = {}  # the same
        self._ahead = Ahead(deliveries, self._try_to_send)
        deliveries.on_new(self._wake_all)

    def carry(self, channel: str, send: Send) -> None:
        """Let this channel's messages be sent by `send`."""
        self._sends[channel] = send

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are carried."""
        return tuple(self._sends)

    async def post(self, drafts: Sequence[Draft]) -> None:
        """Keep messages and send them as soon as possible."""
        await self.deliveries.put(drafts, self._clock())
        self.wake(drafts)

    async def hurry(self, drafts: Sequence[Draft]) -> None:
        """Nobody took these, so they are sent as soon as possible."""
        await self.deliveries.hurry(drafts, self._clock())
        self.wake(drafts)

    def wake(self, drafts: Sequence[Draft]) -> None:
        """New messages are kept: they are sent now, also when they cannot be read yet."""
        self._ahead.expect(drafts)
        for channel in {draft.channel for draft in drafts} & self._wake.keys():
            self._wake[channel].set()

    def _wake_all(self) -> None:
        for event in self._wake.values():
            event.set()

    async def run(self, channel: str) -> None:
        """Send what there is to send on one channel, until cancelled."""
        wake = self._wake[channel] = asyncio.Event()
        while True:
            wake.clear()
            try:
                wait_s = await self._send_due(channel)
            except Exception as error:  # the file: nothing is lost, it is read again
                self.failed(error, channel)
                wait_s = FILE_FAILED_S
            if wait_s:
                await _first(wake, wait_s)

    async def _send_due(self, channel: str) -> float:
        """Send what may be sent now; how long to wait after that, in seconds."""
        now = self._clock()
        waiting = [self._postponed.get(o.number, o) for o in await self.deliveries.waiting(channel, AT_A_TIME)]
        due = [outgoing for outgoing in waiting if _due(outgoing, now) <= now]
        if not due:
            return min(_due(outgoing, now) for outgoing in waiting) - now if waiting else IDLE_S
        if len(due) == 1:  # mostly; a task of its own would cost as much as the file
            await self._try(due[0])
        else:
            await _all(map(self._try, due))
        return 0.0

    async def _try(self, outgoing: Outgoing) -> None:
        if outgoing.number not in self._sent and await self._ahead.was_sent(outgoing.draft):
            self._sent.add(outgoing.number)
        elif outgoing.number not in self._sent:
            self._ahead.begins(outgoing.draft)
            try:
                async with timeout(SENDING_S):
                    await self._sends[outgoing.draft.channel](outgoing.draft)
            except UnreachableError as error:
                self.failed(error, outgoing.draft.channel)
            except Exception as error:
                self.failed(error, outgoing.draft.channel)
                if self._clock() - outgoing.put < GIVES_UP_AFTER_S:
                    self._ahead.ends(outgoing.draft)
                    await self._postpone(outgoing, self._clock() + self._wait_after(error, outgoing.tries))
                    return
            self._sent.add(outgoing.number)
            self._ahead.done(outgoing.draft)
            self._ahead.ends(outgoing.draft, SETTLES_S)
        await self.deliveries.done(outgoing.number)
        self._ahead.ends(outgoing.draft)
        self._sent.discard(outgoing.number)
        self._postponed.pop(outgoing.number, None)

    async def _try_to_send(self, draft: Draft) -> bool:
        """Whether there is nothing more to do about it."""
        try:
            async with timeout(SENDING_S):
                await self._sends[draft.channel](draft)
        except UnreachableError as error:
            self.failed(error, draft.channel)
        except Exception as error:
            self.failed(error, draft.channel)
            return False
        return True

    async def _postpone(self, outgoing: Outgoing, until: float) -> None:
        self._postponed[outgoing.number] = replace(outgoing, due=until, tries=outgoing.tries + 1)
        await self.deliveries.postpone(outgoing.number, until)
        del self._postponed[outgoing.number]

    def _wait_after(self, error: Exception, tries: int) -> float:
        if isinstance(error, TooFastError):
            return error.retry_after_s
        return self.waits_s[min(tries, len(self.waits_s) - 1)]

    def failed(self, error: Exception, channel: str) -> None:
        """Note what went wrong on the way to a channel."""
        note(error, channel, self._metrics, level="warning")


def _due(outgoing: Outgoing, now: float) -> float:
    """What was kept later than now, was kept before the clock was set back: its wait is no longer for that."""
    return outgoing.due - max(0.0, outgoing.put - now)


async def _all(sending: Iterable[Awaitable[None]]) -> None:
    """Wait for all of them, also when one fails: whatever is still being sent must not be sent again."""
    for error in await asyncio.gather(*sending, return_exceptions=True):
        if error:
            raise error


async def _first(wake: asyncio.Event, longest_s: float) -> None:
    timer = asyncio.get_running_loop().call_later(longest_s, wake.set)
    try:
        await wake.wait()
    finally:
        timer.cancel()
