"""Does what people ask about their own data: forgets them, or says what is kept, truthfully."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from functools import partial
from inspect import isawaitable
from math import inf
from typing import Any

from sqlalchemy.exc import OperationalError

from spineline.content.library import Content
from spineline.dialogue.turn import Message
from spineline.errors import WordsRemainError
from spineline.failures import Counter, note
from spineline.keep.database import PATIENT_S, QUICK_S
from spineline.keep.links import Links
from spineline.keep.notices import Notices, given
from spineline.keep.writes import Write
from spineline.turns.engine import Engine
from spineline.turns.last_words import calling_line, filled_line
from spineline.turns.people import People

AGAIN_S = (0.1, 0.3, 0.6)  # between tries to delete, while another program holds a file
RECALLED = 1_000  # people, after a start

Forget = Callable[[str], Awaitable[None]]
Purge = Callable[[datetime], Awaitable[bool]]  # True when there is more to delete


async def patiently(forget: Callable[[str], Any], sender: str) -> None:
    """Delete; again after a moment when another program holds the file, so that the event loop does not wait for it.

    What is deleted already is not deleted again, for the person may have said something since.
    """
    act: Callable[[], Any] = partial(forget, sender)
    for wait_s in (*AGAIN_S, None):
        try:
            done = act()
            if isawaitable(done):
                await done
            return
        except (WordsRemainError, OperationalError) as error:
            if wait_s is None:
                raise
            act = error.again if isinstance(error, WordsRemainError) else act
            await asyncio.sleep(wait_s)


class Keeper:
    """Everything that is kept about people, in one hand.

    `engine` has the conversations; `also` are others who keep something about a sender and can forget it,
    `also_old` those who can delete what is older than a time. `end_turns` gives up what is being answered to a sender
    of messages before a number, so that nothing is written down after a deletion. `is_unfinished` says that deleted
    words still stand in a file.
    """

    def __init__(
        self,
        engine: Engine,
        notices: Notices,
        people: People,
        content: Content,
        kept_days: int,
        links: Links | None = None,
        *,
        counter: Counter | None = None,
    ) -> None:
        self._engine, self._notices, self._people, self._content = engine, notices, people, content
        self._links, self._counter = links or Links(), counter
        self.kept_days = kept_days
        self.also: list[Forget] = []
        self.also_old: list[Purge] = []
        self.end_turns: Callable[[str, float], None] = lambda _, __: None
        self.is_unfinished = False

    async def forget(self, sender: str, before: float = inf) -> None:
        """Delete all that is kept about somebody, in every chat of the conversation. An error when something stays; all
        else is deleted nevertheless, and the chats stay tied, so that it can be tried again.

        Args:
            before: the number of the message that asked for it; what came later is still answered and kept.
        """
        together = await self._links.together(sender)
        self._raise_first([error for one in together for error in await self._forget(one, before)])
        try:
            await patiently(self._links.forget, sender)
        except Exception as error:
            self._raise_first([error])

    async def _forget(self, sender: str, before: float) -> list[Exception]:
        self.end_turns(sender, before)
        self._people.forget(sender)
        problems = []
        for forget in (self._delete_conversation, *self.also):
            try:
                await patiently(forget, sender)
            except Exception as error:
                problems.append(error)
        return problems

    async def _delete_conversation(self, sender: str) -> None:
        await self._engine.store.delete(sender)

    def _raise_first(self, problems: list[Exception]) -> None:
        if any(isinstance(error, WordsRemainError) for error in problems):
            self.is_unfinished = True
        if problems:
            raise problems[0]

    async def purge(self, older_than: datetime) -> int:
        """Delete what ended before that time, in small steps; returns how many events that were. What fails does not
        keep the rest from being deleted."""
        self.is_unfinished = False
        removed, problems = 0, []
        for purge in (self._notices.purge, self._links.purge, *self.also_old):
            try:
                has_more = True
                while has_more:
                    has_more = bool(await purge(older_than))
            except Exception as error:
                problems.append(error)
        try:
            removed = int(await self._engine.store.purge(older_than))
        except Exception as error:
            problems.append(error)
        self._raise_first(problems)
        return removed

    async def recall(self) -> None:
        """Remember who was told last by an earlier process, before anybody is answered: the database is busiest just
        after a start. One that is away is not waited for long."""
        try:
            for sender in await self._notices.given_last(RECALLED, PATIENT_S):
                self._people.told(sender)
        except Exception as error:
            note(error, "notices", self._counter)

    async def was_told(self, sender: str, within_s: float = QUICK_S) -> bool:
        """Whether somebody has seen the privacy notice, as far as can be read in that time; a file that fails is no
        reason to be silent."""
        if self._people.get(sender).is_told:
            return True
        try:
            return await self._notices.were_given(sender, within_s)
        except Exception as error:
            note(error, "notices", self._counter)
            return False

    def tell(self, sender: str, now: datetime) -> Write:
        """Somebody sees the privacy notice now; what notes that for good."""
        self._people.told(sender)
        return given(sender, now)

    async def fulfil(self, messages: list[Message], sender: str, number: float = inf) -> list[Message]:
        """Replace the answers to message `number` that promise something about data by what really happened."""
        return [await self._fulfilled(message, sender, number) for message in messages]

    async def _fulfilled(self, message: Message, sender: str, number: float) -> Message:
        try:
            if message.wish == "forget":
                await self.forget(sender, number)
            elif message.wish == "tell":
                return await self._told(sender, message.language)
        except Exception as error:
            note(error, "wishes", self._counter)
            line = "forget_failed" if message.wish == "forget" else "tell_failed"
            return calling_line(line, message.language, self._content)
        return message

    async def _told(self, sender: str, language: str) -> Message:
        together = await self._links.together(sender)
        events = [event for one in together for event in await self._engine.store.export(one)]
        since = min((e["timestamp"] for e in events), default=datetime.now(timezone.utc).timestamp())
        known = filled_line(
            "known_about_you",
            language,
            self._content,
            messages=sum(e["event"] == "user" for e in events),
            since=datetime.fromtimestamp(since, timezone.utc).date().isoformat(),
            kept_days=self.kept_days,
        )
        if len(together) == 1:
            return known
        return known.plus(self._content.part("lines.link_known", language).filled(chats=len(together)))
