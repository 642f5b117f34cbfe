"""What the website's chat must not lose: answers until they have arrived, and which messages were answered.

Only our own words are kept here, never what a person wrote, and each only until the browser has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from spineline.keep.private_file import open_private

MOST_WAITING = 100  # answers kept for a browser that does not come back
_MOST_ANSWERED = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, consented INTEGER NOT NULL, seen INTEGER NOT NULL, language TEXT,
    last_seq INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS waiting (
    session TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (session, seq));
CREATE TABLE IF NOT EXISTS answered (
    number INTEGER PRIMARY KEY, session TEXT NOT NULL, message TEXT NOT NULL, UNIQUE (session, message));
"""


class Outbox:
    """Numbered answers of each session, in one small SQLite file; survives a restart of the server."""

    def __init__(self, path: Path | None) -> None:
        self._db = open_private(path, _SCHEMA)

    def begin(self, session: str, consented: datetime, language: str | None) -> None:
        """Record a session with the time of consent, and the language to speak if it is not yet known."""
        at = int(consented.timestamp())
        row = (session, at, at, language)
        self._db.execute("INSERT OR IGNORE INTO sessions (id, consented, seen, language) VALUES (?, ?, ?, ?)", row)

    def see(self, session: str, now: datetime) -> None:
        """The session is in use."""
        self._db.execute("UPDATE sessions SET seen = ? WHERE id = ?", (int(now.timestamp()), session))

    def knows(self, session: str) -> bool:
        """Whether the session was begun and not forgotten."""
        return self._db.execute("SELECT 1 FROM sessions WHERE id = ?", (session,)).fetchone() is not None

    def consented(self, session: str) -> int | None:
        """When the person agreed to the notice, in seconds since 1970."""
        row = self._db.execute("SELECT consented FROM sessions WHERE id = ?", (session,)).fetchone()
        return int(row[0]) if row else None

    def wish_language(self, session: str, language: str) -> None:
        """The person switched the language of the chat."""
        self._db.execute("UPDATE sessions SET language = ? WHERE id = ?", (language, session))

    def take_language(self, session: str) -> str | None:
        """The language that the conversation has not been told yet; None from then on."""
        row = self._db.execute("SELECT language FROM sessions WHERE id = ?", (session,)).fetchone()
        self._db.execute("UPDATE sessions SET language = NULL WHERE id = ?", (session,))
        return str(row[0]) if row and row[0] else None

    def was_answered(self, session: str, message: str) -> bool:
        """Whether this message of the session has its answer; it is then not answered again."""
        found = self._db.execute("SELECT 1 FROM answered WHERE session = ? AND message = ?", (session, message))
        return found.fetchone() is not None

    def put(
        self, session: str, bodies: Iterable[Mapping[str, Any]], message: str | None = None
    ) -> list[dict[str, Any]]:
        """Number the answers and keep them, with the message that they answer, all or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            numbered = [self._put_one(session, body) for body in bodies]
            if message:
                self._db.execute("INSERT OR IGNORE INTO answered (session, message) VALUES (?, ?)", (session, message))
            self._trim(session)
        return numbered

    def _put_one(self, session: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self._db.execute("UPDATE sessions SET last_seq = last_seq + 1 WHERE id = ?", (session,))
        (seq,) = self._db.execute("SELECT last_seq FROM sessions WHERE id = ?", (session,)).fetchone()
        numbered = {**body, "seq": seq}
        self._db.execute("INSERT INTO waiting VALUES (?, ?, ?)", (session, seq, json.dumps(numbered)))
        return numbered

    def _trim(self, session: str) -> None:
        self._db.execute(
            "DELETE FROM waiting WHERE session = ? AND seq <= (SELECT last_seq FROM sessions WHERE id = ?) - ?",
            (session, session, MOST_WAITING),
        )
        self._db.execute(
            "DELETE FROM answered WHERE session = ? AND number NOT IN "
            "(SELECT number FROM answered WHERE session = ? ORDER BY number DESC LIMIT ?)",
            (session, session, _MOST_ANSWERED),
        )

    def after(self, session: str, seq: int) -> list[dict[str, Any]]:
        """The answers that the browser does not have yet; the ones up to `seq` have arrived and are dropped."""
        self.arrived(session, seq)
        rows = self._db.execute("SELECT body FROM waiting WHERE session = ? ORDER BY seq", (session,))
        return [json.loads(body) for (body,) in rows]

    def arrived(self, session: str, seq: int) -> None:
        """Drop the answers up to `seq`: the browser has them."""
        self._db.execute("DELETE FROM waiting WHERE session = ? AND seq <= ?", (session, seq))

    def empty(self, session: str) -> None:
        """Delete what was said; the session stays, so that the person can still be told that it is done."""
        for table in ("waiting", "answered"):
            self._db.execute(f"DELETE FROM {table} WHERE session = ?", (session,))

    def forget(self, session: str) -> None:
        """Delete everything about a session."""
        self.empty(session)
        self._db.execute("DELETE FROM sessions WHERE id = ?", (session,))
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def purge(self, now: datetime, kept: timedelta) -> None:
        """Delete the sessions that were last in use longer ago than `kept`."""
        before = int((now - kept).timestamp())
        old = self._db.execute("SELECT id FROM sessions WHERE seen < ?", (before,)).fetchall()
        for (session,) in old:
            self.forget(session)
