"""Whether the file of a database is still the one that was opened: SQLite goes on in a deleted one and says nothing."""

from __future__ import annotations

import os

from sqlalchemy.engine.url import URL


class SameFile:
    """Looks after one file; a database without a file is always the same.

    Args:
        url: of a database that is there.
    """

    def __init__(self, url: URL) -> None:
        self._path = url.database if url.get_backend_name() == "sqlite" else None
        self._seen = self._identity()

    def was_replaced(self) -> bool:
        """Whether another file stands in its place since the last look; FileNotFoundError when there is none."""
        seen, self._seen = self._seen, self._identity()
        return seen != self._seen

    def _identity(self) -> tuple[int, int] | None:
        if not self._path:
            return None
        found = os.stat(self._path)
        return found.st_dev, found.st_ino
