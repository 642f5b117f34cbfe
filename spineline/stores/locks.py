"""Keeps the turns of one conversation in order, within one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from async_timeout import timeout
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore

MOST_WAITING = 20


class FairLocks(LockStore):
    """First come, first served, without polling; Rasa's own lets a second message wait for a whole second.

    Args:
        endpoint_config: as Rasa passes it for a class named in endpoints.yml; nothing in it is needed.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncIterator[asyncio.Lock]:
        """Wait for the turns that came before.

        Args:
            lock_lifetime: seconds to wait at most; LockError after that, or when MOST_WAITING are waiting already.
            wait_time_in_seconds: not used; nothing polls.
        """
        if self._users.get(conversation_id, 0) > MOST_WAITING:
            raise LockError(f"More than {MOST_WAITING} messages of one conversation are waiting.")
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            await _acquire(lock, lock_lifetime)
            try:
                yield lock
            finally:
                lock.release()
        finally:
            self._leave(conversation_id)

    def is_someone_waiting(self, conversation_id: str) -> bool:
        """Whether a message of this conversation waits for its turn."""
        return self._users.get(conversation_id, 0) > 1

    def __len__(self) -> int:
        return len(self._locks)

    def _leave(self, conversation_id: str) -> None:
        self._users[conversation_id] -= 1
        if not self._users[conversation_id]:
            del self._users[conversation_id], self._locks[conversation_id]


async def _acquire(lock: asyncio.Lock, longest_s: float) -> None:
    try:
        async with timeout(longest_s):
            await lock.acquire()
    except asyncio.TimeoutError:
        raise LockError(f"A turn did not end within {longest_s:g} s.") from None
