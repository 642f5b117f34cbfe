"""Small SQLite files with what must outlive a restart, and that only their owner can read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from spineline.errors import ConfigError, WordsRemainError

PATIENCE_S = 0.05  # for a file that another program has locked: these files are used on the event loop
_OPENING_S = 3.0
_SET_UP = "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; PRAGMA synchronous=NORMAL;"


def open_private(path: Path | None, schema: str) -> sqlite3.Connection:
    """Open a file, made when missing, in which deleted words are overwritten; without a path in memory.

    ConfigError when it is no database any more.
    """
    if path:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)
    connected = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=_OPENING_S)
    try:
        connected.executescript(_SET_UP + schema)
        connected.execute(f"PRAGMA busy_timeout={round(1000 * PATIENCE_S)}")
    except sqlite3.DatabaseError as error:
        connected.close()
        raise ConfigError([unusable(path, str(error))]) from None
    return connected


def damage_of(path: Path, *, is_searched: bool) -> str | None:
    """What is wrong with a database, as a sentence; None when nothing is, or when there is none.

    Args:
        is_searched: read all of it, not its beginning only; too slow for a large one.
    """
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=1)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            found = database.execute("PRAGMA quick_check(1)").fetchone()[0] if is_searched else "ok"
    except sqlite3.DatabaseError as error:
        found = str(error)
    return None if found == "ok" else unusable(path, found)


def unusable(path: Path | None, reason: str) -> str:
    """What to do about a database that cannot be used."""
    reason = " ".join(reason.split())
    way_out = "Bring it back from your backup, or move it away to begin an empty one"
    return f"{path}: cannot be used ({reason}). {way_out}; docs/operations.md says what that loses."


def empty_wal(database: sqlite3.Connection) -> None:
    """Empty the write-ahead file, where deleted words still stand; WordsRemainError while another program reads it."""
    (is_busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise WordsRemainError(lambda: empty_wal(database))
