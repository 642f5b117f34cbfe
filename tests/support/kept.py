"""Databases for tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from spineline.keep.database import Database
from spineline.keep.deliveries import Deliveries
from spineline.keep.links import Links, _together
from spineline.keep.tables import OUTGOING
from spineline.settings import DATABASE_FILE


def kept_in(folder: Path) -> Database:
    """The database of a folder, as a process opens it."""
    return Database(f"sqlite:///{folder / DATABASE_FILE}", folder / "writes.spool")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that it runs meanwhile."""
    statements: list[str] = []

    def hear(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    sa.event.listen(database._engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        sa.event.remove(database._engine, "before_cursor_execute", hear)


class FailingDatabase(Database):
    """In memory; fails with `error` whenever something is written, or even read."""

    error, reads = "", True

    def _do(self, work: Any) -> Any:
        self._fail(is_read=False)
        return super()._do(work)

    def read_now(self, work: Any) -> Any:
        self._fail(is_read=True)
        return super().read_now(work)

    def _fail(self, *, is_read: bool) -> None:
        if self.error and not (is_read and self.reads):
            raise OperationalError("", {}, sqlite3.OperationalError(self.error))


async def run_sql(database: Database, statement: str) -> None:
    """Do something to a database that our code would not."""
    await database.read(lambda connection: connection.exec_driver_sql(statement))


async def count(database: Database, *tables: str) -> list[int]:
    """How many rows they have."""

    def read(connection: Any) -> list[int]:
        return [connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar() for table in tables]

    return await database.read(read)


def written(folder: Path) -> bytes:
    """All that stands in the files of a folder."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def waiting(deliveries: Deliveries, channel: str) -> int:
    """How many answers wait to be sent, asked at once."""
    statement = sa.select(sa.func.count()).select_from(OUTGOING).where(OUTGOING.c.channel == channel)
    found: int = deliveries._database.read_now(lambda connection: connection.execute(statement).scalar())
    return found


def together(links: Links, sender: str) -> tuple[str, ...]:
    """The chats of a conversation, asked at once."""
    return links._database.read_now(lambda connection: _together(connection, sender))
