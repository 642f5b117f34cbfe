"""At most so many in a window of time, counted in memory, and what of that other processes should know."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from limits import parse

MOST_KEYS = 50_000
FLOOD = 3  # times the limit: from there on messages are not even read for danger signs
SHARED_FROM = 4  # the part of the limit from which on a count is kept for others: nothing is kept of who asks a little


@dataclass(frozen=True)
class Refusal:
    """Why a message is not answered. `reason` is "too_fast", "busy" or "stopping"; `is_read` says whether danger signs
    are still looked for."""

    reason: str
    retry_after_s: int
    is_read: bool = True


@dataclass
class Window:
    """What was counted of one key; `unsaved` of it is known to nobody else."""

    count: int
    until: float
    unsaved: int = 0


class Due(NamedTuple):
    """What others should know: of `key` so many more, in a window that lasts `left_s` yet."""

    key: str
    window: Window
    more: int
    left_s: float


class Rate:
    """At most so many for each key in a window of time; a rate without text is no limit.

    Args:
        clock: seconds that only ever go forward: a computer's clock set back must not lock anybody out.
        name: of the limit, where its counts are kept.
    """

    def __init__(self, rate: str, clock: Callable[[], float] = time.monotonic, name: str = "") -> None:
        item: Any = parse(rate) if rate else None
        self.name, self._clock = name, clock
        self._most, self.lasts_s = (int(item.amount), int(item.get_expiry())) if item else (0, 0)
        self._windows: OrderedDict[str, Window] = OrderedDict()
        self._due: set[str] = set()

    def is_used_up(self, key: str) -> bool:
        """Whether the next one would be one too many; counts nothing."""
        window = self._windows.get(key)
        return window is not None and window.until > self._clock() and window.count >= self._most

    def refuse(self, key: str, cost: int = 1) -> Refusal | None:
        """Count one message; a refusal when it is one too many."""
        if not self._most:
            return None
        window = self._window(key)
        window.count += cost
        window.unsaved += cost
        if window.count * SHARED_FROM >= self._most:
            self._due.add(key)
        if window.count <= self._most:
            return None
        wait_s = max(1, int(window.until - self._clock()) + 1)
        return Refusal("too_fast", wait_s, window.count <= FLOOD * self._most)

    def take(self) -> Iterator[Due]:
        """What others should know and do not; each is told once, unless it is given back."""
        due, self._due, now = self._due, set(), self._clock()
        for key in due:
            window = self._windows.get(key)
            if window and window.unsaved and window.until > now:
                more, window.unsaved = window.unsaved, 0
                yield Due(key, window, more, window.until - now)

    def give_back(self, due: Due) -> None:
        """It could not be told."""
        due.window.unsaved += due.more  # nobody looks at a window that is over or was forgotten
        self._due.add(due.key)

    def learn(self, key: str, count: int, left_s: float) -> None:
        """All processes together have counted that much, in a window that lasts `left_s` yet; what cannot be true, as
        somebody's clock was wrong, is not believed."""
        if 0 < left_s <= self.lasts_s:
            window = self._window(key)
            window.count = max(window.count, count + window.unsaved)
            window.until = min(window.until, self._clock() + left_s)

    def forget(self, key: str) -> None:
        """Nobody is told what was counted until now; it counts here until the window is over."""
        if key in self._windows:
            self._windows[key] = replace(self._windows[key], unsaved=0)

    def _window(self, key: str) -> Window:
        window, now = self._windows.get(key), self._clock()
        if window is None or window.until <= now:
            window = self._windows[key] = Window(0, now + self.lasts_s)
        self._windows.move_to_end(key)
        if len(self._windows) > MOST_KEYS:
            self._windows.popitem(last=False)
        return window
