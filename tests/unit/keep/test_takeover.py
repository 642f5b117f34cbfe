"""The files of earlier versions become one database, once, and are gone then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from first_version import first_version
from kept import count
from stores import empty_postgresql

from spineline.errors import ConfigError
from spineline.keep.takeover import old_files, open_database
from spineline.settings import Settings

KEPT = (
    *("conversation_events", "notices", "links", "link_codes", "web_sessions", "web_waiting", "web_answered"),
    *("opted_out", "outgoing", "seen"),
)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_every_row_is_taken_over_once_and_the_old_files_are_gone(tmp_path: Path, kind: str) -> None:
    first_version(tmp_path)
    url = Settings(data_dir=tmp_path).database if kind == "sqlite" else empty_postgresql()
    counts = []
    for _ in range(2):
        database = open_database(url, tmp_path)
        counts.append(await count(database, *KEPT))
        await database.close()
    assert counts[0] == counts[1]
    assert min(counts[0]) > 0, dict(zip(KEPT, counts[0]))
    assert old_files(tmp_path) == []
    assert set(os.listdir(tmp_path)) == ({"spineline.db", "secret"} if kind == "sqlite" else {"secret"})


async def test_what_a_crash_left_half_done_is_done_again(tmp_path: Path) -> None:
    first_version(tmp_path)
    before = (tmp_path / "links.db").read_bytes()
    await open_database(Settings(data_dir=tmp_path).database, tmp_path).close()
    (tmp_path / "links.db").write_bytes(before)
    database = open_database(Settings(data_dir=tmp_path).database, tmp_path)
    assert await count(database, "links") == [1]
    assert old_files(tmp_path) == []


def test_a_damaged_file_is_named_and_nothing_is_deleted(tmp_path: Path) -> None:
    first_version(tmp_path)
    (tmp_path / "deliveries.db").write_bytes(b"no database " * 1000)
    with pytest.raises(ConfigError, match=r"deliveries\.db: cannot be used"):
        open_database(Settings(data_dir=tmp_path).database, tmp_path)
    assert (tmp_path / "deliveries.db").is_file()
