"""The website's outbox goes on while its file cannot be written, and writes everything down afterwards."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from spineline.keep.outbox import Outbox
from spineline.keep.steady_outbox import RESTS_S, SteadyOutbox

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)


class Box:
    """A steady outbox, what broke in it, and a hand on its file."""

    def __init__(self, path: Path) -> None:
        self.path, self.noted, self.now = path, list[str](), 0.0
        self.file = Outbox(path)
        self.box = SteadyOutbox(self.file, lambda error, _: self.noted.append(str(error)), lambda: self.now)
        self.box.begin("anna", NOW, "es")
        self.box.put("anna", [{"text": "before"}], "m0")

    def break_file(self, how: str) -> None:
        if how == "full":
            (pages,) = self.file._db.execute("PRAGMA page_count").fetchone()
            self.file._db.execute(f"PRAGMA max_page_count={pages}")
        elif how == "read-only":
            self.file._db.execute("PRAGMA query_only=ON")
        else:
            self.other = sqlite3.connect(self.path, isolation_level=None)
            self.other.execute("BEGIN IMMEDIATE")

    def mend_file(self, how: str) -> None:
        self.file._db.execute("PRAGMA max_page_count=1000000")
        self.file._db.execute("PRAGMA query_only=OFF")
        if how == "locked":
            self.other.execute("ROLLBACK")
        self.now += RESTS_S

    def texts(self, since: int = 0, box: SteadyOutbox | Outbox | None = None) -> list[tuple[int, str]]:
        return [(event["seq"], event["text"][:20]) for event in (box or self.box).after("anna", since)]


@pytest.fixture
def anna(tmp_path: Path) -> Box:
    return Box(tmp_path / "outbox.db")


HOW = pytest.mark.parametrize("how", ["full", "locked", "read-only"])
LONG = "x" * 20_000  # needs pages that a full file has not


@HOW
def test_answers_are_kept_and_numbered_on_while_the_file_fails(anna: Box, how: str) -> None:
    anna.break_file(how)
    assert anna.box.put("anna", [{"text": LONG}], "m1")[0]["seq"] == 2
    assert anna.box.put("anna", [{"text": LONG}], "m2")[0]["seq"] == 3
    assert [seq for seq, _ in anna.texts()] == [1, 2, 3], "what the file held is still there"
    assert [seq for seq, _ in anna.texts(since=2)] == [3]
    assert all(anna.box.was_answered("anna", message) for message in ("m0", "m1", "m2"))
    assert anna.box.knows("anna")
    assert not anna.box.knows("ben")
    assert anna.noted


@HOW
def test_everything_is_written_when_the_file_works_again(anna: Box, how: str) -> None:
    anna.break_file(how)
    anna.box.put("anna", [{"text": LONG}], "m1")
    anna.box.arrived("anna", 1)
    anna.mend_file(how)
    anna.box.see("anna", NOW)
    reopened = Outbox(anna.path)
    assert [seq for seq, _ in anna.texts(box=reopened)] == [2]
    assert reopened.was_answered("anna", "m1")
    assert reopened.consented("anna") == int(NOW.timestamp())
    assert anna.box.put("anna", [{"text": "after"}])[0]["seq"] == 3
    assert Outbox(anna.path).waiting("anna")[-1]["text"] == "after"


@HOW
def test_a_chat_can_begin_while_the_file_fails(anna: Box, how: str) -> None:
    anna.break_file(how)
    anna.box.put("anna", [{"text": LONG}], "m1")
    anna.box.begin("ben", NOW, "es")
    anna.box.purge(NOW, timedelta(hours=24))
    assert anna.box.knows("ben")
    assert anna.box.take_language("ben") == "es"
    assert anna.box.put("ben", [{"text": "hello"}])[0]["seq"] == 1


def test_a_file_that_was_locked_is_left_alone_for_a_while(anna: Box) -> None:
    anna.break_file("locked")
    for number in range(5):
        anna.box.put("anna", [{"text": "a"}], f"m{number}")
        anna.box.begin(f"person {number}", NOW, None)
    assert anna.noted == ["database is locked"], "one try, not one for each answer: each stops everybody for a moment"


class Unreadable(Outbox):
    """A file of which nothing can be read: another process keeps it to itself."""

    def __getattribute__(self, name: str) -> object:
        if name in ("knows", "put", "read", "see", "waiting", "arrived", "was_answered", "take_language", "begin"):
            raise sqlite3.OperationalError("database is locked")
        return super().__getattribute__(name)


def test_when_nothing_can_be_read_who_is_signed_is_believed_and_numbers_go_on() -> None:
    box = SteadyOutbox(Unreadable(None), lambda *_: None, lambda: 0.0)
    assert box.knows("anna")
    assert box.after("anna", 7) == []
    assert box.put("anna", [{"text": "Call 911 now."}])[0]["seq"] == 8, "the browser drops what it thinks it has"
    box.see("anna", NOW)
    assert box.take_language("anna") is None
    assert not box.was_answered("anna", "m1")


def test_who_deletes_is_told_when_nothing_could_be_deleted(anna: Box) -> None:
    anna.break_file("locked")
    for delete in (anna.box.empty, anna.box.forget):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            delete("anna")


def test_an_error_that_is_not_the_files_is_not_hidden(anna: Box) -> None:
    with pytest.raises(TypeError):
        anna.box.put("anna", [{"text": object()}])
    assert not anna.noted


def test_a_language_that_was_not_wished_is_read_without_writing(anna: Box) -> None:
    anna.box.take_language("anna")
    anna.break_file("read-only")
    assert anna.box.take_language("anna") is None
    assert not anna.noted
