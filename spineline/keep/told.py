"""What programs were answered, by the id that they gave their message: who asks again gets the same answer."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import sqlalchemy as sa

from spineline.keep.database import Database
from spineline.keep.tables import TOLD
from spineline.keep.writes import RepeatedError, Write

MOST_REMEMBERED = 1_000

_ANSWER = sa.select(TOLD.c.answer).where(
    TOLD.c.sender == sa.bindparam("sender"), TOLD.c.message == sa.bindparam("message")
)

Answer = Any  # whatever JSON can say


class Told:
    """Answers by sender and message."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running: dict[tuple[str, str], asyncio.Future[None]] = {}
        self._late: OrderedDict[tuple[str, str], Answer] = OrderedDict()  # while the database cannot be read

    async def once(self, sender: str, message: str, answer: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of this message: what was said before, else what `answer` says, which keeps it with `kept`. Two at
        the same time are one."""
        key = (sender, message)
        while key in self._running:
            await asyncio.wait({self._running[key]})
        self._running[key] = asyncio.get_running_loop().create_future()
        try:
            known = await self._known(key)
            return await answer() if known is None else known
        except RepeatedError:  # that was not known in time
            self._late.pop(key, None)
            return await self._database.read(partial(_answer, key))
        finally:
            self._running.pop(key).set_result(None)

    def kept(self, sender: str, message: str, answer: Answer, now: float) -> Write:
        """What keeps an answer; RepeatedError when there is one."""
        self._late[sender, message] = answer
        if len(self._late) > MOST_REMEMBERED:
            self._late.popitem(last=False)
        row = {"sender": sender, "message": message, "at": now, "answer": json.dumps(answer)}
        return Write("rest_answers", [row], "new")

    async def forget(self, sender: str) -> None:
        """Somebody wants to be forgotten."""
        for key in [key for key in self._late if key[0] == sender]:
            del self._late[key]

    async def _known(self, key: tuple[str, str]) -> Answer | None:
        if key in self._late:
            return self._late[key]
        try:
            return await self._database.read(partial(_answer, key), 1.0)
        except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError, asyncio.TimeoutError) as error:
            self._database.note(error, "told")
            return None


def _answer(key: tuple[str, str], connection: Any) -> Answer | None:
    found = connection.execute(_ANSWER, dict(zip(("sender", "message"), key))).scalar()
    return None if found is None else json.loads(found)
