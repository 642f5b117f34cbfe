"""Who has been told that the chat is automatic and kept, and when. On the website the Start button does this job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from spineline.keep.batches import delete_where
from spineline.keep.database import Database
from spineline.keep.tables import NOTICES
from spineline.keep.writes import Write

_TOLD = sa.select(NOTICES.c.told).where(NOTICES.c.sender == sa.bindparam("sender"))
_LAST = sa.select(NOTICES.c.sender).order_by(NOTICES.c.told.desc()).limit(sa.bindparam("most"))


class Notices:
    """One row for each person."""

    def __init__(self, database: Database | None = None) -> None:
        self._database = database or Database()

    async def were_given(self, sender: str, within_s: float | None = None) -> bool:
        """Whether this person has seen the notice; asyncio.TimeoutError when that cannot be told in that time."""
        return await self.given_at(sender, within_s) is not None

    async def given_at(self, sender: str, within_s: float | None = None) -> int | None:
        """When the person was told, in seconds since 1970."""

        def read(connection: Any) -> Any:
            return connection.execute(_TOLD, {"sender": sender}).scalar()

        told = await self._database.read(read, within_s)
        return None if told is None else int(told)

    async def given_last(self, most: int, within_s: float | None = None) -> list[str]:
        """Who was told last; asyncio.TimeoutError as above."""
        return await self._database.read(
            lambda connection: connection.execute(_LAST, {"most": most}).scalars().all(), within_s
        )

    async def give(self, sender: str, now: datetime) -> None:
        """Note that the person sees it now."""
        await self._database.commit([given(sender, now)])

    async def forget(self, sender: str) -> None:
        """Delete what is kept about a person."""
        await self._database.do(lambda connection: connection.execute(NOTICES.delete().where(_is(sender))))
        await self._database.tidy()

    async def purge(self, older_than: datetime) -> bool:
        """Delete some of the notices given before that time; who comes back is told again. Whether there are more."""
        return await delete_where(self._database, NOTICES, NOTICES.c.told < int(older_than.timestamp()))


def given(sender: str, now: datetime) -> Write:
    """What notes that a person sees the notice now."""
    return Write("notices", [{"sender": sender, "told": int(now.timestamp())}], "once")


def _is(sender: str) -> sa.sql.ColumnElement:
    return NOTICES.c.sender == sender
