"""One database, whatever happens to it: all or nothing, in order, once."""

from __future__ import annotations

import asyncio
import sqlite3
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from kept import count, kept_in, run_sql
from patience import LONG_S
from stores import empty_postgresql

from spineline.errors import ConfigError
from spineline.keep import database as database_module
from spineline.keep.backup import backup
from spineline.keep.database import Database, Kept
from spineline.keep.tables import METADATA
from spineline.keep.writes import ConflictError, RepeatedError, Write, write
from spineline.settings import DATABASE_FILE, Settings
from spineline.stores.events import delete

ANNA = Write("notices", [{"sender": "anna", "told": 1}])


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "memory":
        return Database()
    return kept_in(tmp_path) if request.param == "sqlite" else Database(empty_postgresql())


async def _told(database: Database) -> list[tuple[Any, ...]]:
    return await database.read(
        lambda connection: [tuple(row) for row in connection.execute(sa.select(METADATA.tables["notices"]))]
    )


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    def differences(connection: Any) -> list[Any]:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
        return [one for one in found if not any(name in str(one) for name in ("alembic_version", "sqlite_sequence"))]

    assert database.read_now(differences) == []


async def test_all_is_written_or_nothing(database: Database) -> None:
    await database.commit([ANNA])
    with pytest.raises(ConflictError):
        await database.commit([Write("notices", [{"sender": "ben", "told": 2}]), ANNA])
    assert await _told(database) == [("anna", 1)]


async def test_each_way_to_write_does_what_it_says(database: Database) -> None:
    await database.commit([ANNA])
    await database.commit([ANNA._replace(how="once", rows=[{"sender": "anna", "told": 2}])])
    assert await _told(database) == [("anna", 1)]
    await database.commit([ANNA._replace(how="put", rows=[{"sender": "anna", "told": 3}])])
    assert await _told(database) == [("anna", 3)]
    await database.commit([ANNA._replace(how="change", rows=[{"sender": "anna", "told": 4}])])
    assert await _told(database) == [("anna", 4)]
    await database.commit([ANNA._replace(how="must", rows=[{"sender": "anna"}])])
    await database.commit([ANNA._replace(how="remove", rows=[{"sender": "anna"}])])
    assert await _told(database) == []
    with pytest.raises(ConflictError):
        await database.commit([ANNA._replace(how="must", rows=[{"sender": "anna"}])])


async def test_what_follows_the_first_is_written_once(database: Database) -> None:
    mark = Write("spooled", [{"id": "turn", "at": 1.0}], "first")
    for _ in range(2):
        await database.commit([mark, ANNA])
    assert await _told(database) == [("anna", 1)]


async def test_what_has_its_answer_gets_no_other_and_nothing_beside_it_is_written(database: Database) -> None:
    seen = Write("seen", [{"channel": "sms", "message": "1", "at": 1.0}], "new")
    await database.commit([seen])
    with pytest.raises(RepeatedError):
        await database.commit([ANNA, seen])
    assert await _told(database) == []


async def test_what_waits_for_the_database_is_not_written_when_it_has_its_answer_by_then(tmp_path: Path) -> None:
    database, other = kept_in(tmp_path), kept_in(tmp_path)
    seen = Write("seen", [{"channel": "sms", "message": "1", "at": 1.0}], "new")
    await run_sql(database, "PRAGMA query_only=ON")
    assert await database.commit([ANNA, seen]) is Kept.SPOOLED
    await other.commit([seen])
    await run_sql(database, "PRAGMA query_only=OFF")
    database._rests_until = 0.0
    await database.commit([Write("notices", [{"sender": "ben", "told": 3}])])
    assert await _told(database) == [("ben", 3)]
    assert len(database.spool) == 0


async def test_on_postgresql_nobody_goes_on_with_a_conversation_that_is_held() -> None:
    address = empty_postgresql()
    one, other = Database(address), Database(address)
    hold = Write("conversation_events", [{"sender_id": "rest:anna"}], "hold")
    is_held, may_end = threading.Event(), threading.Event()

    def work(connection: Any) -> None:
        write(connection, [hold])
        is_held.set()
        assert may_end.wait(LONG_S)

    holding = asyncio.ensure_future(one.do(work))
    await asyncio.get_running_loop().run_in_executor(None, is_held.wait, LONG_S)
    late = asyncio.ensure_future(other.commit([hold, ANNA]))
    elsewhere = Database(address)
    await elsewhere.commit([hold._replace(rows=[{"sender_id": "rest:ben"}])])
    await asyncio.sleep(0.2)  # it would be written by now
    assert not late.done(), "another conversation is not held"
    may_end.set()
    await asyncio.wait_for(asyncio.gather(holding, late), LONG_S)
    assert await _told(other) == [("anna", 1)]


