"""Takes over, once, the files in which earlier versions kept what is now in one database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from spineline.errors import ConfigError
from spineline.keep.damage import unusable
from spineline.keep.database import Database
from spineline.keep.writes import Write, write
from spineline.settings import DATABASE_FILE

CONVERSATIONS = "conversations.db"
_AT_A_TIME = 2000


class _Old(NamedTuple):
    file: str
    query: str
    table: str


_OLD = (
    _Old("notices.db", "SELECT sender, told FROM notices", "notices"),
    _Old("links.db", "SELECT sender, conversation, used FROM aliases", "links"),
    _Old("links.db", "SELECT conversation, digest, expires FROM codes", "link_codes"),
    _Old("outbox.db", "SELECT id, consented, seen, language, last_seq FROM sessions", "web_sessions"),
    _Old("outbox.db", "SELECT session, seq, body FROM waiting", "web_waiting"),
    _Old("outbox.db", "SELECT session, message, number AS at FROM answered", "web_answered"),
    _Old("deliveries.db", "SELECT channel, message, at FROM seen", "seen"),
    _Old("deliveries.db", "SELECT number, channel, recipient, sender, body, put, due, tries FROM outgoing", "outgoing"),
    _Old("deliveries.db", "SELECT sender, at FROM opted_out", "opted_out"),
    _Old(
        CONVERSATIONS,
        "SELECT sender_id, number, type_name, timestamp, data FROM conversation_events",
        "conversation_events",
    ),
)


def old_files(folder: Path) -> list[Path]:
    """The files of earlier versions that lie there."""
    return [path for name in dict.fromkeys(old.file for old in _OLD) if (path := folder / name).is_file()]


def open_database(url: str, folder: Path, note: Callable[[BaseException, str], None] = lambda _, __: None) -> Database:
    """The database at `url`, with everything that earlier versions left in `folder`.

    An old file is deleted when all of it is in the database; what a crash leaves half done is done again.
    """
    new, old = folder / DATABASE_FILE, folder / CONVERSATIONS
    if url == f"sqlite:///{new}" and old.is_file() and not new.exists():
        _rename(old, new)  # it has the first of the tables; thousands of conversations need not be copied
    database = Database(url, folder / "writes.spool", note)
    for path in old_files(folder):
        _copy(path, database)
        database.do_now(_count_on)
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    return database


def _rename(old: Path, new: Path) -> None:
    """Everything in one file, then another name for it."""
    with closing(_open(old)) as database:
        try:
            (is_busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            database.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            raise ConfigError([unusable(old, str(error))]) from None
    if is_busy or old.with_name(f"{old.name}-wal").exists():
        raise ConfigError([f"{old}: another program uses it. End that program; it becomes {new.name} then."])
    old.rename(new)


def _copy(path: Path, database: Database) -> None:
    with closing(_open(path)) as old:
        try:
            for _, query, table in (one for one in _OLD if one.file == path.name):
                for rows in _batches(old.execute(query)):
                    database.do_now(_writing(table, rows))
        except sqlite3.DatabaseError as error:
            raise ConfigError([unusable(path, str(error))]) from None


def _count_on(connection: Any) -> None:
    """PostgreSQL does not look at the numbers that rows brought along."""
    if connection.dialect.name == "postgresql":
        sequence = "pg_get_serial_sequence('outgoing', 'number')"
        connection.exec_driver_sql(f"SELECT setval({sequence}, coalesce(max(number), 0) + 1, false) FROM outgoing")  # noqa: S608


def _writing(table: str, rows: Sequence[dict[str, Any]]) -> Callable[[Any], None]:
    return lambda connection: write(connection, [Write(table, rows, "once")])


def _batches(found: sqlite3.Cursor) -> Iterator[list[dict[str, Any]]]:
    while rows := [dict(row) for row in islice(found, _AT_A_TIME)]:
        yield rows


def _open(path: Path) -> sqlite3.Connection:
    connected = sqlite3.connect(path, timeout=3)
    connected.row_factory = sqlite3.Row
    return connected
