"""How many lines of one address wait for answers at once, also when all of them come through one proxy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from spineline.channels.http import BadRequestError
from spineline.turns.limits import BUSY_FOR_S, address_of_request

MOST_WAITING = 100  # of one address: a waiting room, with a few tabs for everybody in it


class Crowd:
    """Counts those who wait. Programs on this machine have no address and are not counted."""

    def __init__(self) -> None:
        self._waiting = Counter[str]()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Wait inside; BadRequestError when too many of this address do."""
        address = address_of_request.get() or ""
        if address and self._waiting[address] >= MOST_WAITING:
            raise BadRequestError("Too many chats are open from this address.", 429, "busy", BUSY_FOR_S)
        self._waiting[address] += 1
        try:
            yield
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]
