import asyncio
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.shared.core.events import UserUttered
from stores import DOMAIN

from spineline.content.library import Content
from spineline.keep.notices import Notices
from spineline.server.keeping import forget, forget_asked, purge_old
from spineline.settings import Settings
from spineline.stores.tracker import ConversationStore
from spineline.turns.people import MOST_PEOPLE, People
from spineline.turns.wishes import Keeper

NOW = datetime(2030, 1, 31, tzinfo=timezone.utc)


async def _say(store: ConversationStore, sender: str, at: datetime) -> None:
    tracker = await store.get_or_create_tracker(sender)
    tracker.update(UserUttered("hello", timestamp=at.timestamp()))
    for event in tracker.events:
        event.timestamp = at.timestamp()
    await store.save(tracker)


def _keeper(store: Any, notices: Notices, content: Content) -> Keeper:
    keeper = Keeper(notices, People(), content, kept_days=30)
    keeper.agent = SimpleNamespace(tracker_store=store)
    return keeper


async def test_what_is_older_than_kept_days_is_deleted(tmp_path: Path, content: Content) -> None:
    store, notices = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/c.db"), Notices(tmp_path / "notices.db")
    keeper = _keeper(store, notices, content)
    for sender, days in (("rest:old", 31), ("rest:new", 29)):
        await _say(store, sender, NOW - timedelta(days=days))
        notices.give(sender, NOW - timedelta(days=days))
    await purge_old(keeper, lambda: NOW)
    assert list(await store.keys()) == ["rest:new"]
    assert [notices.were_given(sender) for sender in ("rest:old", "rest:new")] == [False, True]


async def test_a_purge_that_fails_is_tried_again_later(content: Content) -> None:
    await purge_old(_keeper(None, Notices(None), content), lambda: NOW)


async def test_a_running_server_forgets_what_the_command_deleted(tmp_path: Path, content: Content) -> None:
    settings = Settings(data_dir=tmp_path)
    notices = Notices(tmp_path / "notices.db")
    store = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/conversations.db")
    keeper = _keeper(store, notices, content)
    await _say(store, "rest:anna", NOW)
    keeper.tell("rest:anna", NOW)

    assert await asyncio.to_thread(forget, "rest:anna", settings) > 0
    assert (await store.retrieve("rest:anna")) is not None, "the server still remembers"
    await forget_asked(keeper, tmp_path)
    assert (await store.retrieve("rest:anna")) is None
    assert not keeper.was_told("rest:anna")
    assert not list((tmp_path / "forget").iterdir())


async def test_whoever_keeps_something_is_asked_to_forget(content: Content) -> None:
    keeper, asked = _keeper(ConversationStore(DOMAIN, "memory:"), Notices(None), content), list[str]()

    async def drop(sender: str) -> None:
        asked.append(sender)

    keeper.also.append(drop)
    await keeper.forget("web:1")
    assert asked == ["web:1"]


@pytest.mark.parametrize(("wish", "card"), [("forget", "forget_failed"), ("tell", "tell_failed")])
async def test_what_could_not_be_done_is_not_claimed(content: Content, wish: str, card: str) -> None:
    keeper = _keeper(None, Notices(None), content)
    (reply,) = await keeper.fulfil([{"text": "Done.", "metadata": {"language": "es", wish: True}}], "rest:anna")
    assert reply["text"] == content.line(card, "es")


def test_only_so_many_people_are_remembered() -> None:
    people = People()
    started = time.monotonic()
    for n in range(MOST_PEOPLE + 10):
        people.saw(f"rest:{n}", [{"text": "x", "metadata": {"language": "es"}}])
    assert len(people) == MOST_PEOPLE
    assert people.get("rest:0").language is None
    assert people.get(f"rest:{MOST_PEOPLE}").language == "es"
    assert time.monotonic() - started < 5
