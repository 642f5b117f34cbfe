"""What failed can be found in the log: our own last line and the kind of error, never its words."""

import asyncio
import json

import pytest
from structlog.testing import capture_logs

from spineline.failures import note, place_of
from spineline.keep.database import Database
from spineline.keep.deliveries import Deliveries, Draft

SECRET = "Ana Torres 310-555-0142"


class Counted:
    def __init__(self) -> None:
        self.errors: list[BaseException] = []

    def failed(self, error: BaseException) -> None:
        self.errors.append(error)


def caught() -> Exception:
    """An error inside a library that a line of spineline/keep/deliveries.py called."""
    deliveries = Deliveries(Database())
    try:
        asyncio.run(deliveries.put([Draft("sms", "1", SECRET, {"text": object()})], 0.0))
    except Exception as error:
        return error
    raise AssertionError("what is no JSON must fail")


def test_the_last_line_of_ours_is_named() -> None:
    path, _, line = place_of(caught()).partition(":")
    assert path == "spineline/keep/deliveries.py"
    assert line.isdecimal()


def test_an_error_of_somebody_else_has_no_place() -> None:
    with pytest.raises(ValueError, match="Expecting") as error:
        json.loads("")
    assert place_of(error.value) == ""
    assert place_of(ValueError("never raised")) == ""


def test_a_cause_tells_the_place_that_its_consequence_does_not_know() -> None:
    error = asyncio.TimeoutError()
    error.__cause__ = caught()
    assert place_of(error).startswith("spineline/keep/deliveries.py:")


def test_causes_that_go_round_in_a_circle_end() -> None:
    one, two = ValueError(), ValueError()
    one.__cause__, two.__cause__ = two, one
    assert place_of(one) == ""


@pytest.mark.parametrize("level", ["error", "warning"])
def test_a_note_is_logged_and_counted_without_words(level: str) -> None:
    counted, error = Counted(), caught()
    with capture_logs() as log:
        note(error, "links", counted, level=level)
    (entry,) = log
    assert {**entry, "at": ""} == {
        "event": "failed",
        "where": "links",
        "error": "TypeError",
        "at": "",
        "log_level": level,
    }
    assert str(entry["at"]).startswith("spineline/keep/deliveries.py:")
    assert counted.errors == [error]


def test_a_note_needs_nobody_who_counts() -> None:
    with capture_logs() as log:
        note(ValueError(SECRET), "links")
    assert log == [{"event": "failed", "where": "links", "error": "ValueError", "log_level": "error"}]
