"""Does what people ask about their own data: forgets them, or says what is kept, truthfully."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from typing import Any

import structlog

from spineline.content.library import Content
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.turns.last_words import Reply, calling_line, filled_line
from spineline.turns.people import People

logger = structlog.get_logger("spineline.wishes")

Forget = Callable[[str], Awaitable[None]]
Purge = Callable[[datetime], None]


class Keeper:
    """Everything that is kept about people, in one hand.

    `agent` gives the conversations; `also` are others who keep something about a sender and can forget it,
    `also_old` those who can delete what is older than a time.
    """

    def __init__(
        self, notices: Notices, people: People, content: Content, kept_days: int, links: Links | None = None
    ) -> None:
        self._notices, self._people, self._content = notices, people, content
        self._links = links or Links(None)
        self.kept_days = kept_days
        self.agent: Any = None
        self.also: list[Forget] = []
        self.also_old: list[Purge] = []

    @property
    def store(self) -> Any:
        """The conversation store inside the wrappers that Rasa puts around it."""
        store = self.agent.tracker_store
        while hasattr(store, "_tracker_store"):
            store = store._tracker_store
        return store

    async def forget(self, sender: str) -> None:
        """Delete all that is kept about somebody, in every chat of the conversation; an error when something stays."""
        for one in self._links.together(sender):
            await self._forget(one)
        self._links.forget(sender)

    async def _forget(self, sender: str) -> None:
        await self.store.delete(sender)
        self._notices.forget(sender)
        self._people.forget(sender)
        self._content.red_flags.forget()
        for forget in self.also:
            await forget(sender)

    async def purge(self, older_than: datetime) -> int:
        """Delete what ended before that time; returns how many events that were."""
        for purge in (self._notices.purge, self._links.purge, *self.also_old):
            purge(older_than)
        return int(await self.store.purge(older_than))

    def was_told(self, sender: str) -> bool:
        """Whether somebody has seen the privacy notice; a file that fails is no reason to be silent."""
        if self._people.get(sender).is_told:
            return True
        try:
            return self._notices.were_given(sender)
        except Exception as error:
            logger.error("failed", where="notices", error=type(error).__name__)
            return False

    def tell(self, sender: str, now: datetime) -> None:
        """Note that somebody sees the privacy notice now."""
        self._people.told(sender)
        try:
            self._notices.give(sender, now)
        except Exception as error:
            logger.error("failed", where="notices", error=type(error).__name__)

    async def fulfil(self, replies: list[Reply], sender: str) -> list[Reply]:
        """Replace the answers that promise something about data by what really happened."""
        return [await self._fulfilled(reply, sender) for reply in replies]

    async def _fulfilled(self, reply: Reply, sender: str) -> Reply:
        data = reply.get("metadata", {})
        language = data.get("language") or self._content.clinic.languages[0]
        try:
            if data.get("forget"):
                await self.forget(sender)
            elif data.get("tell"):
                return await self._told(sender, language)
        except Exception as error:
            logger.error("failed", where="wishes", error=type(error).__name__)
            return calling_line("forget_failed" if data.get("forget") else "tell_failed", language, self._content)
        return reply

    async def _told(self, sender: str, language: str) -> Reply:
        together = self._links.together(sender)
        events = [event for one in together for event in await self.store.export(one)]
        since = min((e["timestamp"] for e in events), default=datetime.now(timezone.utc).timestamp())
        known = filled_line(
            "known_about_you",
            language,
            self._content,
            messages=sum(e["event"] == "user" for e in events),
            since=datetime.fromtimestamp(since, timezone.utc).date().isoformat(),
            kept_days=self.kept_days,
        )
        return known if len(together) == 1 else self._with_links(known, len(together), language)

    def _with_links(self, known: Reply, chats: int, language: str) -> Reply:
        links = filled_line("link_known", language, self._content, chats=chats)
        return {**known, "text": f"{known['text']}\n{links['text']}"}
