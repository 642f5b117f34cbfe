"""Answers that are kept and cannot be read yet: sent once, in order, by one of two."""

from __future__ import annotations

import asyncio
import threading

import pytest
from kept import FailingDatabase
from patience import LONG_S, NEVER_S, SHORT_S, let_others_run, until

from spineline.channels.messengers import ahead as ahead_module
from spineline.channels.messengers.courier import Courier, UnreachableError
from spineline.keep import database as database_module
from spineline.keep.database import Database
from spineline.keep.deliveries import Deliveries, Draft
from spineline.turns.metrics import Metrics


def drafts(*texts: str) -> list[Draft]:
    return [Draft("telegram", "1", "telegram:someone", {"text": text}) for text in texts]


class Messenger:
    """Takes messages when it is up."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.is_up = True

    async def send(self, draft: Draft) -> None:
        if not self.is_up:
            raise ConnectionError
        self.taken.append(draft.body["text"])


def _courier(database: Database, messenger: Messenger) -> Courier:
    courier = Courier(Deliveries(database), Metrics(), waits_s=(0.02,))
    courier.carry("telegram", messenger.send)
    return courier


@pytest.mark.parametrize("is_up", [True, False], ids=["the messenger is up", "and the messenger is down"])
async def test_while_the_database_is_away_answers_are_sent_and_not_again_when_it_is_back(is_up: bool) -> None:
    database, messenger = FailingDatabase(), Messenger()
    courier, said = _courier(database, messenger), drafts("one", "two")
    database.error, messenger.is_up = "database is locked", is_up
    await courier.post(said)
    if is_up:
        await until(lambda: len(messenger.taken) == 2)
    await let_others_run()
    database.error, database._rests_until, messenger.is_up = "", 0.0, True
    running = asyncio.ensure_future(courier.run("telegram"))
    await until(lambda: len(messenger.taken) == 2)
    await courier.post(drafts("three"))
    await until(lambda: "three" in messenger.taken)
    assert messenger.taken == ["one", "two", "three"]
    running.cancel()


async def test_what_can_be_read_is_left_to_whoever_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may stand behind another message to the same person."""
    monkeypatch.setattr(ahead_module, "AHEAD_S", 0.0)
    monkeypatch.setattr("spineline.keep.deliveries.QUICK_S", LONG_S)
    messenger = Messenger()
    courier = _courier(Database(), messenger)
    await courier.post(drafts("one"))
    await until(lambda: not courier._ahead._waiting)
    assert messenger.taken == []


async def test_what_was_read_and_sent_before_it_was_expected_is_not_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody who already reads is sometimes faster than whoever kept it."""
    monkeypatch.setattr(ahead_module, "AHEAD_S", 0.0)
    messenger, said = Messenger(), drafts("one", "two")
    courier = _courier(Database(), messenger)
    await courier.deliveries.put(said, 0.0)
    running = asyncio.ensure_future(courier.run("telegram"))
    await until(lambda: len(messenger.taken) == 2)
    courier.wake(said)
    await until(lambda: not courier._ahead._waiting)
    await let_others_run()
    assert messenger.taken == ["one", "two"]
    running.cancel()


async def test_what_was_read_while_it_was_looked_for_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead_module, "AHEAD_S", 0.0)
    messenger, is_sent, looked = Messenger(), asyncio.Event(), list[str]()
    courier = _courier(Database(), messenger)

    async def too_late(draft: Draft) -> bool:
        looked.append(draft.body["text"])
        await is_sent.wait()
        return False

    monkeypatch.setattr(courier.deliveries, "can_read", too_late)
    await courier.post(drafts("one"))
    await until(lambda: looked)
    running = asyncio.ensure_future(courier.run("telegram"))
    await until(lambda: messenger.taken)
    is_sent.set()
    await let_others_run()
    assert messenger.taken == ["one"]
    running.cancel()


async def test_nothing_overtakes_what_was_left_to_whoever_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is only slow is no reason to mix up what somebody is told."""
    monkeypatch.setattr(ahead_module, "AHEAD_S", 0.0)
    database, messenger = Database(), Messenger()
    courier = _courier(database, messenger)

    async def cannot(_: Draft) -> bool:
        return False

    monkeypatch.setattr(courier.deliveries, "can_read", cannot)
    messenger.is_up = False
    await courier.post(drafts("one"))
    await until(lambda: not courier._ahead._waiting)
    messenger.is_up = True
    await courier.post(drafts("two"))
    await until(lambda: not courier._ahead._waiting)
    assert messenger.taken == []
    running = asyncio.ensure_future(courier.run("telegram"))
    await until(lambda: len(messenger.taken) == 2)
    assert messenger.taken == ["one", "two"]
    await until(lambda: not courier._ahead._left)
    running.cancel()


