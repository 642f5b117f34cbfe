"""One database for everything that outlives a turn, SQLite or PostgreSQL, used off the event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from enum import Enum, auto
from functools import partial
from pathlib import Path
from time import monotonic, time
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine.url import URL, make_url

from spineline.errors import ConfigError, WordsRemainError
from spineline.keep.same_file import SameFile
from spineline.keep.schema import migrate
from spineline.keep.spool import Entry, Spool
from spineline.keep.tables import METADATA, SPOOLED
from spineline.keep.writes import ConflictError, RepeatedError, Write, behind, write

MEMORY = "sqlite://"
BUSY_S = 1  # how long SQLite waits for another process
RESTS_S = 2.0  # how long a database that failed is left alone by what is written
QUICK_S = 0.05  # how long an answer in danger may wait to be told something that it can do without
HASTY_S = 0.15  # who would wait no longer than this, does not wait while it hangs
PATIENT_S = 2.0  # how long any other answer may: what it does without can be wrong
HANGS_S = 1.0  # how long nobody waits as long again for a database that has just kept somebody waiting
AWAY_S = 5  # how long PostgreSQL may take to connect, or for one statement

_WRONG = (sa.exc.DataError, sa.exc.ProgrammingError, sa.exc.NotSupportedError)  # it would fail again

Found = TypeVar("Found")
Work = Callable[[Any], Found]  # is given a connection
Note = Callable[[BaseException, str], None]


class Kept(Enum):
    """Where something is now: in the database, in the spool on the disk, or in the memory of this process only."""

    STORED = auto()
    SPOOLED = auto()
    HELD = auto()


class Database:
    """Work in one thread, one piece after the other; whatever was begun is finished.

    Args:
        url: `sqlite:///folder/file.db` (made when missing, readable by its owner only), `postgresql://...`, or
            MEMORY, which is gone when the process ends.
        spool: where what is to be written waits while the database is away; in memory unless given.
        note: hears what went wrong, and where.

    `others` counts how often another process has written, as far as SQLite has told.
    """

    def __init__(self, url: str = MEMORY, spool: Path | None = None, note: Note = lambda _, __: None) -> None:
        self.url = make_url(url)
        self._engine = _connect(self.url)
        self._file = SameFile(self.url)
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self.spool, self.note = Spool(spool), note
        self.heard: dict[str, Callable[[], None]] = {}  # tables, and who wants to know of new rows in them
        self._version: int | None = None
        self._rests_until = self._hangs_until = monotonic()
        self._hung_s = 0.0
        self.others = 0

    @property
    def is_away(self) -> bool:
        """Whether it failed or hung just now, or something still waits for it."""
        return self.has_failed or self.hangs

    @property
    def hangs(self) -> bool:
        """Whether it has just kept somebody waiting for longer than they could."""
        return monotonic() < self._hangs_until

    @property
    def has_failed(self) -> bool:
        """Whether something could not be written, and still waits."""
        return len(self.spool) > 0 or monotonic() < self._rests_until

    async def do(self, work: Work[Found]) -> Found:
        """Do this in one transaction."""
        return await self._in_thread(self.do_now, work)

    async def read(self, work: Work[Found], within_s: float | None = None) -> Found:
        """Do this, which only reads; asyncio.TimeoutError when that takes longer than `within_s`, or has just done so
        for somebody else who waited as long."""
        if within_s and within_s <= max(HASTY_S, self._hung_s) and self.hangs:
            raise asyncio.TimeoutError
        try:
            return await asyncio.wait_for(self._in_thread(self.read_now, work), within_s)
        except asyncio.TimeoutError:
            self._hangs_until, self._hung_s = monotonic() + HANGS_S, float(within_s or 0)
            raise

    async def commit(self, writes: Sequence[Write]) -> Kept:
        """Write all of it or nothing, to the spool when the database is away; what is there stays in order.

        ConflictError when a row is there that should not be, RepeatedError when what this answers has its answer.
        """
        kept = await self._in_thread(self.commit_now, writes)
        for table in {one.table for one in writes if one.rows and one.how == "add"} & self.heard.keys():
            self.heard[table]()
        return kept

    async def tidy(self) -> None:
        """Take deleted words out of the files."""
        try:
            await self._in_thread(self.tidy_now)
        except WordsRemainError:
            raise WordsRemainError(self.tidy) from None

    async def close(self) -> None:
        """Finish what was begun, and let go of files and connections."""
        await self._in_thread(self._end)
        self._thread.shutdown()

    def commit_now(self, writes: Sequence[Write]) -> Kept:
        """The same as `commit`, for who is no event loop."""
        if monotonic() >= self._rests_until:
            with self._survived():
                self.do_now(lambda connection: write(connection, writes))
                return Kept.STORED
        return self._put_aside(writes)

    def do_now(self, work: Work[Found]) -> Found:
        """The same as `do`, for who is no event loop."""
        self._catch_up()
        return self._do(work)

    def _do(self, work: Work[Found]) -> Found:
        self._follow_file()
        try:
            with self._engine.begin() as connection:
                if self.is_sqlite:
                    self._look(connection)
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                return work(connection)
        except sa.exc.IntegrityError:
            raise ConflictError from None

    def read_now(self, work: Work[Found]) -> Found:
        """The same as `read`, for who is no event loop; what waits in the spool may be missing."""
        if monotonic() >= self._rests_until:
            with self._survived():
                self._catch_up()
        self._follow_file()
        with self._engine.connect() as connection:
            if self.is_sqlite:
                self._look(connection)
            return work(connection)

    def tidy_now(self) -> None:
        """The write-ahead file of SQLite still holds the words that were deleted; this empties it."""
        if not self.is_sqlite:
            return
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=50")  # while this waits, no turn is stored
            try:
                (is_busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={1000 * BUSY_S}")
        if is_busy:
            raise WordsRemainError(self.tidy_now)

    @contextmanager
    def _survived(self) -> Iterator[None]:
        """A database that is away is noted, and left alone for a while."""
        try:
            yield
        except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError) as error:
            if isinstance(error, _WRONG):
                raise
            self._rests_until = monotonic() + RESTS_S
            self.note(error, "database")

    def _end(self) -> None:
        with self._survived():
            self._catch_up()
        self._engine.dispose()

    def _put_aside(self, writes: Sequence[Write]) -> Kept:
        entry = {"writes": [(table, [dict(row) for row in rows], how) for table, rows, how in writes]}
        return Kept.SPOOLED if self.spool.put(entry) else Kept.HELD

    def _catch_up(self) -> None:
        """Write first what waits in the spool, each entry once, also when this process ends in between."""
        done = list[str]()
        try:
            for entry in self.spool.entries if len(self.spool) else ():
                with suppress(RepeatedError):
                    self._write_entry(entry)
                done.append(entry["id"])
        finally:
            if done:
                self.spool.drop(done)

    def _write_entry(self, entry: Entry) -> None:
        try:
            self._do(partial(_write_entry, entry, in_order=True))
        except ConflictError:  # another process went on with the conversation meanwhile
            self._do(partial(_write_entry, entry, in_order=False))

    def _follow_file(self) -> None:
        """While the file is gone the database is away; one that stands in its place, such as a backup, is opened."""
        if self._file.was_replaced():
            self._engine.dispose()
            self._version, self.others = None, self.others + 1

    def _look(self, connection: Any) -> None:
        """Count in `others` how often somebody else has written since the last look."""
        version = connection.exec_driver_sql("PRAGMA data_version").scalar()
        if version != self._version:
            self.others += self._version is not None
            self._version = version

    async def _in_thread(self, act: Callable[..., Found], *arguments: Any) -> Found:
        """Whoever gives up waiting does not undo it."""
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, act, *arguments))


def _write_entry(entry: Entry, connection: Any, *, in_order: bool) -> None:
    if connection.execute(sa.select(SPOOLED.c.id).where(SPOOLED.c.id == entry["id"])).first():
        return
    writes = [Write(*one) for one in entry["writes"]]
    write(connection, [Write("spooled", [{"id": entry["id"], "at": time()}])])
    write(connection, writes if in_order else [behind(connection, one) for one in writes])


def _connect(url: URL) -> Any:
    try:
        engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _server(url)
        if url.render_as_string() == MEMORY:
            METADATA.create_all(engine)
        else:
            migrate(engine)
    except (sa.exc.SQLAlchemyError, OSError, ImportError, AttributeError) as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        raise ConfigError([_unusable(url, reason)]) from None
    return engine


def _unusable(url: URL, reason: str) -> str:
    if url.get_backend_name() != "sqlite":
        shown = url.render_as_string(hide_password=True)
        return f"{shown}: conversations cannot be kept there ({reason}). Check DATABASE_URL."
    way_out = "Check its folder, bring it back from your backup, or move it away to begin an empty one"
    return f"{url.database}: cannot be used ({reason}). {way_out}; docs/operations.md says what that loses."


def _server(url: URL) -> Any:
    limits = f"-c statement_timeout={1000 * AWAY_S} -c lock_timeout={1000 * AWAY_S}"
    given = url.query.get("options", "")
    arguments = {"connect_timeout": AWAY_S, "options": f"{given} {limits}".strip(), "tcp_user_timeout": 1000 * AWAY_S}
    return sa.create_engine(url, pool_size=1, pool_pre_ping=True, hide_parameters=True, connect_args=arguments)


def _sqlite(url: URL) -> Any:
    if url.database:
        _make_private(Path(url.database))
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        poolclass=sa.pool.QueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": BUSY_S, "isolation_level": None},
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
