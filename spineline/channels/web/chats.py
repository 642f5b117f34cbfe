"""The chats that go on right now on the website: one answer at a time each, delivered to every open connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spineline.channels.web.widget import Widget
from spineline.keep.outbox import Outbox

logger = logging.getLogger(__name__)

MOST_UNANSWERED = 10
MOST_CONNECTIONS = 4  # of one session: a tab, its copy and what is left of a broken line
GOT, DONE, BUSY = "got", "done", "busy"

Answer = Callable[[str, str], Awaitable[list[dict[str, Any]]]]  # text and sender in, replies out
Event = dict[str, Any]


@dataclass
class _Live:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    unanswered: set[str] = field(default_factory=set)
    listeners: list[asyncio.Queue[Event]] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        return not self.unanswered and not self.listeners


class Chats:
    """Takes messages in, answers each exactly once, and delivers to whoever listens."""

    def __init__(self, outbox: Outbox, widget: Widget, answer: Answer) -> None:
        self._outbox, self._widget, self._answer = outbox, widget, answer
        self._live: dict[str, _Live] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def say(self, session: str, message: str, text: str) -> str:
        """Take one message; `message` is the browser's own id for it, so that a repetition is not a second one."""
        if self._outbox.was_answered(session, message):
            return DONE
        live = self._live.setdefault(session, _Live())
        if message in live.unanswered:
            return GOT
        if len(live.unanswered) >= MOST_UNANSWERED:
            return BUSY
        live.unanswered.add(message)
        task = asyncio.get_running_loop().create_task(self._turn(session, live, message, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return GOT

    async def _turn(self, session: str, live: _Live, message: str, text: str) -> None:
        try:
            async with live.lock:
                await self._tell_language(session)
                replies = await self._answer(text, session)
                self._deliver(session, self._dressed(replies, message), message)
        except Exception as error:
            logger.error("web turn failed: %s", type(error).__name__)
        finally:
            live.unanswered.discard(message)
            self._drop_idle(session)

    async def _tell_language(self, session: str) -> None:
        """A quick reply does not show a language, so the conversation is told; what it says to that is left out."""
        language = self._outbox.take_language(session)
        if language:
            await self._answer(self._widget.text("speak", language), session)

    def _dressed(self, replies: list[dict[str, Any]], message: str) -> list[Event]:
        events: list[Event] = [{"type": "reply", "to": message, "reply": self._widget.dress(r)} for r in replies]
        events[-1]["last"] = True
        return events

    def push(self, session: str, reply: Mapping[str, Any]) -> bool:
        """Say something that nobody asked for, such as a reply of the staff; False when the session is unknown."""
        if not self._outbox.knows(session):
            return False
        self._deliver(session, [{"type": "reply", "reply": self._widget.dress(reply)}], None)
        return True

    def _deliver(self, session: str, events: list[Event], message: str | None) -> None:
        if not self._outbox.knows(session):
            return
        numbered = self._outbox.put(session, events, message)
        live = self._live.get(session)
        for listener in live.listeners if live else ():
            for event in numbered:
                listener.put_nowait(event)

    def listen(self, session: str, since: int) -> asyncio.Queue[Event]:
        """What has not arrived yet and everything to come; the oldest of too many listeners is sent away."""
        live = self._live.setdefault(session, _Live())
        if len(live.listeners) >= MOST_CONNECTIONS:
            live.listeners.pop(0).put_nowait({"type": "error", "code": "replaced"})
        queue: asyncio.Queue[Event] = asyncio.Queue()
        for event in self._outbox.after(session, since):
            queue.put_nowait(event)
        live.listeners.append(queue)
        return queue

    def leave(self, session: str, queue: asyncio.Queue[Event]) -> None:
        """Stop listening."""
        live = self._live.get(session)
        if live and queue in live.listeners:
            live.listeners.remove(queue)
        self._drop_idle(session)

    def forget(self, session: str) -> None:
        """Delete what is kept here about a session."""
        self._outbox.forget(session)

    def _drop_idle(self, session: str) -> None:
        live = self._live.get(session)
        if live and live.is_idle:
            del self._live[session]
