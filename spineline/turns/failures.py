"""Notes what went wrong behind the channel: one log line with its place, and one more in the numbers. Never raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import structlog

from spineline.turns.metrics import Metrics

_OURS = Path(__file__).parent.parent


class Failures:
    """What failed in one process.

    Args:
        metrics: counts them.
        name: whose log lines these are.
    """

    def __init__(self, metrics: Metrics, name: str) -> None:
        self._metrics, self._logger = metrics, structlog.get_logger(name)

    def note(self, error: BaseException, where: str) -> None:
        """Log and count an error; `where` is the part or the channel."""
        with suppress(Exception):
            self._logger.error("failed", where=where, at=place_of(error), error=type(error).__name__)
        with suppress(Exception):
            self._metrics.failed(error)

    @contextmanager
    def survived(self, where: str) -> Iterator[None]:
        """Do something without which people can be answered: when it raises, that is noted and all goes on."""
        try:
            yield
        except Exception as error:
            self.note(error, where)


def place_of(error: BaseException) -> str:
    """File and line of ours where an error came from, or where it arose when none of ours is on the way."""
    places = list(_places(error.__traceback__))
    ours = [place for place, is_ours in places if is_ours]
    return (ours or [place for place, _ in places] or [""])[-1]


def _places(trace: Any) -> Iterator[tuple[str, bool]]:
    while trace:
        path = Path(trace.tb_frame.f_code.co_filename)
        yield f"{path.name}:{trace.tb_lineno}", _OURS in path.parents
        trace = trace.tb_next
