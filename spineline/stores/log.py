"""What a conversation store writes: one row for each event, in the order of the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

SESSION_STARTED = "session_started"


class Row(NamedTuple):
    """One event. `number` counts from 0 within a conversation; `timestamp` is in seconds; `data` is JSON."""

    sender_id: str
    number: int
    type_name: str
    timestamp: float
    data: str


class ConflictError(Exception):
    """Rows with these numbers are stored already: somebody else continued the same conversation."""


class EventLog(Protocol):
    """Rows by conversation. All calls block; `threads` says how many may run at once, 0 that none need a thread."""

    threads: int

    def append(self, rows: Sequence[Row]) -> None:
        """Add the rows of one turn, all or none; ConflictError when a number is taken."""

    def session(self, sender_id: str) -> list[Row]:
        """The rows since the last session began, with the one row before it."""

    def everything(self, sender_id: str) -> list[Row]:
        """All rows of a conversation."""

    def senders(self) -> list[str]:
        """Every conversation there is."""

    def delete(self, sender_id: str) -> int:
        """Remove a conversation for good and say how many rows it had."""

    def purge(self, before: float, among: Sequence[str]) -> int:
        """Remove of these conversations what ended before that time: sessions that are over, and all when it went
        quiet. The words may stay in files until `tidy`."""

    def tidy(self) -> None:
        """Take deleted words out of the files; WordsRemainError when that cannot be done now."""

    def close(self) -> None:
        """Let go of files and connections."""


class MemoryLog:
    """For tests and measurements: gone when the process ends."""

    threads = 0

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}

    def append(self, rows: Sequence[Row]) -> None:
        """See EventLog."""
        for row in rows:
            kept = self._rows.setdefault(row.sender_id, [])
            if kept and row.number <= kept[-1].number:
                raise ConflictError(row.number)
            kept.append(row)

    def session(self, sender_id: str) -> list[Row]:
        """See EventLog."""
        rows = self.everything(sender_id)
        return rows[max(0, _last_start(rows) - 1) :]

    def everything(self, sender_id: str) -> list[Row]:
        """See EventLog."""
        return list(self._rows.get(sender_id, ()))

    def senders(self) -> list[str]:
        """See EventLog."""
        return list(self._rows)

    def delete(self, sender_id: str) -> int:
        """See EventLog."""
        return len(self._rows.pop(sender_id, ()))

    def purge(self, before: float, among: Sequence[str]) -> int:
        """See EventLog."""
        removed = 0
        for sender in among:
            rows = self.everything(sender)
            if not rows or rows[-1].timestamp < before:
                removed += self.delete(sender)
                continue
            start = _last_start(rows)
            kept = [row for at, row in enumerate(rows) if at >= start or row.timestamp >= before]
            removed += len(rows) - len(kept)
            self._rows[sender] = kept
        return removed

    def tidy(self) -> None:
        """There are no files."""

    def close(self) -> None:
        """See EventLog."""
        self._rows.clear()


def _last_start(rows: Sequence[Row]) -> int:
    return max((at for at, row in enumerate(rows) if row.type_name == SESSION_STARTED), default=0)
