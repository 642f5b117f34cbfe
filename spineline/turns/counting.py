"""Keeps in the database what the limits have counted, behind what is answered: no message waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from spineline.keep.counters import Counted, add_up, newest, purge_counters
from spineline.keep.database import Database
from spineline.turns.rate import Due, Rate


class Counting:
    """Counts stay in the memory of each process, which tells the others from time to time.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, rates: Sequence[Rate], database: Database, clock: Callable[[], float] = time.time) -> None:
        self._rates, self._database, self._clock = {rate.name: rate for rate in rates}, database, clock

    async def share(self) -> None:
        """Tell what was counted here, and learn what others have counted. A database that is away is left alone: the
        limits go on in memory, and it is told when it is back."""
        if self._database.is_away:
            return
        due = [(rate, one) for rate in self._rates.values() for one in rate.take()]
        try:
            if due:
                now = self._clock()
                counted = [_counted(rate, one, now) for rate, one in due]
                await self._database.do(lambda connection: add_up(connection, counted, now))
        except Exception:
            for rate, one in due:
                rate.give_back(one)
            raise
        await self.learn()

    async def learn(self, within_s: float | None = None) -> None:
        """What all processes have counted, also those that have ended; asyncio.TimeoutError when that takes longer."""
        now = self._clock()
        for name, sender, times, until, _ in await self._database.read(lambda found: newest(found, now), within_s):
            if name in self._rates:
                self._rates[name].learn(sender, times, until - now)

    async def forget(self, sender: str) -> None:
        """Somebody wants to be forgotten: nothing of before is written from now on."""
        for rate in self._rates.values():
            rate.forget(sender)

    async def purge(self, _: datetime) -> bool:
        """Delete some of the windows that are over, however young; whether there are more."""
        return await purge_counters(self._database, self._clock())


def _counted(rate: Rate, due: Due, now: float) -> Counted:
    return Counted(rate.name, due.key, due.more, now + due.left_s, rate.lasts_s)
