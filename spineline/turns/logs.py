"""What is logged: one JSON object for each event, made of names and numbers, never of what people wrote.

Libraries put texts into their messages, so of theirs only the place and the kind of error is kept.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TextIO

import structlog

from spineline.content.library import ROOT
from spineline.content.privacy import Privacy, load_privacy
from spineline.failures import place_of

_OURS = "spineline"
_KEPT = ("logger", "channel", "outcome", "intent", "card", "tier", "flag", "ms", "reason", "where", "error", "count")
_PLACE = {"at": re.compile(r"(\w+/)*\w+\.py:\d{1,5}"), "file": re.compile(r"[0-9a-f]{8}")}  # of our own making
_NAME = re.compile(r"[\w./:-]{1,80}")


class PlainFormatter(logging.Formatter):
    """A record of a library as JSON: when, who, where, which error; not its message."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        error = record.exc_info[0] if record.exc_info else None
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": "library",
            "logger": record.name,
            "where": f"{record.module}:{record.lineno}",
        }
        return json.dumps({**entry, "error": error.__name__} if error else entry)


class NamesOnly:
    """Drops everything from a log entry that is not a number or a plain name under a key that we use.

    What looks like a phone number, an e-mail or another sign of who somebody is, is no plain name.
    """

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy

    def __call__(self, _: Any, __: str, entry: MutableMapping[str, Any]) -> dict[str, Any]:
        """See structlog's processors."""
        kept = {key: entry[key] for key in ("time", "level") if key in entry}
        kept["event"] = entry["event"] if self._is_plain(entry.get("event")) else "library"
        places = {key: entry[key] for key, form in _PLACE.items() if form.fullmatch(str(entry.get(key)))}
        return {**kept, **{key: entry[key] for key in _KEPT if key in entry and self._is_plain(entry[key])}, **places}

    def _is_plain(self, value: Any) -> bool:
        if isinstance(value, str):
            return _NAME.fullmatch(value) is not None and self._privacy.redact(value) == value
        return isinstance(value, (bool, int, float))


def configure_logs(log_level: str, stream: TextIO = sys.stderr) -> None:
    """Set up all logging of this process: this level and worse of ours, warnings and worse of libraries."""
    level: int = getattr(logging, log_level)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter())
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    for logger in [logging.getLogger(name) for name in logging.root.manager.loggerDict]:
        logger.handlers.clear()
        logger.propagate = True
    sys.excepthook = _crashed
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            _only_ours,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            NamesOnly(load_privacy(ROOT / "content" / "privacy.yml")),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Printers(stream),
        cache_logger_on_first_use=False,
    )


class _Printers:
    """Makes the object that prints; it remembers for whom, so that libraries can be told apart."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, *names: str) -> _Printer:
        return _Printer(self._stream, names[0] if names else "")


class _Printer(structlog.PrintLogger):
    def __init__(self, stream: TextIO, name: str) -> None:
        super().__init__(stream)
        self.name = name

    def msg(self, message: str) -> None:
        """A log that cannot be written keeps nobody from an answer."""
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def _only_ours(printer: Any, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Rasa's structured logs carry what people wrote: their name and level are enough, and only from warnings up."""
    if getattr(printer, "name", "").startswith(_OURS):
        return entry
    if method not in ("warning", "error", "critical", "exception"):
        raise structlog.DropEvent
    return {"event": entry.get("event")}


def _crashed(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """The last words of a process that ends by an error: where it was, not what it held."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    entry = {"level": "critical", "event": "crashed", "error": kind.__name__, "where": where, "at": place_of(error)}
    sys.stderr.write(json.dumps(entry) + "\n")
