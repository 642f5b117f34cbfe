"""Small SQLite files with what must outlive a restart, and that only their owner can read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from spineline.errors import WordsRemainError

PATIENCE_S = 0.05  # for a file that another program has locked: these files are used on the event loop
_OPENING_S = 3.0
_SET_UP = "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; PRAGMA synchronous=NORMAL;"


def open_private(path: Path | None, schema: str) -> sqlite3.Connection:
    """Open a file, made when missing, in which deleted words are overwritten; without a path in memory."""
    if path:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)
    database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=_OPENING_S)
    database.executescript(_SET_UP + schema)
    database.execute(f"PRAGMA busy_timeout={round(1000 * PATIENCE_S)}")
    return database


def empty_wal(database: sqlite3.Connection) -> None:
    """Empty the write-ahead file, where deleted words still stand; WordsRemainError while another program reads it."""
    (is_busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise WordsRemainError(lambda: empty_wal(database))