async def test_on_postgresql_a_turn_that_comes_during_a_deletion_is_not_stored() -> None:
    address = empty_postgresql()
    one, other = Database(address), Database(address)
    hold = Write("conversation_events", [{"sender_id": "rest:anna"}], "hold")
    event = {"sender_id": "rest:anna", "number": 0, "type_name": "user", "timestamp": 1.0, "data": "{}"}
    await one.commit([hold, Write("conversation_events", [event])])
    is_deleting, may_end = threading.Event(), threading.Event()

    def work(connection: Any) -> None:
        delete(connection, "rest:anna")
        is_deleting.set()
        assert may_end.wait(LONG_S)

    deleting = asyncio.ensure_future(one.do(work))
    await asyncio.get_running_loop().run_in_executor(None, is_deleting.wait, LONG_S)
    must = Write("conversation_events", [{"sender_id": "rest:anna", "number": 0}], "must")
    late = asyncio.ensure_future(other.commit([hold, must, Write("conversation_events", [{**event, "number": 1}])]))
    await asyncio.sleep(0.2)  # it would be written by now
    may_end.set()
    with pytest.raises(ConflictError):
        await asyncio.wait_for(late, LONG_S)
    await deleting
    assert await count(other, "conversation_events") == [0]


async def test_what_could_not_be_written_is_written_in_order_when_the_database_is_back(tmp_path: Path) -> None:
    database = kept_in(tmp_path)
    await run_sql(database, "PRAGMA query_only=ON")
    assert await database.commit([ANNA]) is Kept.SPOOLED
    assert await database.commit([ANNA._replace(how="put", rows=[{"sender": "anna", "told": 2}])]) is Kept.SPOOLED
    assert await _told(database) == []
    await run_sql(database, "PRAGMA query_only=OFF")
    database._rests_until = 0.0
    assert await database.commit([Write("notices", [{"sender": "ben", "told": 3}])]) is Kept.STORED
    assert await _told(database) == [("anna", 2), ("ben", 3)]
    assert not (tmp_path / "writes.spool").exists()


async def test_while_another_process_holds_the_database_nobody_waits_for_long_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    database = kept_in(tmp_path)
    other = sqlite3.connect(tmp_path / "spineline.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    kept = [await asyncio.wait_for(database.commit([ANNA._replace(how="once")]), 30) for _ in range(3)]
    assert kept == [Kept.SPOOLED] * 3
    other.execute("ROLLBACK")
    await database.close()
    assert await count(kept_in(tmp_path), "notices") == [1]


async def test_a_file_that_was_deleted_is_missed_and_the_one_in_its_place_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would go on in the deleted file, and nobody would know until the next start."""
    monkeypatch.setattr(database_module, "RESTS_S", 0.0)
    database, failed = kept_in(tmp_path), list[str]()
    database.note = lambda error, _: failed.append(type(error).__name__)
    await database.commit([ANNA])
    backup(Settings(data_dir=tmp_path), tmp_path / "copy.tar")
    (tmp_path / DATABASE_FILE).unlink()
    ben = Write("notices", [{"sender": "ben", "told": 2}])
    assert await database.commit([ben]) is Kept.SPOOLED
    assert failed == ["FileNotFoundError"]
    assert not (tmp_path / DATABASE_FILE).exists(), "nobody begins an empty one"
    with tarfile.open(tmp_path / "copy.tar") as copy:
        copy.extract(DATABASE_FILE, tmp_path)
    assert await database.commit([Write("notices", [{"sender": "cleo", "told": 3}])]) is Kept.STORED
    assert await _told(database) == [("anna", 1), ("ben", 2), ("cleo", 3)]


async def test_what_is_wrong_in_itself_does_not_wait_for_better_times(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        await database.do(lambda connection: connection.exec_driver_sql("SELECT nonsense FROM nowhere"))
    assert len(database.spool) == 0


async def test_it_is_noticed_that_another_process_has_written(tmp_path: Path) -> None:
    database, other = kept_in(tmp_path), kept_in(tmp_path)
    await database.commit([ANNA])
    before = await database.read(lambda _: database.others)
    await database.commit([ANNA._replace(how="once")])
    assert await database.read(lambda _: database.others) == before, "its own writes do not count"
    await other.commit([Write("notices", [{"sender": "ben", "told": 2}])])
    assert await database.read(lambda _: database.others) == before + 1


def test_a_place_that_cannot_be_used_is_named_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"file/x\.db: cannot be used"):
        Database(f"sqlite:///{tmp_path}/file/x.db")
    with pytest.raises(ConfigError, match=r"postgresql://user:\*\*\*@.*Check DATABASE_URL"):
        Database("postgresql://user:secret@127.0.0.1:1/none")
