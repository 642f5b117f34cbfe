"""What the messengers must not lose: answers until they are sent, which messages were answered, and who wants none.

Only our own words are kept here, never what a person wrote, and each only until it is delivered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from spineline.keep.private_file import empty_wal, open_private

_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (
    channel TEXT NOT NULL, message TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (channel, message)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outgoing (
    number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, recipient TEXT NOT NULL, sender TEXT NOT NULL,
    body TEXT NOT NULL, put REAL NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS outgoing_order ON outgoing (channel, recipient, number);
CREATE TABLE IF NOT EXISTS opted_out (sender TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Draft:
    """Something to say on a messenger.

    Args:
        channel: a name of `spineline.turns.shape.CHANNELS`.
        recipient: the address that the messenger knows; gone as soon as the message is sent.
        sender: the person's pseudonym.
        body: what the channel needs for sending, ready for JSON.
    """

    channel: str
    recipient: str
    sender: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Outgoing:
    """A draft that waits to be sent. Times are seconds since 1970."""

    number: int
    draft: Draft
    put: float
    due: float
    tries: int


class Deliveries:
    """One small SQLite file that only its owner can read; survives a restart. Without a path in memory."""

    def __init__(self, path: Path | None) -> None:
        self._db = open_private(path, _SCHEMA)

    def was_seen(self, channel: str, message: str) -> bool:
        """Whether this message was answered; it is then not answered again."""
        found = self._db.execute("SELECT 1 FROM seen WHERE channel = ? AND message = ?", (channel, message))
        return found.fetchone() is not None

    def finish(self, channel: str, message: str, drafts: Sequence[Draft], now: float) -> None:
        """Note that a message is answered and keep the answers for sending, all or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (channel, message, now))
            self._put(drafts, now)

    def put(self, drafts: Sequence[Draft], now: float) -> None:
        """Keep messages for sending, all or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._put(drafts, now)

    def _put(self, drafts: Sequence[Draft], now: float) -> None:
        rows = [(d.channel, d.recipient, d.sender, json.dumps(d.body), now, now) for d in drafts]
        columns = "channel, recipient, sender, body, put, due"
        self._db.executemany(f"INSERT INTO outgoing ({columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)

    def waiting(self, channel: str, most: int) -> list[Outgoing]:
        """What to send next, the most urgent first; of each recipient only one, so that the order stays."""
        rows = self._db.execute(
            "SELECT number, recipient, sender, body, put, due, tries FROM outgoing o WHERE channel = ? "
            "AND NOT EXISTS (SELECT 1 FROM outgoing e "
            "WHERE e.channel = o.channel AND e.recipient = o.recipient AND e.number < o.number) "
            "ORDER BY due, number LIMIT ?",
            (channel, most),
        )
        return [Outgoing(n, Draft(channel, to, who, json.loads(body)), *times) for n, to, who, body, *times in rows]

    def done(self, number: int) -> None:
        """It is sent, or can never be."""
        self._db.execute("DELETE FROM outgoing WHERE number = ?", (number,))

    def postpone(self, number: int, until: float) -> None:
        """It could not be sent."""
        self._db.execute("UPDATE outgoing SET due = ?, tries = tries + 1 WHERE number = ?", (until, number))

    def opt_out(self, sender: str, now: float) -> None:
        """The person wants no more messages."""
        self._db.execute("INSERT OR IGNORE INTO opted_out VALUES (?, ?)", (sender, now))

    def opt_in(self, sender: str) -> None:
        """The person wants messages again."""
        self._db.execute("DELETE FROM opted_out WHERE sender = ?", (sender,))

    def has_opted_out(self, sender: str) -> bool:
        """Whether the person wants no messages."""
        return self._db.execute("SELECT 1 FROM opted_out WHERE sender = ?", (sender,)).fetchone() is not None

    async def forget(self, sender: str) -> None:
        """Delete what waits for somebody. A wish to get no messages stays: it protects the person."""
        self._db.execute("DELETE FROM outgoing WHERE sender = ?", (sender,))
        empty_wal(self._db)

    def purge(self, older_than: datetime) -> None:
        """Delete what recognises messages from before that time, and what could not be sent since then."""
        before = older_than.timestamp()
        self._db.execute("DELETE FROM seen WHERE at < ?", (before,))
        self._db.execute("DELETE FROM outgoing WHERE put < ?", (before,))
        empty_wal(self._db)

    def everything(self, sender: str) -> dict[str, Any]:
        """All that is kept of somebody; times in seconds since 1970."""
        about = "SELECT recipient, body, put, tries FROM outgoing WHERE sender = ? ORDER BY number"
        rows = self._db.execute(about, (sender,)).fetchall()
        opted = self._db.execute("SELECT at FROM opted_out WHERE sender = ?", (sender,)).fetchone()
        waiting = [{"to": to, "answer": json.loads(body), "put": put, "tries": tries} for to, body, put, tries in rows]
        return {"waiting": waiting, "opted_out_at": opted[0] if opted else None}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
