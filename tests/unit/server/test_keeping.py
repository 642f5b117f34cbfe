import asyncio
import json
import sqlite3
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_rasa import FakeRasa
from faulty import make_turns as turns_alone
from kept import count, kept_in, written
from patience import LONG_S, without_hanging
from rasa.shared.core.events import UserUttered
from replies import says
from sqlalchemy.exc import OperationalError
from stores import DOMAIN

from spineline.channels.web import channel
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT, Content
from spineline.errors import ConfigError, WordsRemainError
from spineline.keep.database import Database
from spineline.keep.deliveries import Deliveries, Draft
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.keep.outbox import Outbox
from spineline.keep.persons import OF_LAPSED_SESSION, OF_NOBODY, OF_SENDER, OF_SESSION, OF_TIES, STAYS, forget_person
from spineline.keep.serving import Serving
from spineline.keep.sessions import Sessions
from spineline.keep.tables import METADATA
from spineline.keep.writes import Write
from spineline.server import keeping
from spineline.server.app import Parts
from spineline.server.application import make_application
from spineline.server.keeping import export, forget, keep_tidy, learn_counts, purge_old, share_counts, store_left
from spineline.settings import DATABASE_FILE, Settings
from spineline.stores.tracker import ConversationStore
from spineline.turns import wishes
from spineline.turns.people import People
from spineline.turns.turns import make_turns
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
    keeper = Keeper(engine, notices, People(), content, kept_days=30)
    keeper.also.append(partial(forget_person, notices._database))
    return keeper


async def test_what_is_older_than_kept_days_is_deleted(tmp_path: Path, content: Content) -> None:
    store, notices = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/c.db"), Notices()
    keeper = _keeper(store, notices, content)
    for sender, days in (("rest:old", 31), ("rest:new", 29)):
        await _say(store, sender, NOW - timedelta(days=days))
        await notices.give(sender, NOW - timedelta(days=days))
    await purge_old(keeper, lambda: NOW)
    assert list(await store.keys()) == ["rest:new"]
    assert [await notices.were_given(sender) for sender in ("rest:old", "rest:new")] == [False, True]


