"""Nothing is written after "Done": a deletion that meets turns which hang, time out or wait."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest
from faulty import DANGER, make_turns
from patience import SHORT_S, hurried
from rasa.shared.core.events import UserUttered
from replies import says
from stores import DOMAIN

from spineline.content.library import Content
from spineline.dialogue.turn import Message
from spineline.engine.lost_turns import record_lost_turn
from spineline.stores.locks import FairLocks
from spineline.stores.tracker import ConversationStore
from spineline.turns.engine import Asked, Say

FORGET = {"en": "delete my data", "es": "borre mis datos"}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
ANNA = "rest:anna"


class Rasa:
    """A real store and real locks; "hang" hangs until `go_on`, with the lock, and whoever wants it gets it deleted."""

    def __init__(self, content: Content, path: Path) -> None:
        self.content = content
        self.tracker_store = ConversationStore(DOMAIN, f"sqlite:///{path}")
        self.lock_store, self.domain = FairLocks(), DOMAIN
        self.processor = SimpleNamespace(fetch_tracker_with_initial_session=self.tracker_store.get_or_create_tracker)
        self.go_on, self.hangs = asyncio.Event(), asyncio.Event()
        self.turns = make_turns(content, self, alarm_wait_s=SHORT_S)

    @property
    def store(self) -> ConversationStore:
        return self.tracker_store

    async def say(self, text: str) -> list[Message]:
        return await self.turns.answer(text, ANNA, "rest")

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        await record_lost_turn(self, asked, said, self.content)

    async def answer(self, asked: Asked, say: Say) -> None:
        if asked.text in FORGET.values():
            say(says("Done.", card="forgotten", wish="forget"))
            return
        async with self.lock_store.lock(asked.conversation):
            if "hang" in str(asked.text):
                self.hangs.set()
                await self.go_on.wait()
            tracker = await self.tracker_store.get_or_create_tracker(asked.conversation)
            tracker.update(UserUttered(str(asked.text)))
            await self.tracker_store.save(tracker)
        say(says("ok"))

    async def kept(self) -> list[str]:
        """What is kept when all has come to rest."""
        self.go_on.set()
        await self.turns.stop()
        return [event["text"] for event in await self.tracker_store.export(ANNA) if event["event"] == "user"]


@pytest.fixture
async def rasa(content: Content, tmp_path: Path) -> Rasa:
    return Rasa(content, tmp_path / "conversations.db")


@LANGUAGES
async def test_a_turn_that_hangs_is_not_written_after_the_deletion(rasa: Rasa, language: str) -> None:
    hanging = asyncio.ensure_future(rasa.say("hang"))
    await rasa.hangs.wait()
    assert (await rasa.say(FORGET[language]))[-1].card == "forgotten"
    assert (await hanging)[-1].card == "safe_text", "whoever wrote it is answered nevertheless"
    assert await rasa.kept() == []


async def test_messages_that_waited_for_it_are_not_written_either(rasa: Rasa) -> None:
    said = [asyncio.ensure_future(rasa.say(text)) for text in ("hang", "my name is Xochitl")]
    await rasa.hangs.wait()
    await rasa.say(FORGET["en"])
    await asyncio.gather(*said)
    assert await rasa.kept() == []


async def test_a_turn_that_timed_out_is_not_recorded_after_the_deletion(rasa: Rasa) -> None:
    async with rasa.lock_store.lock(ANNA):  # nobody gets on, so the record of what was lost waits too
        with hurried(rasa.turns):
            assert (await rasa.say("my name is Xochitl"))[-1].card == "safe_text"
        await rasa.say(FORGET["en"])
    assert await rasa.kept() == []


async def test_the_button_and_the_command_end_what_is_under_way(rasa: Rasa) -> None:
    hanging = asyncio.ensure_future(rasa.say("hang"))
    await rasa.hangs.wait()
    await rasa.turns.keeper.forget(ANNA)
    await hanging
    assert await rasa.kept() == []


@LANGUAGES
async def test_an_emergency_that_comes_after_the_wish_is_kept(rasa: Rasa, language: str) -> None:
    deleting, may_delete, delete = asyncio.Event(), asyncio.Event(), rasa.tracker_store.delete

    async def slowly(sender: str) -> int:
        deleting.set()
        await may_delete.wait()
        return await delete(sender)

    rasa.tracker_store.delete = slowly  # type: ignore[method-assign]
    forgetting = asyncio.ensure_future(rasa.say(FORGET["en"]))
    await deleting.wait()
    urgent = f"hang {DANGER[language]}"
    replies = await rasa.say(urgent)
    assert replies[0].card == "alarm"
    may_delete.set()
    await forgetting
    assert await rasa.kept() == [urgent]


async def test_what_is_said_after_the_deletion_is_kept(rasa: Rasa) -> None:
    await rasa.say("before")
    await rasa.say(FORGET["en"])
    await rasa.say("after")
    assert await rasa.kept() == ["after"]
