"""How much was asked of late by those who come near a limit, as all processes together have counted it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from spineline.keep.batches import delete_where
from spineline.keep.database import Database
from spineline.keep.tables import COUNTERS

MOST_READ = 2_000  # of the newest: many more than come near a limit at a time
LONGEST_S = 3600.0  # of all windows


class Counted(NamedTuple):
    """One window of one limit.

    Args:
        sender: whose; a keyed digest when the limit is one of addresses.
        until: seconds since 1970.
        lasts_s: how long such a window is.
    """

    name: str
    sender: str
    times: int
    until: float
    lasts_s: float = LONGEST_S


_NEWEST = (
    sa.select(COUNTERS)
    .where(COUNTERS.c.until > sa.bindparam("now"))
    .order_by(COUNTERS.c.until.desc())
    .limit(sa.literal(MOST_READ))
)


def add_up(connection: Any, counted: Sequence[Counted], now: float) -> None:
    """Add these to what is there, or begin anew where a window is over."""
    rows = [  # in one order, so that no two processes wait for each other
        {"now": now, "latest": now + lasts_s, "name": name, "sender": sender, "count": times, "until": until}
        for name, sender, times, until, lasts_s in sorted(counted)
    ]
    connection.execute(_adding(connection.dialect.name), rows)


@lru_cache
def _adding(dialect: str) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(COUNTERS)
    kept, new = COUNTERS.c, insert.excluded
    goes_on = sa.and_(kept.until > sa.bindparam("now"), kept.until <= sa.bindparam("latest"))
    added = {
        "count": sa.case((goes_on, kept.count + new.count), else_=new.count),
        "until": sa.case((goes_on, kept.until), else_=new.until),
    }
    values = insert.values({column.name: sa.bindparam(column.name) for column in COUNTERS.columns})
    return values.on_conflict_do_update(index_elements=[kept.name, kept.sender], set_=added)


def newest(connection: Any, now: float) -> list[Counted]:
    """The windows that are not over."""
    return [Counted(*row) for row in connection.execute(_NEWEST, {"now": now})]


async def purge_counters(database: Database, now: float) -> bool:
    """Delete some of the windows that are over; whether there are more. Longer than the longest of all none can last,
    whatever a clock has said."""
    is_over = sa.or_(COUNTERS.c.until <= now, COUNTERS.c.until > now + LONGEST_S)
    return await delete_where(database, COUNTERS, is_over)
