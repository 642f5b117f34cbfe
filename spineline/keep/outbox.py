"""What the website's chat must not lose: answers until they have arrived, and which messages were answered.

Only our own words are kept here, never what a person wrote, and each only until the browser has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from spineline.keep.private_file import empty_wal, open_private

MOST_WAITING = 100  # answers kept for a browser that does not come back
_MOST_ANSWERED = 500
_NEVER = 2**53
_PURGED_AT_A_TIME = 200  # sessions: a few milliseconds, and then others go first
_TABLES = {"waiting": "session", "answered": "session", "sessions": "id"}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, consented INTEGER NOT NULL, seen INTEGER NOT NULL, language TEXT,
    last_seq INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS waiting (
    session TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (session, seq));
CREATE TABLE IF NOT EXISTS answered (
    number INTEGER PRIMARY KEY, session TEXT NOT NULL, message TEXT NOT NULL, UNIQUE (session, message));
CREATE INDEX IF NOT EXISTS sessions_seen ON sessions (seen);
"""
_GO_ON = "UPDATE sessions SET seen = :seen, language = :language, last_seq = max(last_seq, :last_seq) WHERE id = :id"


@dataclass(frozen=True)
class Kept:
    """All that is kept of a session; times in seconds since 1970, `consented` 0 when it is not known."""

    consented: int = 0
    seen: int = _NEVER
    language: str | None = None
    last_seq: int = 0
    waiting: tuple[tuple[int, str], ...] = ()
    answered: tuple[str, ...] = ()


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
        if not row or not row[0]:
            return None
        self._db.execute("UPDATE sessions SET language = NULL WHERE id = ?", (session,))
        return str(row[0])

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
        return self.waiting(session)

    def waiting(self, session: str) -> list[dict[str, Any]]:
        """The answers of which it is not known that they have arrived."""
        rows = self._db.execute("SELECT body FROM waiting WHERE session = ? ORDER BY seq", (session,))
        return [json.loads(body) for (body,) in rows]

    def arrived(self, session: str, seq: int) -> None:
        """Drop the answers up to `seq`: the browser has them."""
        self._db.execute("DELETE FROM waiting WHERE session = ? AND seq <= ?", (session, seq))

    def count_from(self, session: str, seq: int) -> None:
        """The next answer gets a number above `seq`."""
        self._db.execute("UPDATE sessions SET last_seq = max(last_seq, ?) WHERE id = ?", (seq, session))

    def read(self, session: str) -> Kept | None:
        """All about a session, to go on with it elsewhere; None when it is not known."""
        about = "SELECT consented, seen, language, last_seq FROM sessions WHERE id = ?"
        row = self._db.execute(about, (session,)).fetchone()
        if row is None:
            return None
        waiting = self._db.execute("SELECT seq, body FROM waiting WHERE session = ? ORDER BY seq", (session,))
        answered = self._db.execute("SELECT message FROM answered WHERE session = ? ORDER BY number", (session,))
        consented, seen, language, last_seq = row
        messages = tuple(message for (message,) in answered)
        return Kept(consented, seen, language, last_seq, tuple(waiting), messages)

    def take(self, session: str, kept: Kept) -> None:
        """Go on with a session that was kept elsewhere, all or nothing."""
        named = {**vars(kept), "id": session}
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._db.execute("INSERT OR IGNORE INTO sessions VALUES (:id, :consented, :seen, :language, 0)", named)
            self._db.execute(_GO_ON, named)
            self._db.execute("DELETE FROM waiting WHERE session = ?", (session,))
            self._db.executemany("INSERT INTO waiting VALUES (?, ?, ?)", [(session, *one) for one in kept.waiting])
            answered = [(session, message) for message in kept.answered]
            self._db.executemany("INSERT OR IGNORE INTO answered (session, message) VALUES (?, ?)", answered)

    def empty(self, session: str) -> None:
        """Delete what was said; the session stays, so that the person can still be told that it is done."""
        self._delete([session], ("waiting", "answered"))
        empty_wal(self._db)

    def forget(self, session: str) -> None:
        """Delete everything about a session."""
        self._delete([session], _TABLES)
        empty_wal(self._db)

    def purge(self, now: datetime, kept: timedelta) -> bool:
        """Delete some of the sessions that were last in use longer ago than `kept`; whether there may be more."""
        about = "SELECT id FROM sessions WHERE seen < ? LIMIT ?"
        found = self._db.execute(about, (int((now - kept).timestamp()), _PURGED_AT_A_TIME)).fetchall()
        self._delete([session for (session,) in found], _TABLES)
        if len(found) == _PURGED_AT_A_TIME:
            return True
        empty_wal(self._db)
        return False

    def everything(self, session: str) -> dict[str, Any]:
        """All that is kept of a session; times in seconds since 1970."""
        about = "SELECT consented, seen, language FROM sessions WHERE id = ?"
        consented, seen, language = self._db.execute(about, (session,)).fetchone() or (None, None, None)
        answered = self._db.execute("SELECT message FROM answered WHERE session = ? ORDER BY number", (session,))
        waiting = self._db.execute("SELECT body FROM waiting WHERE session = ? ORDER BY seq", (session,))
        return {
            "consented_at": consented,
            "seen_at": seen,
            "language_wished": language,
            "waiting": [json.loads(body) for (body,) in waiting],
            "answered": [message for (message,) in answered],
        }

    def _delete(self, sessions: Sequence[str], tables: Iterable[str]) -> None:
        rows = [(session,) for session in sessions]
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            for table in tables:
                self._db.executemany(f"DELETE FROM {table} WHERE {_TABLES[table]} = ?", rows)
