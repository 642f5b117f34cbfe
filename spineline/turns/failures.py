"""What the turns do about parts that fail: note it, and go on. Nothing here ever raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from spineline.failures import Counter, note


class Failures:
    """What failed in one process; `counter` counts it."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def note(self, error: BaseException, where: str) -> None:
        """Log an error with its place and count it; `where` is the part or the channel."""
        with suppress(Exception):
            note(error, where)
        with suppress(Exception):
            self._counter.failed(error)

    @contextmanager
    def survived(self, where: str) -> Iterator[None]:
        """Do something without which people can be answered: when it raises, that is noted and all goes on."""
        try:
            yield
        except Exception as error:
            self.note(error, where)
