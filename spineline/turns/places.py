"""Lets every address have a fair share of the server: few turns at a time, the others wait in line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PLACES = 2  # turns of one address at a time; a turn takes milliseconds


class Places:
    """Lines of those who wait, one for each address; who has no address need not wait."""

    def __init__(self) -> None:
        self._lines: dict[str, asyncio.Semaphore] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def place(self, address: str | None) -> AsyncIterator[None]:
        """Wait until this address has a place."""
        if address is None:
            yield
            return
        line = self._lines.setdefault(address, asyncio.Semaphore(PLACES))
        self._users[address] = self._users.get(address, 0) + 1
        try:
            async with line:
                yield
        finally:
            self._leave(address)

    def __len__(self) -> int:
        return len(self._lines)

    def _leave(self, address: str) -> None:
        self._users[address] -= 1
        if not self._users[address]:
            del self._users[address], self._lines[address]
