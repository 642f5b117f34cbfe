import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.shared.core.events import UserUttered
from stores import DOMAIN
from structlog.testing import capture_logs
from work import lines_run

from spineline.content.library import Content
from spineline.errors import ConfigError
from spineline.keep.notices import Notices
from spineline.server.keeping import export, forget, forget_asked, purge_old
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
    engine = SimpleNamespace(store=store)
    return Keeper(engine, notices, People(), content, kept_days=30)


async def test_what_is_older_than_kept_days_is_deleted(tmp_path: Path, content: Content) -> None:
    store, notices = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/c.db"), Notices(tmp_path / "notices.db")
    keeper = _keeper(store, notices, content)
    for sender, days in (("rest:old", 31), ("rest:new", 29)):
        await _say(store, sender, NOW - timedelta(days=days))
        notices.give(sender, NOW - timedelta(days=days))
    await purge_old(keeper, lambda: NOW)
    assert list(await store.keys()) == ["rest:new"]
    assert [notices.were_given(sender) for sender in ("rest:old", "rest:new")] == [False, True]


class Counted:
    """What the failures metric counts."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def failed(self, error: BaseException) -> None:
        self.errors.append(type(error).__name__)


async def test_a_purge_that_fails_is_counted_and_can_be_tried_again(tmp_path: Path, content: Content) -> None:
    store, notices, counted = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/c.db"), Notices(None), Counted()
    keeper = _keeper(None, notices, content)
    await purge_old(keeper, lambda: NOW, counted)
    assert counted.errors == ["AttributeError"]
    keeper.agent = SimpleNamespace(tracker_store=store)
    await _say(store, "rest:old", NOW - timedelta(days=31))
    await purge_old(keeper, lambda: NOW, counted)
    assert list(await store.keys()) == []


async def test_a_wish_that_cannot_be_read_does_not_hold_up_those_after_it(tmp_path: Path, content: Content) -> None:
    store = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/conversations.db")
    keeper, noted, counted = _keeper(store, Notices(None), content), set[str](), Counted()
    for sender in ("rest:anna", "rest:ben"):
        await _say(store, sender, NOW)
    folder = tmp_path / "forget"
    (folder / "00000000aa").mkdir(parents=True)  # a name that comes first, and no file
    (folder / "11111111bb").write_bytes(b"\xff")
    (folder / "22222222cc").write_text("rest:anna")
    (folder / "33333333dd").write_text("rest:ben")
    with capture_logs() as log:
        for _ in range(2):
            await forget_asked(keeper, tmp_path, noted, counted)
    assert list(await store.keys()) == []
    assert {path.name for path in folder.iterdir()} == {"00000000aa", "11111111bb"}
    told = [(entry["where"], entry["file"], entry["error"]) for entry in log if entry["event"] == "failed"]
    assert told == [("forget", "00000000", "IsADirectoryError"), ("forget", "11111111", "UnicodeDecodeError")]
    assert counted.errors == ["IsADirectoryError", "UnicodeDecodeError"]


@pytest.mark.parametrize("ask", [forget, export])
@pytest.mark.parametrize("is_made", [True, False], ids=["an empty folder", "no folder"])
def test_where_nothing_is_kept_nothing_is_deleted_and_nothing_made(tmp_path: Path, ask: Any, is_made: bool) -> None:
    folder = tmp_path / "var"
    if is_made:
        folder.mkdir()
    with pytest.raises(ConfigError, match=f"nothing is kept in {folder}"):
        ask("rest:anna", Settings(data_dir=folder))
    assert folder.exists() == is_made
    assert list(tmp_path.rglob("*.db")) == []


async def test_a_running_server_forgets_what_the_command_deleted(tmp_path: Path, content: Content) -> None:
    settings = Settings(data_dir=tmp_path)
    notices = Notices(tmp_path / "notices.db")
    store = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/conversations.db")
    keeper = _keeper(store, notices, content)
    await _say(store, "rest:anna", NOW)
    keeper.tell("rest:anna", NOW)

    assert await asyncio.to_thread(forget, "rest:anna", settings) > 0
    assert (await store.retrieve("rest:anna")) is not None, "the server still remembers"
    await forget_asked(keeper, tmp_path, set())
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
    people, said = People(), [{"text": "x", "metadata": {"language": "es"}}]
    first = lines_run(lambda: people.saw("rest:0", said))
    for n in range(1, MOST_PEOPLE + 9):
        people.saw(f"rest:{n}", said)
    last = lines_run(lambda: people.saw(f"rest:{MOST_PEOPLE + 9}", said))
    assert last < first + 10, "to drop one, nobody looks through all"
    assert len(people) == MOST_PEOPLE
    assert people.get("rest:0").language is None
    assert people.get(f"rest:{MOST_PEOPLE}").language == "es"
