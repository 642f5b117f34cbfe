"""What our tracker store does beyond Rasa's contract."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from kept import counted
from rasa.shared.core.events import ActiveLoop, SlotSet
from stores import DOMAIN, add, empty_postgresql, start, texts, turn

from spineline.errors import ConfigError, WordsRemainError
from spineline.keep.database import Database
from spineline.keep.writes import ConflictError
from spineline.stores import tracker
from spineline.stores.tracker import MEMORY, ConversationStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ConversationStore:
    return ConversationStore(DOMAIN, MEMORY if request.param == "memory" else url(tmp_path))


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/kept/conversations.db"


async def talk(store: ConversationStore, sender: str, *said: str, topic: str = "core/why") -> None:
    for text in said:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        await store.save(add(tracker, [*([] if tracker.events else start()), *turn(text, topic)]))


async def test_a_long_conversation_is_folded_and_nothing_is_lost(store: ConversationStore) -> None:
    tracker = store.init_tracker("anna")
    await store.save(add(tracker, [*start(), SlotSet("misses", 2), *turn("turn 0")]))
    await talk(store, "anna", *(f"turn {n}" for n in range(1, 60)))
    recent = await store.retrieve("anna")
    assert texts(recent) == ["turn 57", "turn 58", "turn 59"]
    assert recent is not None
    assert len(recent.events) < 25
    assert recent.get_slot("misses") == 2
    assert texts(await store.retrieve_full_tracker("anna")) == [f"turn {n}" for n in range(60)]


async def test_a_restart_changes_nothing_that_rasa_sees(tmp_path: Path) -> None:
    store = ConversationStore(DOMAIN, url(tmp_path))
    await talk(store, "anna", *(f"turn {n}" for n in range(7)))
    warm = await store.retrieve("anna")
    await store.close()
    cold = await ConversationStore(DOMAIN, url(tmp_path)).retrieve("anna")
    assert warm is not None
    assert cold is not None
    assert [e.as_dict() for e in cold.events] == [e.as_dict() for e in warm.events]
    assert cold.current_slot_values() == warm.current_slot_values()


async def test_a_copy_is_equal_and_independent(store: ConversationStore) -> None:
    await talk(store, "anna", "one", "two")
    tracker = await store.retrieve("anna")
    assert tracker is not None
    twin = tracker.copy()
    assert vars(twin).keys() == vars(tracker).keys()
    assert list(twin.events) == list(tracker.events)
    add(twin, turn("three", "other/topic"))
    assert texts(tracker) == ["one", "two"]
    assert tracker.get_slot("topic_answered") == "core/why"
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == "two"


async def test_an_open_form_is_not_folded(store: ConversationStore) -> None:
    await store.save(add(store.init_tracker("anna"), [*start(), *turn("call me"), ActiveLoop("callback_form")]))
    await talk(store, "anna", *(f"turn {n}" for n in range(6)))
    recent = await store.retrieve("anna")
    assert recent is not None
    assert recent.active_loop_name == "callback_form"
    assert len(texts(recent)) == 7


async def test_memory_is_bounded_and_the_rest_comes_from_the_log(tmp_path: Path) -> None:
    store = ConversationStore(DOMAIN, url(tmp_path), live_conversations=5)
    for n in range(12):
        await talk(store, f"person {n}", "hello", "and then")
    assert len(store._live) == 5
    assert texts(await store.retrieve("person 0")) == ["hello", "and then"]
    assert await store.count() == 12


async def test_delete_leaves_no_word_in_any_file(tmp_path: Path) -> None:
    store = ConversationStore(DOMAIN, url(tmp_path))
    await talk(store, "anna", "my name is Xochitl Quetzal", "born 1961-02-03")
    await talk(store, "ben", "hello")
    assert await store.delete("anna") == 13
    assert await store.retrieve("anna") is None
    assert not await store.exists("anna")
    written = b"".join(file.read_bytes() for file in (tmp_path / "kept").iterdir())
    assert b"Xochitl" not in written
    assert b"anna" not in written
    assert texts(await store.retrieve("ben")) == ["hello"]


async def test_a_turn_that_runs_while_its_conversation_is_deleted_is_not_stored(store: ConversationStore) -> None:
    await talk(store, "anna", "hello")
    running = await store.retrieve("anna")
    assert running is not None
    await store.delete("anna")
    await store.save(add(running, turn("delete my data")))
    assert await store.export("anna") == []
    await talk(store, "anna", "hello again")
    assert texts(await store.retrieve_full_tracker("anna")) == ["hello again"]


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(url(tmp_path) if request.param == "sqlite" else empty_postgresql())
    yield database
    await database.close()


async def _held(database: Database) -> threading.Event:
    """What is done from here on waits for this."""
    may_go_on = threading.Event()
    database._thread.submit(may_go_on.wait, 30)
    return may_go_on


async def test_what_is_deleted_while_it_is_read_does_not_come_back(database: Database) -> None:
    store = ConversationStore(DOMAIN, database=database)
    await talk(store, "anna", "my secret")
    store._live.clear()
    gate = await _held(database)
    reading = asyncio.ensure_future(store.retrieve("anna"))
    await asyncio.sleep(0)
    deleting = asyncio.ensure_future(store.delete("anna"))
    await asyncio.sleep(0)
    gate.set()
    await deleting
    assert await reading is None
    assert await store.retrieve("anna") is None
    await talk(store, "anna", "hello again")
    assert texts(await store.retrieve_full_tracker("anna")) == ["hello again"]


async def test_a_turn_that_began_before_another_process_deleted_its_conversation_is_not_stored(
    database: Database,
) -> None:
    store = ConversationStore(DOMAIN, database=database)
    other = ConversationStore(DOMAIN, database=Database(database.url.render_as_string(hide_password=False)))
    await talk(store, "anna", "my secret")
    running = await store.retrieve("anna")
    assert running is not None
    await other.delete("anna")
    with pytest.raises(ConflictError):
        await store.save(add(running, turn("and then")))
    assert await store.export("anna") == []
    assert await store.retrieve("anna") is None
    await other.close()


async def test_memory_is_not_believed_when_another_process_went_on(database: Database) -> None:
    store = ConversationStore(DOMAIN, database=database)
    other = ConversationStore(DOMAIN, database=Database(database.url.render_as_string(hide_password=False)))
    await talk(store, "anna", "one")
    await talk(other, "anna", "two")
    assert texts(await store.retrieve("anna")) == ["one", "two"]
    await talk(store, "anna", "three")
    assert texts(await other.retrieve("anna")) == ["one", "two", "three"]
    await other.delete("anna")
    assert await store.retrieve("anna") is None
    await other.close()


async def test_who_comes_back_costs_one_row(database: Database) -> None:
    store = ConversationStore(DOMAIN, database=database)
    await talk(store, "anna", *(f"turn {n}" for n in range(30)))
    store._live.clear()
    with counted(database) as statements:
        assert texts(await store.retrieve("anna")) == ["turn 27", "turn 28", "turn 29"]
    assert len([one for one in statements if "FROM" in one]) == 1


async def test_a_deletion_is_not_claimed_while_another_program_keeps_the_words_in_a_file(tmp_path: Path) -> None:
    store = ConversationStore(DOMAIN, url(tmp_path))
    await talk(store, "anna", "my name is Xochitl Quetzal")
    other = sqlite3.connect(tmp_path / "kept/conversations.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM conversation_events").fetchone()
    with pytest.raises(WordsRemainError, match="another program reads") as raised:
        await store.delete("anna")
    assert await store.retrieve("anna") is None
    other.close()
    await raised.value.again()
    assert b"Xochitl" not in b"".join(file.read_bytes() for file in (tmp_path / "kept").iterdir())


async def test_a_purge_lets_others_write_in_between(store: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "PURGED_AT_A_TIME", 2)
    for n in range(5):
        await talk(store, f"person {n}", "hello")
    purged = list[Sequence[str]]()
    purge = tracker.log.purge
    monkeypatch.setattr(
        tracker.log,
        "purge",
        lambda connection, before, among: purged.append(among) or purge(connection, before, among),
    )
    assert await store.purge(datetime.now(timezone.utc) + timedelta(days=1)) >= 5
    assert sorted(map(len, purged)) == [1, 2, 2]
    assert list(await store.keys()) == []


async def test_export_is_every_event_in_order(store: ConversationStore) -> None:
    await talk(store, "anna", "¿por qué?")
    exported = await store.export("anna")
    assert [e["event"] for e in exported][-5:] == ["user", "action", "bot", "slot", "action"]
    assert json.loads(json.dumps(exported))[3]["text"] == "¿por qué?"


async def test_purge_forgets_quiet_conversations_and_sessions_that_are_over(store: ConversationStore) -> None:
    now = datetime.now(timezone.utc)
    old = (now - timedelta(days=31)).timestamp()
    for sender in ("quiet", "active"):
        tracker = add(store.init_tracker(sender), [*start(), *turn("long ago")])
        for event in tracker.events:
            event.timestamp = old
        await store.save(tracker)
    await store.save(add(await store.get_or_create_tracker("active"), [*start(), *turn("today")]))
    assert await store.purge(now - timedelta(days=30)) >= 15
    assert list(await store.keys()) == ["active"]
    assert texts(await store.retrieve_full_tracker("active")) == ["today"]
    assert await store.retrieve("quiet") is None
    await talk(store, "active", "and now")
    assert texts(await store.retrieve_full_tracker("active")) == ["today", "and now"]


async def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    store = ConversationStore(DOMAIN, url(tmp_path))
    await talk(store, "anna", "hello")
    modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / "kept").iterdir()}
    assert set(modes) == {"conversations.db", "conversations.db-wal", "conversations.db-shm"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match=r"kept/conversations\.db: cannot be used"):
        ConversationStore(DOMAIN, url(tmp_path))
    with pytest.raises(ConfigError, match=r"postgresql://user:\*\*\*@"):
        ConversationStore(DOMAIN, "postgresql://user:secret@127.0.0.1:1/none")


async def test_events_go_to_a_broker_once(store: ConversationStore) -> None:
    published: list[Any] = []
    store.event_broker = type("Broker", (), {"publish": published.append})()
    await talk(store, "anna", "one", "two")
    assert [e["text"] for e in published if e["event"] == "user"] == ["one", "two"]
    assert {e["sender_id"] for e in published} == {"anna"}


async def test_many_people_at_once_are_kept_apart(store: ConversationStore) -> None:
    await asyncio.gather(*(talk(store, f"person {n}", *(f"{n}-{m}" for m in range(4))) for n in range(20)))
    for n in range(20):
        assert texts(await store.retrieve_full_tracker(f"person {n}")) == [f"{n}-{m}" for m in range(4)]