@pytest.mark.hangs
async def test_while_the_database_hangs_nobody_waits_for_what_was_left_to_whoever_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else an alarm would wait until a greeting can be read."""
    monkeypatch.setattr(ahead_module, "AHEAD_S", 0.0)
    monkeypatch.setattr(database_module, "HANGS_S", NEVER_S)
    database, messenger, gate = Database(), Messenger(), threading.Event()
    courier, (late,) = _courier(database, messenger), drafts("two")
    messenger.is_up = False
    await courier.deliveries.put(drafts("one"), 0.0)
    courier.wake(drafts("one"))
    await until(lambda: not courier._ahead._waiting)
    messenger.is_up = True
    database._thread.submit(gate.wait, LONG_S)
    courier.wake([late])
    await until(lambda: messenger.taken)
    assert messenger.taken == ["two"]
    gate.set()
    running = asyncio.ensure_future(courier.run("telegram"))
    await until(lambda: len(messenger.taken) == 2)
    running.cancel()


async def test_nothing_follows_what_a_kill_would_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent is gone from the database before the same person is sent more: a kill repeats one message."""
    monkeypatch.setattr(ahead_module, "AHEAD_S", 0.0)
    monkeypatch.setattr(ahead_module, "SETTLES_S", NEVER_S)
    database, messenger, others = Database(), Messenger(), list[str]()
    courier = _courier(database, messenger)

    async def cannot(_: Draft) -> bool:
        return False

    async def send(draft: Draft) -> None:
        if draft.recipient == "2":
            others.append(draft.body["text"])
        else:
            await messenger.send(draft)

    courier.carry("telegram", send)
    monkeypatch.setattr(courier.deliveries, "can_read", cannot)
    await courier.post(drafts("one", "two"))
    await courier.post(drafts("three"))
    await courier.post([Draft("telegram", "2", "telegram:other", {"text": "four"})])
    await until(lambda: messenger.taken and others)
    await let_others_run()
    assert (messenger.taken, others) == (["one"], ["four"])
    running = asyncio.ensure_future(courier.run("telegram"))
    await until(lambda: len(messenger.taken) == 3)
    await let_others_run()
    assert messenger.taken == ["one", "two", "three"]
    await until(lambda: not courier._ahead._open)
    running.cancel()


async def test_a_database_that_hangs_does_not_hold_up_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead_module, "AHEAD_S", 0.0)
    monkeypatch.setattr(ahead_module, "SETTLES_S", SHORT_S)
    messenger = Messenger()
    courier = _courier(Database(), messenger)

    async def cannot(_: Draft) -> bool:
        return False

    monkeypatch.setattr(courier.deliveries, "can_read", cannot)
    await courier.post(drafts("one", "two"))
    await courier.post(drafts("three"))
    await until(lambda: len(messenger.taken) == 3)
    assert messenger.taken == ["one", "two", "three"]


async def test_what_is_sent_ahead_waits_for_what_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead_module, "AHEAD_S", 0.0)
    database, taken, is_up, begun = Database(), list[str](), asyncio.Event(), list[str]()
    courier = _courier(database, Messenger())

    async def slowly(draft: Draft) -> None:
        begun.append(draft.body["text"])
        await is_up.wait()
        taken.append(draft.body["text"])

    async def cannot(_: Draft) -> bool:
        return False

    courier.carry("telegram", slowly)
    await courier.deliveries.put(drafts("one"), 0.0)
    running = asyncio.ensure_future(courier.run("telegram"))
    await until(lambda: begun)
    monkeypatch.setattr(courier.deliveries, "can_read", cannot)
    await courier.post(drafts("two"))
    await let_others_run()
    assert begun == ["one"]
    is_up.set()
    await until(lambda: len(taken) == 2)
    assert taken == ["one", "two"]
    running.cancel()


async def test_who_cannot_be_reached_is_not_tried_again() -> None:
    database, tried = FailingDatabase(), list[str]()
    courier = _courier(database, Messenger())

    async def send(draft: Draft) -> None:
        tried.append(draft.body["text"])
        raise UnreachableError

    courier.carry("telegram", send)
    database.error = "database is locked"
    await courier.post(drafts("one"))
    await until(lambda: tried)
    database.error, database._rests_until = "", 0.0
    running = asyncio.ensure_future(courier.run("telegram"))
    await courier.post(drafts("two"))
    await until(lambda: "two" in tried)
    assert tried == ["one", "two"]
    running.cancel()
