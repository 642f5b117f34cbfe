"""A language switched to in the chat window travels with the next message, until a turn has taken it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from replies import says

from spineline.channels.web.wish import NOT_ANSWERED, ask_with_wish
from spineline.dialogue.turn import Message
from spineline.keep.outbox import Outbox
from spineline.turns.failures import Failures
from spineline.turns.metrics import Metrics

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=timezone.utc)


class Chat:
    """A session with a wish for Spanish; `card` is what the next message is answered with, "" raises."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.card, self.wishes = "core/why", list[str | None]()

    @classmethod
    async def begun(cls) -> Chat:
        chat = cls()
        await chat.outbox.begin("anna", NOW, "es")
        return chat

    async def say(self) -> list[Message]:
        return await ask_with_wish(self.outbox, "anna", self._answer, Failures(Metrics()))

    async def _answer(self, wish: str | None) -> list[Message]:
        self.wishes.append(wish)
        if not self.card:
            raise RuntimeError
        return [says("Here.", card=self.card)]


async def test_the_wish_goes_with_the_next_message_and_no_other() -> None:
    chat = await Chat.begun()
    assert (await chat.say())[0].text == "Here."
    await chat.say()
    assert chat.wishes == ["es", None]


async def test_a_turn_that_fails_leaves_the_wish_to_the_next_one() -> None:
    chat = await Chat.begun()
    chat.card = ""
    with pytest.raises(RuntimeError):
        await chat.say()
    chat.card = "core/why"
    await chat.say()
    assert chat.wishes == ["es", "es"]


@pytest.mark.parametrize("card", NOT_ANSWERED)
async def test_a_message_that_no_turn_took_leaves_the_wish_to_the_next_one(card: str) -> None:
    chat = await Chat.begun()
    chat.card = card
    await chat.say()
    await chat.say()
    assert chat.wishes == ["es", "es"]


async def test_a_newer_wish_stands_when_the_turn_of_the_older_one_fails() -> None:
    chat = await Chat.begun()
    chat.card = "safe_text"

    async def fail(wish: str | None) -> list[Message]:
        await chat.outbox.wish_language("anna", "en")
        return await chat._answer(wish)

    await ask_with_wish(chat.outbox, "anna", fail, Failures(Metrics()))
    await chat.say()
    assert chat.wishes == ["es", "en"]
