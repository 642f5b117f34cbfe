"""What is to be written, as plain data: so that several parts can put what they keep into one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from spineline.keep.tables import EVENTS, METADATA

How = Literal["hold", "must", "add", "new", "first", "once", "put", "change", "remove"]


class ConflictError(Exception):
    """Somebody else went on with what this was to be added to."""


class RepeatedError(Exception):
    """What this was to answer has its answer already; nothing was written."""


class Write(NamedTuple):
    """Rows of one table.

    Args:
        table: its name.
        rows: column and value; all rows have the same columns.
        how: "hold" a conversation, so that no other transaction goes on with it or deletes it until this one ends;
            "must" be there, else ConflictError; "add" new rows, ConflictError when one is there; "new", one row,
            RepeatedError when it is there; "first", one row, and when it is there nothing of what follows is written;
            "once" the same as "add", unless it is there; "put" a row in the place of the one with its key; "change" the
            columns of the row with its key; "remove" those that are equal.
    """

    table: str
    rows: Sequence[Mapping[str, Any]]
    how: How = "add"


class _Ready(NamedTuple):
    """SQL as a driver takes it, with the names of its values in their order where it takes them by place."""

    sql: str
    by_place: Sequence[str] | None

    def values(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The values of each row."""
        if self.by_place is None:
            return [dict(row) for row in rows]
        return [tuple([row[name] for name in self.by_place]) for row in rows]


_LOOKED_UP = ("must", "change", "remove")
_UNLESS_THERE = ("new", "first", "once")
_HOLD = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_made: dict[tuple[str, str, str, tuple[str, ...]], _Ready] = {}


def write(connection: Any, writes: Sequence[Write]) -> None:
    """Write all of it, inside the transaction of whoever calls."""
    for one in writes:
        if one.how == "hold":
            hold(connection, one.rows[0]["sender_id"])
        elif one.rows and not _write(connection, one) and one.how == "first":
            return


def hold(connection: Any, conversation: str) -> None:
    """Nobody else writes to a conversation until this transaction ends; SQLite lets one write at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"name": conversation})


def _write(connection: Any, one: Write) -> bool:
    """False when it was to be the first and is not."""
    table, rows, how = one
    columns = tuple(rows[0])
    key = (connection.dialect.name, table, how, columns)
    ready = _made.get(key)
    if ready is None:
        ready = _made[key] = _ready(connection.dialect, table, how, columns)
    values = ready.values([_bound(row) for row in rows] if how in _LOOKED_UP else rows)
    found = connection.exec_driver_sql(ready.sql, values if len(values) > 1 else values[0])
    if how == "must" and found.first() is None:
        raise ConflictError
    if how == "new" and not found.rowcount:
        raise RepeatedError
    return bool(how != "first" or found.rowcount)


def behind(connection: Any, late: Write) -> Write:
    """The same behind what others have written since: events follow theirs, everything else stays as it is there. Of a
    conversation that was deleted meanwhile nothing is written."""
    if late.how == "must" or not late.rows:
        return late._replace(rows=())
    if late.how == "hold":
        return late
    if late.table != EVENTS.name:
        return late._replace(how="remove", rows=_keys(late)) if late.table == "snapshots" else _once(late)
    sender = late.rows[0]["sender_id"]
    newest = connection.execute(sa.select(sa.func.max(EVENTS.c.number)).where(EVENTS.c.sender_id == sender)).scalar()
    if newest is None and late.rows[0]["number"]:
        return late._replace(rows=())
    first = 0 if newest is None else newest + 1
    return late._replace(rows=[{**row, "number": first + at} for at, row in enumerate(late.rows)])


def _keys(of: Write) -> list[Mapping[str, Any]]:
    keys = [column.name for column in METADATA.tables[of.table].primary_key]
    return [{key: row[key] for key in keys} for row in of.rows]


def _once(late: Write) -> Write:
    return late._replace(how="once") if late.how == "add" else late


def _bound(row: Mapping[str, Any]) -> dict[str, Any]:
    """SQLAlchemy keeps the names of columns for itself when values stand in a condition."""
    return {f"v_{name}": value for name, value in row.items()}


def _ready(dialect: Any, name: str, how: str, columns: tuple[str, ...]) -> _Ready:
    """SQLAlchemy would compile an insert anew each time, which takes longer than to do it."""
    inserted = None if how in _LOOKED_UP else list(columns)
    compiled = _statement(dialect.name, name, how, columns).compile(dialect=dialect, column_keys=inserted)
    return _Ready(str(compiled), compiled.positiontup if compiled.positional else None)


def _statement(dialect: str, name: str, how: str, columns: tuple[str, ...]) -> Any:
    table = METADATA.tables[name]
    keys = [column.name for column in table.primary_key]
    if how == "must":
        return sa.select(table.c[columns[0]]).where(
            *(table.c[column] == sa.bindparam(f"v_{column}") for column in columns)
        )
    if how == "remove":
        return table.delete().where(*(table.c[column] == sa.bindparam(f"v_{column}") for column in columns))
    if how == "change":
        values = {column: sa.bindparam(f"v_{column}") for column in columns if column not in keys}
        return table.update().where(*(table.c[key] == sa.bindparam(f"v_{key}") for key in keys)).values(values)
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    if how in _UNLESS_THERE:
        return insert.on_conflict_do_nothing()
    if how == "put":
        changed = {column: insert.excluded[column] for column in columns if column not in keys}
        return insert.on_conflict_do_update(index_elements=keys, set_=changed)
    return insert
