"""A language switched to in the chat window travels with the next message, until a turn has taken it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from spineline.channels.web.wish import ask_with_wish
from spineline.keep.outbox import Outbox
from spineline.turns.turns import OnMessage

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=timezone.utc)
SAID = [{"text": "Here."}]


class Rasa:
    """Notes what comes with each message, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.fails = False

    async def handle(self, message: UserMessage) -> None:
        if self.fails:
            raise RuntimeError
        self.told.append(message.metadata)


@pytest.fixture
def rasa() -> Rasa:
    return Rasa()


@pytest.fixture
def outbox() -> Outbox:
    outbox = Outbox(None)
    outbox.begin("anna", NOW, "es")
    return outbox


async def say(outbox: Outbox, rasa: Rasa) -> list[dict[str, Any]]:
    async def ask(on_message: OnMessage) -> list[dict[str, Any]]:
        await on_message(UserMessage("1", metadata={"too_long": False}))
        return SAID

    return await ask_with_wish(outbox, "anna", rasa.handle, ask)


async def test_the_wish_goes_with_the_next_message_and_no_other(outbox: Outbox, rasa: Rasa) -> None:
    assert await say(outbox, rasa) == SAID
    await say(outbox, rasa)
    assert rasa.told == [{"too_long": False, "wished_language": "es"}, {"too_long": False}]


async def test_no_message_is_made_up_for_it(outbox: Outbox, rasa: Rasa) -> None:
    await say(outbox, rasa)
    assert len(rasa.told) == 1


async def test_a_turn_that_fails_leaves_the_wish_to_the_next_one(outbox: Outbox, rasa: Rasa) -> None:
    rasa.fails = True
    with pytest.raises(RuntimeError):
        await say(outbox, rasa)
    rasa.fails = False
    await say(outbox, rasa)
    assert rasa.told == [{"too_long": False, "wished_language": "es"}]


async def test_a_message_that_is_refused_leaves_the_wish_to_the_next_one(outbox: Outbox, rasa: Rasa) -> None:
    async def refuse(_: OnMessage) -> list[dict[str, Any]]:
        return SAID

    await ask_with_wish(outbox, "anna", rasa.handle, refuse)
    await say(outbox, rasa)
    assert rasa.told == [{"too_long": False, "wished_language": "es"}]


async def test_a_newer_wish_stands_when_the_turn_of_the_older_one_fails(outbox: Outbox, rasa: Rasa) -> None:
    async def fail(_: OnMessage) -> list[dict[str, Any]]:
        outbox.wish_language("anna", "en")
        return SAID

    await ask_with_wish(outbox, "anna", rasa.handle, fail)
    await say(outbox, rasa)
    assert rasa.told == [{"too_long": False, "wished_language": "en"}]
