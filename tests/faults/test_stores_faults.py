"""No turn that was answered is lost, and none is stored twice, whatever happens to the process or the disk."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from kept import kept_in, run_sql
from patience import LONG_S, let_others_run, without_hanging
from stores import DOMAIN, add, empty_postgresql, start, texts, turn

from spineline.content.library import ROOT
from spineline.keep.database import Database
from spineline.keep.writes import ConflictError, Write, hold, write
from spineline.stores.events import delete
from spineline.stores.log import rows_of
from spineline.stores.tracker import ConversationStore

TALKER = """
import asyncio, sys
from spineline.stores.tracker import ConversationStore
from stores import DOMAIN, add, turn

async def main():
    store = ConversationStore(DOMAIN, sys.argv[1])
    for n in range(10_000):
        tracker = await store.get_or_create_tracker(f"person {n % 3}")
        await store.save(add(tracker, turn(f"turn {n}")))
        print(n, flush=True)

asyncio.run(main())
"""


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/conversations.db"


async def _say(store: ConversationStore, sender: str, text: str) -> None:
    await store.save(add(await store.get_or_create_tracker(sender, append_action_listen=False), turn(text)))


def test_kill_9_loses_no_answered_turn_and_doubles_none(tmp_path: Path, address: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests/support")}
    command = [sys.executable, "-W", "ignore", "-c", TALKER, address]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    answered = [int(process.stdout.readline()) for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    answered += [int(line) for line in process.stdout.read().split()]
    process.wait()
    asyncio.run(_check(ConversationStore(DOMAIN, address), answered))


async def _check(store: ConversationStore, answered: Sequence[int]) -> None:
    kept: Counter[str] = Counter()
    for sender in await store.keys():
        kept.update(texts(await store.retrieve_full_tracker(sender)))
    assert set(kept) >= {f"turn {n}" for n in answered}
    assert set(kept.values()) == {1}
    for sender in await store.keys():
        types = [event["event"] for event in await store.export(sender)]
        assert len(types) % 5 == 1, "half a turn was stored"
        assert types[-5:] == ["user", "action", "bot", "slot", "action"]


async def test_while_nothing_can_be_written_the_conversation_goes_on_and_is_written_later(address: str) -> None:
    store = ConversationStore(DOMAIN, address)
    await _say(store, "anna", "one")
    await run_sql(store.database, "PRAGMA query_only=ON")
    for text in ("two", "three"):
        await _say(store, "anna", text)
    assert texts(await store.retrieve("anna")) == ["one", "two", "three"]
    await run_sql(store.database, "PRAGMA query_only=OFF")
    await _say(store, "ben", "hello")
    await store.close()
    assert texts(await ConversationStore(DOMAIN, address).retrieve_full_tracker("anna")) == ["one", "two", "three"]


async def test_a_full_disk_stores_no_part_of_a_turn(address: str) -> None:
    store = ConversationStore(DOMAIN, address)
    await _say(store, "anna", "one")
    await run_sql(store.database, "PRAGMA max_page_count=1")
    await _say(store, "anna", "two " * 20_000)
    assert texts(await ConversationStore(DOMAIN, address).retrieve("anna")) == ["one"]


async def test_what_could_not_be_written_is_written_once_and_in_order_after_a_kill(tmp_path: Path) -> None:
    database = kept_in(tmp_path)
    store = ConversationStore(DOMAIN, database=database)
    await _say(store, "anna", "one")
    await run_sql(database, "PRAGMA query_only=ON")
    for text in ("two", "three"):
        await _say(store, "anna", text)
    (spooled := tmp_path / "spooled").write_bytes((tmp_path / "writes.spool").read_bytes())
    for _ in range(2):  # the second time as if it had been killed before the spool was wiped
        (tmp_path / "writes.spool").write_bytes(spooled.read_bytes())
        again = ConversationStore(DOMAIN, database=kept_in(tmp_path))
        assert texts(await again.retrieve_full_tracker("anna")) == ["one", "two", "three"]
        assert not (tmp_path / "writes.spool").exists()
        await again.close()


async def test_a_turn_given_up_while_it_is_written_is_whole(address: str) -> None:
    store = ConversationStore(DOMAIN, address)
    await _say(store, "anna", "one")
    tracker = await store.retrieve("anna")
    assert tracker is not None
    task = asyncio.ensure_future(store.save(add(tracker, turn("two"))))
    await asyncio.sleep(0)
    task.cancel()
    assert texts(await store.retrieve("anna")) == ["one", "two"]
    await _say(store, "anna", "three")
    assert texts(await store.retrieve_full_tracker("anna")) == ["one", "two", "three"]


async def test_two_processes_on_one_conversation_do_not_double_it(address: str) -> None:
    first, second = ConversationStore(DOMAIN, address), ConversationStore(DOMAIN, address)
    await first.save(add(first.init_tracker("anna"), [*start(), *turn("one")]))
    stale, fresh = await first.retrieve("anna"), await second.retrieve("anna")
    assert stale is not None
    assert fresh is not None
    await second.save(add(fresh, turn("two")))
    with pytest.raises(ConflictError):
        await first.save(add(stale, turn("also two")))
    assert texts(await first.retrieve("anna")) == ["one", "two"]


@pytest.mark.parametrize("meanwhile", ["another process goes on with it", "another process deletes it"])
async def test_on_postgresql_a_turn_waits_for_its_conversation_before_it_looks_whether_it_is_the_newest(
    meanwhile: str,
) -> None:
    """By the lock and not by luck: PostgreSQL itself is asked who waits for it."""
    address = empty_postgresql()
    store, other, watching = ConversationStore(DOMAIN, address), Database(address), Database(address)
    await _say(store, "anna", "one")
    tracker = await store.retrieve("anna")
    assert tracker is not None
    rows = [row._asdict() for row in rows_of("anna", tracker.next_number, turn("also two"))]
    with other._engine.begin() as connection:
        hold(connection, "anna")
        saving = asyncio.ensure_future(store.save(add(tracker, turn("two"))))
        for _ in range(round(LONG_S / 0.01)):
            if saving.done() or await watching.read(_is_waited_for):
                break
            await asyncio.sleep(0.01)
        assert not saving.done(), "it did not wait"
        if meanwhile == "another process deletes it":
            delete(connection, "anna")
        else:
            write(connection, [Write("conversation_events", rows)])
    with pytest.raises(ConflictError):
        await without_hanging(saving)
    left = [] if meanwhile == "another process deletes it" else ["one", "also two"]
    assert texts(await store.retrieve_full_tracker("anna")) == left
    for database in (store.database, other, watching):
        await database.close()


def _is_waited_for(connection: Any) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (%s)"
    here = "SELECT oid FROM pg_database WHERE datname = current_database()"
    return bool(connection.exec_driver_sql(waiting % here).scalar())


async def test_a_slow_database_does_not_stop_the_event_loop(address: str) -> None:
    store, gate = ConversationStore(DOMAIN, address), threading.Event()
    store.database._thread.submit(gate.wait, LONG_S)
    saving = asyncio.ensure_future(_say(store, "anna", "one"))
    await let_others_run()
    assert not saving.done(), "the loop runs while the database works"
    gate.set()
    await saving
