"""The event log in SQLite or PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.url import URL, make_url

from spineline.errors import ConfigError, WordsRemainError
from spineline.stores.log import SESSION_STARTED, ConflictError, Row
from spineline.stores.schema import migrate

MOST_CONNECTIONS = 8
BUSY_TIMEOUT_S = 3

_EVENTS = sa.table("conversation_events", *(sa.column(name) for name in Row._fields))
_LATER = _EVENTS.alias("later")
_INSERT = _EVENTS.insert()


class SqlLog:
    """One row for each event, one transaction for each turn.

    Args:
        url: `sqlite:///folder/file.db` (made when missing, readable by its owner only) or `postgresql://...`.
    """

    def __init__(self, url: str) -> None:
        self._engine = _connect(make_url(url))
        self._is_sqlite = self._engine.dialect.name == "sqlite"
        self.threads = 1 if self._is_sqlite else MOST_CONNECTIONS

    def append(self, rows: Sequence[Row]) -> None:
        """See EventLog."""
        try:
            with self._engine.begin() as connection:
                connection.execute(_INSERT, [row._asdict() for row in rows])
        except sa.exc.IntegrityError:
            raise ConflictError(rows[0].number) from None

    def session(self, sender_id: str) -> list[Row]:
        """See EventLog."""
        start = sa.select(sa.func.max(_LATER.c.number)).where(
            _LATER.c.sender_id == sender_id, _LATER.c.type_name == SESSION_STARTED
        )
        first = sa.func.coalesce(start.scalar_subquery(), 0) - 1
        return self._read(_of(sender_id).where(_EVENTS.c.number >= first))

    def everything(self, sender_id: str) -> list[Row]:
        """See EventLog."""
        return self._read(_of(sender_id))

    def senders(self) -> list[str]:
        """See EventLog."""
        with self._engine.begin() as connection:
            return list(connection.scalars(sa.select(_EVENTS.c.sender_id).distinct()))

    def delete(self, sender_id: str) -> int:
        """See EventLog."""
        return self._remove(_EVENTS.delete().where(_EVENTS.c.sender_id == sender_id))

    def purge(self, before: float, among: Sequence[str]) -> int:
        """See EventLog."""
        same = _LATER.c.sender_id == _EVENTS.c.sender_id
        start = sa.select(sa.func.max(_LATER.c.number)).where(same, _LATER.c.type_name == SESSION_STARTED)
        is_over = _EVENTS.c.number < start.scalar_subquery()
        went_on = sa.exists().where(same, _LATER.c.timestamp >= before)
        is_old = sa.and_(_EVENTS.c.timestamp < before, sa.or_(is_over, ~went_on))
        return self._remove(_EVENTS.delete().where(_EVENTS.c.sender_id.in_(among), is_old))

    def tidy(self) -> None:
        """The write-ahead file still holds the words that were deleted; this empties it."""
        if not self._is_sqlite:
            return
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=50")  # while this waits, no turn is stored
            try:
                (is_busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={1000 * BUSY_TIMEOUT_S}")
        if is_busy:
            raise WordsRemainError(self.tidy)

    def close(self) -> None:
        """See EventLog."""
        self._engine.dispose()

    def _read(self, query: Any) -> list[Row]:
        with self._engine.begin() as connection:
            return [Row(*row) for row in connection.execute(query)]

    def _remove(self, statement: Any) -> int:
        with self._engine.begin() as connection:
            return int(connection.execute(statement).rowcount)


def _of(sender_id: str) -> Any:
    return sa.select(*_EVENTS.c).where(_EVENTS.c.sender_id == sender_id).order_by(_EVENTS.c.number)


def _connect(url: URL) -> Any:
    shown = url.render_as_string(hide_password=True)
    try:
        engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _server(url)
        migrate(engine)
    except (sa.exc.SQLAlchemyError, OSError, ImportError, AttributeError) as error:
        reason = str(getattr(error, "orig", error)).strip()
        raise ConfigError(
            [f"{shown}: conversations cannot be kept there ({reason}). Check the path or address."]
        ) from None
    return engine


def _server(url: URL) -> Any:
    return sa.create_engine(url, pool_size=MOST_CONNECTIONS, pool_pre_ping=True, hide_parameters=True)


def _sqlite(url: URL) -> Any:
    if url.database:
        _make_private(Path(url.database))
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        poolclass=sa.pool.QueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_S},
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _make_private(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    file.chmod(0o600)


def _prepare(connection: Any, _: Any) -> None:
    """A committed turn survives a power cut; deleted words are overwritten."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "wal_autocheckpoint=2000"):
        connection.execute(f"PRAGMA {pragma}")