class Counted:
    """What the failures metric counts."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def failed(self, error: BaseException) -> None:
        self.errors.append(type(error).__name__)


async def test_a_purge_that_fails_is_counted_and_can_be_tried_again(tmp_path: Path, content: Content) -> None:
    store, notices, counted = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/c.db"), Notices(), Counted()
    keeper = _keeper(None, notices, content)
    await purge_old(keeper, lambda: NOW, counted)
    assert counted.errors == ["AttributeError"]
    keeper._engine = SimpleNamespace(store=store)
    await _say(store, "rest:old", NOW - timedelta(days=31))
    await purge_old(keeper, lambda: NOW, counted)
    assert list(await store.keys()) == []


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


async def test_a_running_server_forgets_within_half_a_second_what_the_command_deleted(
    tmp_path: Path, content: Content
) -> None:
    database, serving = kept_in(tmp_path), Serving(tmp_path)
    store = ConversationStore(DOMAIN, database=database)
    keeper = _keeper(store, Notices(database), content)
    outbox = Outbox(database)
    await outbox.begin("1", NOW, None)
    dropped = asyncio.Event()

    async def drop(_: str) -> None:
        dropped.set()

    keeper.also += [_site(outbox, content).forget, drop]
    await _say(store, "web:1", NOW)
    await database.commit([keeper.tell("web:1", NOW)])
    tidying = asyncio.ensure_future(keep_tidy(keeper, database, lambda: NOW))
    assert await asyncio.to_thread(forget, "web:1", Settings(data_dir=tmp_path)) > 0
    await asyncio.wait_for(dropped.wait(), LONG_S)
    tidying.cancel()
    assert "web:1" not in keeper._people._people
    assert not await outbox.knows("1")
    assert await store.retrieve("web:1") is None
    assert not await keeper.was_told("web:1")
    assert keeping.LOOK_EVERY_S < 0.5
    serving.close()


async def test_who_was_told_by_an_earlier_process_is_not_told_again_while_the_database_is_slow(
    tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_slow(*_: object) -> bool:
        raise asyncio.TimeoutError

    notices = Notices(kept_in(tmp_path))
    await notices.give("rest:anna", NOW)
    keeper = _keeper(None, notices, content)
    await keeper.recall()
    monkeypatch.setattr(notices, "were_given", too_slow)
    assert [await keeper.was_told(sender) for sender in ("rest:anna", "rest:ben")] == [True, False]


async def test_whoever_keeps_something_is_asked_to_forget(content: Content) -> None:
    keeper, asked = _keeper(ConversationStore(DOMAIN, "memory:"), Notices(), content), list[str]()

    async def drop(sender: str) -> None:
        asked.append(sender)

    keeper.also.append(drop)
    await keeper.forget("web:1")
    assert asked == ["web:1"]


@pytest.mark.parametrize(("wish", "card"), [("forget", "forget_failed"), ("tell", "tell_failed")])
async def test_what_could_not_be_done_is_not_claimed(content: Content, wish: str, card: str) -> None:
    keeper = _keeper(None, Notices(), content)
    (reply,) = await keeper.fulfil([says("Done.", "es", wish=wish)], "rest:anna")
    assert reply.text == content.line(card, "es")


async def test_one_file_that_fails_does_not_keep_the_rest_from_being_deleted(content: Content) -> None:
    store, notices = ConversationStore(DOMAIN, "memory:"), Notices()
    keeper, asked = _keeper(store, notices, content), list[str]()
    await _say(store, "web:1", NOW - timedelta(days=31))
    await notices._database.commit([keeper.tell("web:1", NOW)])

    async def fail(_: str) -> None:
        raise OSError("disk is full")

    async def drop(sender: str) -> None:
        asked.append(sender)

    async def fail_too(_: datetime) -> bool:
        raise OSError("disk is full")

    keeper.also += [fail, drop]
    keeper.also_old.append(fail_too)
    with pytest.raises(OSError, match="disk is full"):
        await keeper.purge(NOW - timedelta(days=30))
    assert list(await store.keys()) == []
    with pytest.raises(OSError, match="disk is full"):
        await keeper.forget("web:1")
    assert asked == ["web:1"]
    assert not await notices.were_given("web:1")


async def test_a_locked_file_is_tried_again(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wishes, "AGAIN_S", (0, 0))
    keeper, tries = _keeper(ConversationStore(DOMAIN, "memory:"), Notices(), content), list[str]()

    async def held(sender: str) -> None:
        tries.append(sender)
        if len(tries) < 3:
            raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))

    keeper.also.append(held)
    await keeper.forget("web:1")
    assert tries == ["web:1"] * 3
    assert not keeper.is_unfinished


async def test_words_that_stay_in_a_file_are_taken_out_again_and_nothing_newer_is_deleted(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wishes, "AGAIN_S", (0, 0))
    keeper, done = _keeper(ConversationStore(DOMAIN, "memory:"), Notices(), content), list[str]()

    def tidy() -> None:
        done.append("tidied")
        if len(done) < 3:
            raise WordsRemainError(tidy)

    async def forget(_: str) -> None:
        done.append("deleted")
        raise WordsRemainError(tidy)

    keeper.also.append(forget)
    await keeper.forget("web:1")
    assert done == ["deleted", "tidied", "tidied"]
    assert not keeper.is_unfinished


@pytest.mark.parametrize("language", ["en", "es"])
async def test_who_asks_is_told_when_words_may_still_stand_in_a_file_until_they_are_gone(
    content: Content, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(wishes, "AGAIN_S", ())
    keeper, held = _keeper(ConversationStore(DOMAIN, "memory:"), Notices(), content), [True]

    async def forget(_: str) -> None:
        if held[0]:
            raise WordsRemainError(lambda: None)

    keeper.also.append(forget)
    done = [says("Done.", language, wish="forget")]
    assert (await keeper.fulfil(done, "web:1"))[0].text == content.line("forget_failed", language)
    assert keeper.is_unfinished, "so that it is tried again before the next hour"
    held[0] = False
    await keeper.purge(NOW)
    assert not keeper.is_unfinished


async def test_words_that_stay_in_a_file_are_tried_again_before_the_next_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LOOK_EVERY_S", 0)
    monkeypatch.setattr(keeping, "TIDY_AGAIN_S", 0)
    keeper, purged = SimpleNamespace(is_unfinished=True, kept_days=30), asyncio.Queue[datetime]()

    async def purge(older_than: datetime) -> int:
        purged.put_nowait(older_than)
        return 0

    keeper.purge = purge
    tidying = asyncio.ensure_future(keep_tidy(keeper, Database(), lambda: NOW))  # type: ignore[arg-type]
    for _ in range(3):
        assert await asyncio.wait_for(purged.get(), 30) == NOW - timedelta(days=30)
    tidying.cancel()


async def test_lapsed_chats_of_the_website_go_on_a_quiet_site_and_others_get_their_turn_meanwhile(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox, keeper = Outbox(), _keeper(ConversationStore(DOMAIN, "memory:"), Notices(), content)
    site = _site(outbox, content)
    monkeypatch.setattr(channel, "_now", lambda: NOW)
    keeper.also_old.append(site.purge)
    for number in range(1000):
        await outbox.begin(f"lapsed{number}", NOW - timedelta(hours=25), None)
    await outbox.begin("anna", NOW - timedelta(hours=23), None)
    purging, turns_of_others = asyncio.ensure_future(keeper.purge(NOW - timedelta(days=30))), 0
    while not purging.done():
        await asyncio.sleep(0)
        turns_of_others += 1
    assert [await outbox.knows(session) for session in ("lapsed0", "lapsed999", "anna")] == [False, False, True]
    assert turns_of_others >= 5


async def test_a_chat_that_begins_does_not_pay_for_those_that_have_lapsed(content: Content) -> None:
    outbox = Outbox()
    site = _site(outbox, content)
    await outbox.begin("lapsed", NOW - timedelta(days=9999), None)
    await site._begin({"consent": True})
    assert await outbox.knows("lapsed"), "the keeper deletes it, off the request"


def _site(outbox: Outbox, content: Content) -> channel.WebChannel:
    turns = turns_alone(content)
    widget = load_widget(ROOT, content)
    return channel.WebChannel(Sessions(b"s", "web"), outbox, widget, channel.Origins(), turns.keeper.forget, turns)


async def _fill(folder: Path) -> None:
    """A connected web chat and telephone, and whatever else is kept of them."""
    database = kept_in(folder)
    outbox, deliveries = Outbox(database), Deliveries(database)
    await outbox.begin("1f0c", NOW, "es")
    await outbox.put("1f0c", [{"text": "Xochitl on the page"}], message="m-000001")
    await deliveries.put([Draft("sms", "+13105550111", "sms:5f2c", {"text": "Xochitl by text"})], 7.0)
    await deliveries.opt_out("sms:5f2c", 8.0)
    links, notices = Links(database), Notices(database)
    await links.join("sms:5f2c", await links.offer("web:1f0c", 9.0), 9.0)
    await links.offer("web:1f0c", 10.0)
    await notices.give("sms:5f2c", NOW)
    await database.commit([Write("counters", [{"name": "session", "sender": "web:1f0c", "count": 60, "until": 11.0}])])
    await database.close()


def test_an_export_holds_all_that_is_kept_of_every_connected_chat(tmp_path: Path) -> None:
    asyncio.run(_fill(tmp_path))
    found = json.loads(export("web:1f0c", Settings(data_dir=tmp_path)))
    at = int(NOW.timestamp())
    assert found["connected"] == ["sms:5f2c"]
    website = found["website"]
    assert website.pop("answered") == ["m-000001"]
    assert website == {
        "consented_at": at,
        "seen_at": at,
        "language_wished": "es",
        "waiting": [{"text": "Xochitl on the page", "seq": 1}],
    }
    assert found["limits"] == [{"name": "session", "sender": "web:1f0c", "count": 60, "until": 11.0}]
    assert found["links"] == {"goes_on_in": "web:1f0c", "used_at": None, "code_until": 610.0}
    waiting = {"to": "+13105550111", "answer": {"text": "Xochitl by text"}, "put": 7.0, "tries": 0}
    assert found["chats"]["sms:5f2c"] == {
        "notice_given_at": at,
        "links": {"goes_on_in": "web:1f0c", "used_at": 9.0, "code_until": None},
        "website": None,
        "messenger": {"waiting": [waiting], "opted_out_at": 8.0},
        "rest": [],
        "turns": [],
        "limits": [],
    }


def test_to_forget_leaves_nothing_but_the_wish_to_get_no_messages(tmp_path: Path) -> None:
    asyncio.run(_fill(tmp_path))
    settings = Settings(data_dir=tmp_path)
    forget("web:1f0c", settings)
    found = written(tmp_path)
    assert b"Xochitl" not in found
    assert b"1f0c" not in found
    assert b"sms:5f2c" in found, "the opt-out protects the person"
    assert json.loads(export("sms:5f2c", settings))["messenger"] == {"waiting": [], "opted_out_at": 8.0}


def test_the_command_says_when_words_may_still_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wishes, "AGAIN_S", (0,))
    settings = Settings(data_dir=tmp_path)
    asyncio.run(_fill(tmp_path))
    backup = sqlite3.connect(tmp_path / DATABASE_FILE, isolation_level=None)
    backup.execute("BEGIN")
    backup.execute("SELECT count(*) FROM conversation_events").fetchone()
    with pytest.raises(WordsRemainError, match="End that program"):
        forget("web:1f0c", settings)
    backup.close()
    forget("web:1f0c", settings)
    assert b"Xochitl" not in written(tmp_path)


def test_every_table_is_somebodys_and_so_deleted_and_exported_or_says_why_not() -> None:
    known = {*OF_SENDER, *OF_SESSION, *OF_LAPSED_SESSION, *OF_TIES, *STAYS, *OF_NOBODY}
    assert known == set(METADATA.tables.values())


async def test_what_an_earlier_process_could_not_store_is_stored_before_anybody_is_answered(
    tmp_path: Path, content: Content
) -> None:
    """Somebody who repeats a message right after a restart is told the same, not asked a second time."""
    settings = Settings(data_dir=tmp_path)
    killed = FakeRasa(content, kept_in(tmp_path))
    killed.record = _hangs  # type: ignore[method-assign]
    turns = make_turns(content, settings, killed, kept_in(tmp_path))
    turns.limits.is_stopping = True  # refused, but in danger: answered at once, and stored later
    assert await turns.answer("numb between my legs and I cannot pee", "rest:anna", "rest")

    database = kept_in(tmp_path)
    engine = FakeRasa(content, database)
    again = make_turns(content, settings, engine, database)
    application = make_application(settings, again, [], begin=partial(store_left, again))
    to_server, from_server = asyncio.Queue[Any](), asyncio.Queue[Any]()
    serving = asyncio.ensure_future(application.asgi({"type": "lifespan"}, to_server.get, from_server.put))
    to_server.put_nowait({"type": "lifespan.startup"})
    assert (await from_server.get())["type"] == "lifespan.startup.complete"
    assert list(await engine.tracker_store.keys()) == ["rest:anna"]
    to_server.put_nowait({"type": "lifespan.shutdown"})
    await serving


async def _hangs(*_: Any) -> None:
    await asyncio.Event().wait()


async def _one_count_is_kept(database: Database) -> None:
    while await count(database, "counters") != [1]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_a_server_tells_the_next_one_what_its_limits_have_counted(
    tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SHARE_EVERY_S", 0.01)
    settings = Settings(data_dir=tmp_path, rate_per_session="4/minute")
    before = make_turns(content, settings, FakeRasa(content, database := kept_in(tmp_path)), database)
    for _ in range(4):
        assert before.limits.refuse("rest:anna") is None
    sharing = asyncio.ensure_future(share_counts(before))
    await without_hanging(_one_count_is_kept(database))
    sharing.cancel()
    await database.close()
    after = make_turns(content, settings, FakeRasa(content, database := kept_in(tmp_path)), database)
    await learn_counts(after)
    assert after.limits.refuse("rest:anna")


async def test_counts_that_cannot_be_told_stop_neither_the_telling_nor_the_limits(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SHARE_EVERY_S", 0.01)
    monkeypatch.setattr(keeping, "SHARE_AGAIN_S", 0.01)
    turns = turns_alone(content, rate_per_session="4/minute")
    told, tried = turns.counting.share, asyncio.Event()

    async def fail() -> None:
        tried.set()
        turns.counting.share = told  # type: ignore[method-assign]
        raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))

    turns.counting.share = fail  # type: ignore[method-assign]
    for _ in range(4):
        assert turns.limits.refuse("rest:anna") is None
    sharing = asyncio.ensure_future(share_counts(turns))
    await asyncio.wait_for(tried.wait(), LONG_S)
    assert turns.limits.refuse("rest:anna")
    await without_hanging(_one_count_is_kept(turns.database))
    sharing.cancel()


async def test_a_server_that_stops_tells_what_it_has_counted_last(tmp_path: Path, content: Content) -> None:
    settings = Settings(data_dir=tmp_path, rate_per_session="4/minute")
    turns = make_turns(content, settings, FakeRasa(content, database := kept_in(tmp_path)), database)
    for _ in range(4):
        turns.limits.refuse("rest:anna")
    await Parts(turns, None).stop()
    assert await count(kept_in(tmp_path), "counters") == [1]
