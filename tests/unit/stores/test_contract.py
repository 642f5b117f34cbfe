"""What Rasa expects of a tracker store. The same tests run on Rasa's own stores, so they are its contract."""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction
from pathlib import Path

import pytest
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore, check_if_tracker_store_async
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from stores import DOMAIN, add, empty_postgresql, start, texts, turn

from spineline.content.library import ROOT
from spineline.stores.locks import FairLocks
from spineline.stores.recent import LiveTracker
from spineline.stores.tracker import MEMORY, ConversationStore


class Forgetful(ConversationStore):
    """Reads everything from the database, as after a restart."""

    async def retrieve(self, sender_id: str) -> LiveTracker | None:
        self._live.clear()
        return await super().retrieve(sender_id)


MAKERS: dict[str, Callable[[Path], TrackerStore]] = {
    "rasa_memory": lambda folder: InMemoryTrackerStore(DOMAIN),
    "rasa_sql": lambda folder: SQLTrackerStore(DOMAIN, db=str(folder / "rasa.db")),
    "memory": lambda folder: ConversationStore(DOMAIN, MEMORY),
    "sqlite": lambda folder: ConversationStore(DOMAIN, f"sqlite:///{folder}/spineline.db"),
    "sqlite_cold": lambda folder: Forgetful(DOMAIN, f"sqlite:///{folder}/cold.db"),
    "postgresql": lambda folder: Forgetful(DOMAIN, empty_postgresql()),
}


@pytest.fixture(params=MAKERS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TrackerStore:
    return MAKERS[request.param](tmp_path)


async def test_an_unknown_conversation_is_none(store: TrackerStore) -> None:
    assert await store.retrieve("nobody") is None
    assert await store.retrieve_full_tracker("nobody") is None
    assert not await store.exists("nobody")


async def test_a_saved_conversation_comes_back_whole(store: TrackerStore) -> None:
    tracker = add(await store.get_or_create_tracker("anna", append_action_listen=False), [*start(), *turn("¿por qué?")])
    await store.save(tracker)
    found = await store.retrieve("anna")
    assert found is not None
    kept = [e for e in tracker.events if e in found.events]
    assert [e.as_dict() for e in found.events] == [e.as_dict() for e in kept][-len(found.events) :]
    assert found.get_slot("topic_answered") == "core/why"
    assert found.latest_message is not None
    assert found.latest_message.parse_data["entities"] == [{"entity": "muscle", "value": "core"}]
    assert found.latest_action_name == "action_listen"


async def test_a_conversation_grows_turn_by_turn(store: TrackerStore) -> None:
    for n in range(3):
        tracker = await store.get_or_create_tracker("anna", append_action_listen=False)
        await store.save(add(tracker, [*(start() if n == 0 else []), *turn(f"turn {n}")]))
    assert texts(await store.retrieve("anna")) == ["turn 0", "turn 1", "turn 2"]
    assert texts(await store.retrieve_full_tracker("anna")) == ["turn 0", "turn 1", "turn 2"]


async def test_saving_twice_stores_once(store: TrackerStore) -> None:
    tracker = add(await store.get_or_create_tracker("anna"), turn("hello"))
    await store.save(tracker)
    await store.save(tracker)
    assert texts(await store.retrieve_full_tracker("anna")) == ["hello"]


async def test_a_tracker_made_elsewhere_adds_only_what_is_new(store: TrackerStore) -> None:
    events = [*start(), *turn("one")]
    await store.save(DialogueStateTracker.from_events("anna", events, DOMAIN.slots))
    stored = await store.retrieve("anna")
    assert stored is not None
    again = DialogueStateTracker.from_events("anna", [*stored.events, *turn("two")], DOMAIN.slots)
    await store.save(again)
    assert texts(await store.retrieve_full_tracker("anna")) == ["one", "two"]


async def test_retrieve_gives_the_last_session_and_the_full_tracker_all(store: TrackerStore) -> None:
    tracker = add(await store.get_or_create_tracker("anna"), [*start(), *turn("monday")])
    await store.save(tracker)
    tracker = await store.get_or_create_tracker("anna")
    await store.save(add(tracker, [*start(), *turn("friday", "hours/open")]))
    assert texts(await store.retrieve("anna")) == ["friday"]
    assert texts(await store.retrieve_full_tracker("anna")) == ["monday", "friday"]


async def test_a_created_tracker_listens(store: TrackerStore) -> None:
    tracker = await store.get_or_create_tracker("anna")
    assert tracker.latest_action_name == "action_listen"
    assert [e.type_name for e in tracker.events] == ["action"]


async def test_keys_and_exists_name_every_conversation(store: TrackerStore) -> None:
    for sender in ("anna", "rest:böb", "web:'; --"):
        await store.save(add(await store.get_or_create_tracker(sender), turn("hello")))
    assert set(await store.keys()) == {"anna", "rest:böb", "web:'; --"}
    assert await store.exists("web:'; --")


async def test_what_somebody_does_with_a_tracker_is_not_stored_before_save(store: TrackerStore) -> None:
    await store.save(add(await store.get_or_create_tracker("anna"), turn("kept")))
    half = await store.retrieve("anna")
    assert half is not None
    add(half, turn("given up", "other/topic")[:4])
    again = await store.retrieve("anna")
    assert texts(again) == ["kept"]
    assert again is not None
    assert again.get_slot("topic_answered") == "core/why"


def test_nothing_of_the_interface_is_missing_or_blocking() -> None:
    store = ConversationStore(DOMAIN, MEMORY)
    assert check_if_tracker_store_async(store)
    for name, method in vars(TrackerStore).items():
        if not name.startswith("_") and iscoroutinefunction(method):
            assert iscoroutinefunction(getattr(store, name)), name
    for name in ("save", "retrieve", "retrieve_full_tracker", "keys", "exists"):
        assert name in vars(ConversationStore), f"{name} would be inherited, and fail or be slow in silence"


def test_rasa_builds_it_from_its_class_path(tmp_path: Path) -> None:
    endpoint = EndpointConfig(f"sqlite:///{tmp_path}/x.db", type="spineline.stores.tracker.ConversationStore")
    assert type(TrackerStore.create(endpoint, DOMAIN)) is ConversationStore


def test_the_stock_way_keeps_conversations_and_order_as_our_server_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    assert type(TrackerStore.create(endpoints.tracker_store, DOMAIN)) is ConversationStore
    assert type(LockStore.create(endpoints.lock_store)) is FairLocks
    assert (tmp_path / "var/spineline.db").stat().st_mode & 0o077 == 0
