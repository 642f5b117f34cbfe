"""Finds what is wrong with an SQLite file, and says what to do about it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


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
