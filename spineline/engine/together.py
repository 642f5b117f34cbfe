"""Has the texts of all who wait at the moment encoded in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

MOST_AT_ONCE = 8  # more save little, and make whoever is next wait longer
_ROUNDS = 3  # of the event loop, microseconds when it is idle: in a crowd others are a step or two behind

Encode = Callable[[Sequence[str]], Sequence[Any]]  # texts in, their vectors out


class Together:
    """The weights of the encoder are read once for all texts of a go, and reading them is most of its work.

    Nobody is waited for: a go takes who is there when the loop has come round a few times.
    """

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._waiting: list[tuple[str, asyncio.Future[Any]]] = []

    async def vector(self, text: str) -> Any | None:
        """The vector of a text; None when that could not be told here."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._come_round, _ROUNDS)
        future = loop.create_future()
        self._waiting.append((text, future))
        return await future

    def _come_round(self, rounds: int) -> None:
        if rounds:
            asyncio.get_running_loop().call_soon(self._come_round, rounds - 1)
        else:
            self._go()

    def _go(self) -> None:
        going, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._go)
        for (_, future), vector in zip(going, self._vectors([text for text, _ in going]), strict=True):
            if not future.done():
                future.set_result(vector)

    def _vectors(self, texts: Sequence[str]) -> Sequence[Any]:
        try:
            return self._encode(texts)
        except Exception:
            return [None] * len(texts)  # each is encoded by itself then, and fails alone
