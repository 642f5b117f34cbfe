"""Rasa's agent without a model: the real conversation and a real store around a classifier that knows nothing."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from rasa.shared.core.events import UserUttered
from stores import DOMAIN

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Memory, Message, Turn
from spineline.engine.lost_turns import record_lost_turn
from spineline.keep.database import Database
from spineline.stores.locks import FairLocks
from spineline.stores.tracker import ConversationStore
from spineline.turns.engine import Asked, Say


class FakeRasa:
    """The real conversation and a real store around a classifier that knows nothing: no model, no training."""

    def __init__(self, content: Content, database: Database | None = None) -> None:
        self.content, self.memories, self.messages = content, dict[str, Memory](), list[Asked]()
        self.tracker_store = ConversationStore(DOMAIN, database=database or Database())
        self.lock_store, self.domain = FairLocks(), DOMAIN
        self.processor = SimpleNamespace(fetch_tracker_with_initial_session=self.tracker_store.get_or_create_tracker)
        self.fails = False

    @property
    def store(self) -> ConversationStore:
        return self.tracker_store

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        await record_lost_turn(self, asked, said, self.content)

    async def answer(self, message: Asked, say: Say) -> None:
        async with self.lock_store.lock(message.conversation):
            self.messages.append(message)
            if self.fails:
                raise RuntimeError
            await self._answer(message, say)

    async def _answer(self, message: Asked, say: Say) -> None:
        sender, text = message.conversation, str(message.text)
        tracker = await self.tracker_store.get_or_create_tracker(sender)
        if not tracker.events:
            self.memories.pop(sender, None)
        reply = respond(self._understood(message, text), self.memories.get(sender, Memory()), self.content)
        self.memories[sender] = reply.memory
        tracker.update(UserUttered(text))
        await self.tracker_store.save(tracker)
        for said in reply.messages:
            say(said)

    def _understood(self, message: Asked, text: str) -> Turn:
        choice = message.choice
        guess = None if choice else self.content.languages.guess(text)
        wish = "ask_privacy" if self.content.privacy.wish(text) else "nlu_fallback"
        danger = message.intake.danger
        return Turn(text, wish, language=guess, choice=choice, danger=danger, numbered=message.numbered)
