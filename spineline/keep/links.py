"""Which chats are one conversation because their person said so, and the one-time codes with which they say it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any

from spineline.keep.private_file import empty_wal, open_private

LETTERS = "3479BCDFGHJKMNPQRSTVWXYZ"  # none looks like another, and without vowels they make no words
CODE_LENGTH = 8
CODE_LASTS_S = 600.0
_SEEN_EVERY_S = 86_400.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS codes (conversation TEXT PRIMARY KEY, digest TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS aliases (sender TEXT PRIMARY KEY, conversation TEXT NOT NULL, used REAL NOT NULL);
CREATE INDEX IF NOT EXISTS aliases_of ON aliases (conversation);
"""


class Joined(Enum):
    """What came of a code."""

    YES = auto()
    OWN = auto()
    NO = auto()


class Links:
    """One small SQLite file that only its owner can read; without a path in memory. Times are seconds since 1970.

    A chat that was never joined to another is its own conversation; a conversation that others go on in is never
    itself joined to a third, because then all of its chats go there.

    Args:
        secret: codes are kept only as hashes keyed with it.
    """

    def __init__(self, path: Path | None, secret: bytes = b"") -> None:
        self._secret = secret
        self._db = open_private(path, _SCHEMA)

    def conversation_of(self, sender: str) -> str:
        """The name of the conversation that goes on in this chat."""
        row = self._db.execute("SELECT conversation FROM aliases WHERE sender = ?", (sender,)).fetchone()
        return str(row[0]) if row else sender

    def together(self, sender: str) -> tuple[str, ...]:
        """Every chat of the conversation, this one too; the first gave the conversation its name."""
        conversation = self.conversation_of(sender)
        rows = self._db.execute("SELECT sender FROM aliases WHERE conversation = ? ORDER BY sender", (conversation,))
        return (conversation, *(str(other) for (other,) in rows))

    def offer(self, sender: str, now: float) -> str:
        """A new code for this conversation, good for CODE_LASTS_S; the one before is good no more."""
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        self._drop_expired(now)
        self._db.execute(
            "INSERT OR REPLACE INTO codes VALUES (?, ?, ?)",
            (self.conversation_of(sender), self._digest(code), now + CODE_LASTS_S),
        )
        return code

    def join(self, sender: str, code: str, now: float) -> Joined:
        """Go on in the conversation that the code was made in, with all chats of this one; a code is good once."""
        self._drop_expired(now)
        row = self._db.execute("SELECT conversation FROM codes WHERE digest = ?", (self._digest(code),)).fetchone()
        if not row:
            return Joined.NO
        before = self.conversation_of(sender)
        if row[0] == before:
            return Joined.OWN
        self._move(before, str(row[0]), now)
        return Joined.YES

    def _move(self, before: str, conversation: str, now: float) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            self._db.execute("DELETE FROM codes WHERE conversation IN (?, ?)", (before, conversation))
            self._db.execute("UPDATE aliases SET conversation = ? WHERE conversation = ?", (conversation, before))
            self._db.execute("INSERT INTO aliases VALUES (?, ?, ?)", (before, conversation, now))

    def leave(self, sender: str) -> bool:
        """Let this chat go on alone; the others stay together unless it gave the conversation its name. False when it
        was alone."""
        conversation = self.conversation_of(sender)
        self._db.execute("DELETE FROM codes WHERE conversation = ?", (conversation,))
        left = self._db.execute("DELETE FROM aliases WHERE sender = ? OR conversation = ?", (sender, sender))
        return left.rowcount > 0

    def see(self, sender: str, now: float) -> None:
        """Note that a joined chat is in use, to the day."""
        self._db.execute(
            "UPDATE aliases SET used = ? WHERE sender = ? AND used < ?", (now, sender, now - _SEEN_EVERY_S)
        )

    def forget(self, sender: str) -> None:
        """Delete the conversation's codes and every tie between its chats."""
        conversation = self.conversation_of(sender)
        self._db.execute("DELETE FROM codes WHERE conversation = ?", (conversation,))
        self._db.execute("DELETE FROM aliases WHERE conversation = ?", (conversation,))
        empty_wal(self._db)

    def purge(self, older_than: datetime) -> None:
        """Delete ties that were last in use before that time, and codes of that age."""
        before = older_than.timestamp()
        self._db.execute("DELETE FROM aliases WHERE used < ?", (before,))
        self._drop_expired(before)
        empty_wal(self._db)

    def everything(self, sender: str) -> dict[str, Any]:
        """All that is kept of a chat beside its conversation; times in seconds since 1970."""
        used = self._db.execute("SELECT used FROM aliases WHERE sender = ?", (sender,)).fetchone()
        code = self._db.execute("SELECT expires FROM codes WHERE conversation = ?", (sender,)).fetchone()
        return {"goes_on_in": self.conversation_of(sender), "used_at": used and used[0], "code_until": code and code[0]}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _drop_expired(self, now: float) -> None:
        self._db.execute("DELETE FROM codes WHERE expires <= ?", (now,))

    def _digest(self, code: str) -> str:
        return hmac.new(self._secret, code.encode(), hashlib.sha256).hexdigest()
