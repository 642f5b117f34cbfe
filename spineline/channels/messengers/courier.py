"""Sends what waits in `Deliveries`, in order for each person, again and again until the messenger has taken it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog
from async_timeout import timeout

from spineline.keep.deliveries import Deliveries, Draft, Outgoing
from spineline.turns.metrics import Metrics

SENDING_S = 10.0  # how long one attempt may take
AT_A_TIME = 8
_WAITS_S = (1, 2, 4, 8, 15, 30)  # between attempts; the last one again and again
GIVES_UP_AFTER_S = 86_400.0
IDLE_S = 3600.0

logger = structlog.get_logger("spineline.courier")

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
    anything else when it failed and should be tried again.
    """

    def __init__(self, deliveries: Deliveries, metrics: Metrics, clock: Callable[[], float] = time.time) -> None:
        self.deliveries = deliveries
        self._metrics, self._clock = metrics, clock
        self._sends: dict[str, Send] = {}
        self._wake: dict[str, asyncio.Event] = {}

    def carry(self, channel: str, send: Send) -> None:
        """Let this channel's messages be sent by `send`."""
        self._sends[channel] = send

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are carried."""
        return tuple(self._sends)

    def post(self, drafts: Sequence[Draft]) -> None:
        """Keep messages and send them as soon as possible."""
        self.deliveries.put(drafts, self._clock())
        self.wake(drafts)

    def wake(self, drafts: Sequence[Draft]) -> None:
        """New messages are there."""
        for channel in {draft.channel for draft in drafts} & self._wake.keys():
            self._wake[channel].set()

    async def run(self, channel: str) -> None:
        """Send what there is to send on one channel, until cancelled."""
        wake = self._wake[channel] = asyncio.Event()
        while True:
            wake.clear()
            try:
                wait_s = await self._send_due(channel)
            except Exception as error:  # the file: nothing is lost, it is read again
                self._failed(error, channel)
                wait_s = 1.0
            if wait_s:
                await _first(wake, wait_s)

    async def _send_due(self, channel: str) -> float:
        """Send what may be sent now; how long to wait after that, in seconds."""
        waiting, now = self.deliveries.waiting(channel, AT_A_TIME), self._clock()
        due = [outgoing for outgoing in waiting if outgoing.due <= now]
        if not due:
            return waiting[0].due - now if waiting else IDLE_S
        if len(due) == 1:  # mostly; a task of its own would cost as much as the file
            await self._try(due[0])
        else:
            await asyncio.gather(*map(self._try, due))
        return 0.0

    async def _try(self, outgoing: Outgoing) -> None:
        try:
            async with timeout(SENDING_S):
                await self._sends[outgoing.draft.channel](outgoing.draft)
        except UnreachableError as error:
            self._failed(error, outgoing.draft.channel)
        except Exception as error:
            self._failed(error, outgoing.draft.channel)
            if self._clock() - outgoing.put < GIVES_UP_AFTER_S:
                self.deliveries.postpone(outgoing.number, self._clock() + _wait_after(error, outgoing.tries))
                return
        self.deliveries.done(outgoing.number)

    def _failed(self, error: Exception, channel: str) -> None:
        self._metrics.failed(error)
        logger.warning("failed", where=channel, error=type(error).__name__)


def _wait_after(error: Exception, tries: int) -> float:
    return error.retry_after_s if isinstance(error, TooFastError) else _WAITS_S[min(tries, len(_WAITS_S) - 1)]


async def _first(wake: asyncio.Event, longest_s: float) -> None:
    timer = asyncio.get_running_loop().call_later(longest_s, wake.set)
    try:
        await wake.wait()
    finally:
        timer.cancel()
