"""Answers that are kept and cannot be read yet: sent once, in order, by one of two."""

from __future__ import annotations

import asyncio

import pytest
from kept import FailingDatabase
from patience import let_others_run, until

from spineline.channels.messengers import ahead as ahead_module
from spineline.channels.messengers.courier import Courier
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
    database, messenger = Database(), Messenger()
    courier = _courier(database, messenger)
    await courier.post(drafts("one"))
    for _ in range(20):
        await database.read(lambda _: None)
    assert messenger.taken == []
    assert not courier._ahead._waiting
