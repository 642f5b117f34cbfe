"""Small SQLite files with what must outlive a restart, and that only their owner can read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_SET_UP = "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; PRAGMA synchronous=NORMAL;"


def open_private(path: Path | None, schema: str) -> sqlite3.Connection:
    """Open a file, made when missing, in which deleted words are overwritten; without a path in memory."""
    if path:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)
    database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=1)
    database.executescript(_SET_UP + schema)
    return database
