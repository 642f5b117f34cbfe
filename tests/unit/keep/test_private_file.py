"""Small files that others may hold: nobody waits for them on the event loop, and nothing is claimed too early."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from spineline.errors import WordsRemainError
from spineline.keep.deliveries import Deliveries, Draft
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.keep.outbox import Outbox

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)
LONGEST_WAIT_MS = 100


def _fill_outbox(path: Path) -> tuple[Any, Callable[[], Any]]:
    outbox = Outbox(path)
    outbox.begin("Xochitl", NOW, None)
    return outbox, lambda: outbox.forget("Xochitl")


def _fill_notices(path: Path) -> tuple[Any, Callable[[], Any]]:
    notices = Notices(path)
    notices.give("Xochitl", NOW)
    return notices, lambda: notices.forget("Xochitl")


def _fill_links(path: Path) -> tuple[Any, Callable[[], Any]]:
    links = Links(path)
    links.join("Xochitl", links.offer("rest:1", 0.0), 1.0)
    return links, lambda: links.forget("Xochitl")


def _fill_deliveries(path: Path) -> tuple[Any, Callable[[], Any]]:
    deliveries = Deliveries(path)
    deliveries.put([Draft("sms", "+13105550111", "Xochitl", {"text": "a"})], 1.0)
    return deliveries, lambda: deliveries._db and deliveries.forget("Xochitl")


FILES = {"outbox": _fill_outbox, "notices": _fill_notices, "links": _fill_links, "deliveries": _fill_deliveries}
ALL = pytest.mark.parametrize("fill", FILES.values(), ids=FILES)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Callable[[], sqlite3.Connection]]:
    """Another program that begins to read the file and does not end."""
    opened: list[sqlite3.Connection] = []

    def read() -> sqlite3.Connection:
        connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        opened.append(connection)
        return connection

    yield read
    for connection in opened:
        connection.close()


def _written(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def _run(delete: Callable[[], Any]) -> None:
    done = delete()
    if done is not None:
        await done


@ALL
def test_a_locked_file_holds_up_the_event_loop_for_a_moment_only(fill: Any, tmp_path: Path) -> None:
    kept, _ = fill(tmp_path / "x.db")
    assert kept._db.execute("PRAGMA busy_timeout").fetchone()[0] <= LONGEST_WAIT_MS


@ALL
async def test_a_deletion_is_not_claimed_while_the_words_are_in_the_write_ahead_file(
    fill: Any, tmp_path: Path, reader: Callable[[], sqlite3.Connection]
) -> None:
    _, delete = fill(tmp_path / "x.db")
    other = reader()
    with pytest.raises(WordsRemainError):
        await _run(delete)
    assert b"Xochitl" in _written(tmp_path), "so the error tells the truth"
    other.close()
    await _run(delete)
    assert b"Xochitl" not in _written(tmp_path)
