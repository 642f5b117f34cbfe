"""Who has been told that the chat is automatic and kept, and when. On the website the Start button does this job."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from spineline.keep.private_file import empty_wal, open_private

_SCHEMA = "CREATE TABLE IF NOT EXISTS notices (sender TEXT PRIMARY KEY, told INTEGER NOT NULL)"


class Notices:
    """One row for each person, in one small SQLite file that only its owner can read; without a path in memory."""

    def __init__(self, path: Path | None) -> None:
        self._db = open_private(path, _SCHEMA)

    def were_given(self, sender: str) -> bool:
        """Whether this person has seen the notice."""
        return self._db.execute("SELECT 1 FROM notices WHERE sender = ?", (sender,)).fetchone() is not None

    def give(self, sender: str, now: datetime) -> None:
        """Note that the person sees it now."""
        self._db.execute("INSERT OR IGNORE INTO notices VALUES (?, ?)", (sender, int(now.timestamp())))

    def forget(self, sender: str) -> None:
        """Delete what is kept about a person."""
        self._db.execute("DELETE FROM notices WHERE sender = ?", (sender,))
        empty_wal(self._db)

    def purge(self, older_than: datetime) -> None:
        """Delete the notices given before that time; who comes back is told again."""
        self._db.execute("DELETE FROM notices WHERE told < ?", (int(older_than.timestamp()),))
        empty_wal(self._db)

    def given_at(self, sender: str) -> int | None:
        """When the person was told, in seconds since 1970."""
        row = self._db.execute("SELECT told FROM notices WHERE sender = ?", (sender,)).fetchone()
        return int(row[0]) if row else None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
