"""Writes down that something of ours failed, so that it can be found: which error, in which line, never its text."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from structlog import get_logger

_ROOT = Path(__file__).resolve().parent.parent
_OURS = tuple(str(_ROOT / folder) + "/" for folder in ("spineline", "actions"))

_NAME = "spineline.failures"


class Counter(Protocol):
    """Whoever counts failures: the server's numbers for Prometheus."""

    def failed(self, error: BaseException) -> None:
        """One more."""


def note(
    error: BaseException, where: str, counter: Counter | None = None, *, level: str = "error", file: str | None = None
) -> None:
    """Log an error that was caught, and count it.

    Args:
        where: the part that goes on without what failed, in one word, such as "links".
        counter: given wherever there is one.
        level: "warning" when somebody else failed, such as a messenger that is down.
        file: the first characters of the name of a file that is to blame, when its name says nothing about people.
    """
    if counter:
        counter.failed(error)
    more = {key: value for key, value in (("at", place_of(error)), ("file", file)) if value}
    getattr(get_logger(_NAME), level)("failed", where=where, error=type(error).__name__, **more)


def place_of(error: BaseException) -> str:
    """The innermost line of ours that was running, "spineline/keep/links.py:42"; empty when there was none.

    A deadline that is over knows no line of ours, but its cause does: the one that was waiting.
    """
    seen: BaseException | None = error
    for _ in range(5):  # causes of causes
        if seen is None:
            break
        if found := _last_of_ours(seen):
            return found
        seen = seen.__cause__ or seen.__context__
    return ""


def _last_of_ours(error: BaseException) -> str:
    found, trace = "", error.__traceback__
    while trace:
        path = trace.tb_frame.f_code.co_filename
        if path.startswith(_OURS):
            found = f"{path[len(str(_ROOT)) + 1 :]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
