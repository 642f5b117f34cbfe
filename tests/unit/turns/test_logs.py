import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from spineline.content.library import load_content
from spineline.turns.logs import configure_logs

SECRET = "Ana Torres 310-555-0142"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level, structlog.get_config()
    configure_logs("DEBUG", stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    structlog.configure(**before[2])


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_our_events_are_names_and_numbers(log: io.StringIO) -> None:
    more = {"text": SECRET, "where": SECRET, "sender": "a"}
    structlog.get_logger("spineline.turns").info("turn", intent="ask_core", ms=12, **more)
    (entry,) = lines(log)
    assert {key: entry[key] for key in ("event", "intent", "ms", "level")} == {
        "event": "turn",
        "intent": "ask_core",
        "ms": 12,
        "level": "info",
    }
    assert set(entry) == {"event", "intent", "ms", "level", "time"}


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
def test_nothing_that_a_library_says_gets_into_the_log(log: io.StringIO, level: str) -> None:
    getattr(logging.getLogger("rasa.core.processor"), level)(f"Received {SECRET} %s", SECRET)
    getattr(structlog.get_logger(), level)("processor.message.parse", text=SECRET, rasa_text=SECRET)
    getattr(structlog.get_logger("rasa"), level)(SECRET, x=SECRET)
    assert "Torres" not in log.getvalue()
    assert "0142" not in log.getvalue()


def test_an_error_is_named_but_not_told(log: io.StringIO) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("sanic.error").exception("Exception occurred while handling %s", SECRET)
        structlog.get_logger("spineline.x").exception("failed", error=SECRET)
    first, second = lines(log)
    assert first["error"] == "ValueError"
    assert str(first["where"]).startswith("test_logs:")
    assert second["event"] == "failed"
    assert "Torres" not in log.getvalue()


def test_a_phone_number_is_no_name(log: io.StringIO) -> None:
    structlog.get_logger("spineline.x").info("turn", reason="310-555-0142", intent="ask_core")
    assert "0142" not in log.getvalue()


def test_where_a_failure_was_is_kept(log: io.StringIO) -> None:
    structlog.get_logger("spineline.x").error("failed", at="spineline/channels/wishes.py:99", file="0a1b2c3d")
    (entry,) = lines(log)
    assert (entry["at"], entry["file"]) == ("spineline/channels/wishes.py:99", "0a1b2c3d")


@pytest.mark.parametrize("said", [SECRET, "310-555-0142", "ana@example.org", "ana.py", "Ana.py:310-555-0142", 5, None])
def test_nothing_else_passes_for_a_place(log: io.StringIO, said: object) -> None:
    structlog.get_logger("spineline.x").error("failed", at=said, file=said)
    (entry,) = lines(log)
    assert not {"at", "file"} & set(entry)


def test_a_crash_names_our_line(log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        load_content(Path(SECRET), "example")
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)
    entry = json.loads(capsys.readouterr().err)
    assert entry["event"] == "crashed"
    assert entry["at"].startswith("spineline/")
    assert "Torres" not in str(entry)


@pytest.mark.parametrize("level", ["info", "warning", "error"])
def test_a_log_on_a_full_disk_keeps_nobody_from_an_answer(log: io.StringIO, level: str) -> None:
    def full(_: str) -> int:
        raise OSError(28, "No space left on device")

    log.write = full  # type: ignore[method-assign, assignment]
    getattr(structlog.get_logger("spineline.failures"), level)("failed", where="texts")
