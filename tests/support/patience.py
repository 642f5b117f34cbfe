"""How long tests let things take: so long that no healthy answer is missed, or so short that only a safe one can come.

No test depends on how fast or how busy the machine is. Whoever needs both kinds in one test says by
`hurried` where the short one holds.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from spineline.turns.turns import Turns

LONG_S = 60.0  # for whatever must succeed
SHORT_S = 0.05  # only where what is waited for never comes
NEVER_S = 3600.0  # a limit that must not be what ends a test
_Given = TypeVar("_Given")


@contextmanager
def hurried(turns: Turns) -> Iterator[None]:
    """In this block nothing but the safe words can be said in time: for engines that hang."""
    before = turns._deadline_s, turns._alarm_wait_s
    turns._deadline_s = turns._alarm_wait_s = SHORT_S
    yield
    turns._deadline_s, turns._alarm_wait_s = before


def alarm_at_once(turns: Turns) -> None:
    """From now on no emergency waits for the engine's words: for engines that hang under a long deadline."""
    turns._alarm_wait_s = SHORT_S


async def without_hanging(work: Awaitable[_Given]) -> _Given:
    """What it gives; a failure when it never ends."""
    return await asyncio.wait_for(work, LONG_S)


async def until(is_so: Callable[[], Any]) -> None:
    """Wait for something that happens."""
    for _ in range(round(LONG_S / 0.01)):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"this did not happen within {LONG_S:g} s")


async def let_others_run(times: int = 50) -> None:
    """Give everything that can go on now the time to do so, by turns of the event loop and not by a clock."""
    for _ in range(times):
        await asyncio.sleep(0)


@contextmanager
def ending() -> Iterator[None]:
    """For code that no event loop can stop: a failure when the block never ends."""

    def give_up(*_: object) -> None:
        raise AssertionError(f"this did not end within {LONG_S:g} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(round(LONG_S))
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
