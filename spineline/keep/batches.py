"""Deletes much in small steps, so that whoever writes in between does not wait."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from spineline.keep.database import Database

AT_A_TIME = 500  # rows: a few milliseconds


async def delete_where(database: Database, table: sa.Table, condition: Any) -> bool:
    """Delete some rows of which this is true; whether there may be more. Their words may stay in files until
    `Database.tidy`."""
    keys = [*table.primary_key]
    some = sa.select(*keys).where(condition).limit(AT_A_TIME)
    statement = table.delete().where((sa.tuple_(*keys) if len(keys) > 1 else keys[0]).in_(some))
    deleted = await database.do(lambda connection: int(connection.execute(statement).rowcount))
    return deleted == AT_A_TIME
