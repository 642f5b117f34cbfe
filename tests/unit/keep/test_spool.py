"""What could not be stored waits on the disk, in order, until it is."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from spineline.keep.spool import Spool

PATIENCE_S = 30.0  # of a busy machine


def told(spool: Spool) -> list[str]:
    return [entry["text"] for entry in spool.entries]


def test_entries_are_there_after_a_restart_in_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "x.spool")
    assert [spool.put({"text": text}) for text in ("one", "two", "three")] == [True] * 3
    assert told(Spool(tmp_path / "x.spool")) == ["one", "two", "three"]
    assert stat.S_IMODE((tmp_path / "x.spool").stat().st_mode) == 0o600


def test_what_is_stored_is_gone_and_the_rest_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "x.spool")
    for name in ("one", "two", "three"):
        spool.put({"id": name, "text": name})
    spool.drop(["two"])
    assert told(spool) == told(Spool(tmp_path / "x.spool")) == ["one", "three"]
    spool.drop(["one", "three"])
    assert list(tmp_path.iterdir()) == []


def test_half_a_line_that_a_kill_left_is_no_entry(tmp_path: Path) -> None:
    Spool(tmp_path / "x.spool").put({"text": "one"})
    with (tmp_path / "x.spool").open("ab") as file:
        file.write(b'{"id": "2", "te')
    assert told(Spool(tmp_path / "x.spool")) == ["one"]


def test_what_found_no_room_is_held_and_taken_along_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path / "x.spool")

    def full(_: int) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        assert not spool.put({"text": "one"})
    assert told(spool) == ["one"]
    assert spool.put({"text": "two"})
    assert told(Spool(tmp_path / "x.spool")) == ["one", "two"]


def test_who_looks_does_not_wait_for_a_disk_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool, reached, works = Spool(tmp_path / "x.spool"), threading.Event(), threading.Event()

    def hang(_: int) -> None:
        reached.set()
        works.wait(PATIENCE_S)

    monkeypatch.setattr("os.fsync", hang)
    putting = threading.Thread(target=spool.put, args=[{"id": "1", "text": "one"}])
    putting.start()
    assert reached.wait(PATIENCE_S)
    looking = threading.Thread(target=told, args=[spool], daemon=True)
    looking.start()
    looking.join(PATIENCE_S)
    is_waiting = looking.is_alive()
    dropping = threading.Thread(target=spool.drop, args=[["1"]])
    dropping.start()
    works.set()
    for thread in (putting, dropping):
        thread.join()
    assert not is_waiting
    assert list(tmp_path.iterdir()) == []


def test_no_word_stays_in_the_file_that_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "x.spool"
    spool = Spool(path)
    spool.put({"id": "1", "text": "Xochitl"})
    with path.open("rb") as kept:  # as if the disk still had its blocks
        spool.drop(["1"])
        assert b"Xochitl" not in kept.read()


def test_without_a_path_everything_is_in_memory() -> None:
    spool = Spool(None)
    assert not spool.put({"text": "one"})
    assert told(spool) == ["one"]
