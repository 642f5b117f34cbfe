"""What can go wrong, as one tree.

SpinelineError
 ├─ ContentError   a card, rule or clinic profile is wrong
 ├─ ConfigError    the environment or set-up is wrong
 └─ WordsRemainError   deleted words could not be taken out of a file yet
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class SpinelineError(Exception):
    """Base of all errors raised on purpose; its text says what is wrong, where, and what to do."""


class _ListedError(SpinelineError):
    """An error that reports everything found wrong at once, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class ContentError(_ListedError):
    """Something in content/, clinics/ or data/ cannot be used as it is."""


class ConfigError(_ListedError):
    """The environment or the set-up is not usable."""


class WordsRemainError(SpinelineError):
    """Rows are deleted, but their words still stand in a write-ahead file, because another program reads it.

    `again` tries to take them out once more, and deletes nothing else; what it returns may have to be awaited.
    """

    def __init__(self, again: Callable[[], Any]) -> None:
        self.again = again
        super().__init__(
            "Deleted words may still stand in a file that ends with -wal in DATA_DIR, because another program reads the"
            " database. End that program; the server tries again every minute, or run the command again."
        )
