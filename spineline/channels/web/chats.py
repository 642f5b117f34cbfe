"""The chats that go on right now on the website: one answer at a time each, delivered to every open connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from spineline.channels.web.widget import Widget
from spineline.dialogue.intake import Intake
from spineline.dialogue.turn import Message
from spineline.keep.steady_outbox import SteadyOutbox
from spineline.turns.failures import Failures

MOST_UNANSWERED = 10
MOST_EMERGENCIES = 20  # unanswered messages, when the next one tells of danger
MOST_CONNECTIONS = 4  # of one session: a tab, its copy and what is left of a broken line
SENDING_S = 1.0  # how long a browser that does not read holds up the end of the server
GOT, DONE, BUSY = "got", "done", "busy"

TakeIn = Callable[[str, str], Awaitable[Intake]]  # text and session in
Answer = Callable[[Intake, str], Awaitable[list[Message]]]  # a message that was taken in and session
Event = dict[str, Any]
END: Event = {"type": "end"}  # is not sent: whoever waits for something to say goes home


@dataclass
class _Live:
    last: asyncio.Task[None] | None = None
    unanswered: set[str] = field(default_factory=set)
    listeners: list[asyncio.Queue[Event]] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        return not self.unanswered and not self.listeners


class Chats:
    """Takes messages in, answers each exactly once, and delivers to whoever listens.

    The messages of one session are answered one after the other; one that tells of danger waits for nobody. An answer
    to an earlier message may come after it; the alarm stays pinned in the browser, and open in the conversation.
    """

    def __init__(
        self, outbox: SteadyOutbox, widget: Widget, take_in: TakeIn, answer: Answer, failures: Failures
    ) -> None:
        self._outbox, self._widget, self._take_in, self._answer = outbox, widget, take_in, answer
        self._failures = failures
        self._live: dict[str, _Live] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def say(self, session: str, message: str, text: str) -> str:
        """Take one message; `message` is the browser's own id for it, so that a repetition is not a second one."""
        if self._outbox.was_answered(session, message):
            return DONE
        live = self._live.setdefault(session, _Live())
        if message in live.unanswered:
            return GOT
        intake = await self._urgent(live, text, session) if len(live.unanswered) >= MOST_UNANSWERED else None
        if intake is None and len(live.unanswered) >= MOST_UNANSWERED:
            return BUSY
        live.unanswered.add(message)
        said = intake or text
        task = asyncio.get_running_loop().create_task(self._turn(session, live, message, said, live.last))
        live.last = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return GOT

    async def _urgent(self, live: _Live, text: str, session: str) -> Intake | None:
        """A message that is still taken when too many wait: one that tells of danger."""
        intake = await self._take_in(text, session) if len(live.unanswered) < MOST_EMERGENCIES else None
        return intake if intake and intake.red_flag else None

    async def finish(self, longest_s: float) -> None:
        """Answer everybody who has asked, and wait until the answers are on their way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=longest_s)
        sent = [asyncio.ensure_future(queue.join()) for live in self._live.values() for queue in live.listeners]
        if sent:
            await asyncio.wait(sent, timeout=SENDING_S)
        for live in self._live.values():
            for queue in live.listeners:
                queue.put_nowait(END)

    async def _turn(
        self, session: str, live: _Live, message: str, said: str | Intake, before: asyncio.Task[None] | None
    ) -> None:
        try:
            intake = said if isinstance(said, Intake) else await self._take_in(said, session)
            if not intake.red_flag:
                await _end_of(before)
                if not self._outbox.knows(session):
                    return  # deleted while this waited
            answer = await self._answer(intake, session)
            self._deliver(session, self._dressed(answer, message), message)
        except Exception as error:
            self._failures.note(error, "web")
        finally:
            live.unanswered.discard(message)
            self._drop_idle(session)
        await _end_of(before)  # whoever comes next waits for all that came before, also when this one did not

    def _dressed(self, answer: list[Message], to: str) -> list[Event]:
        events: list[Event] = [{"type": "reply", "to": to, "reply": self._widget.dress(said)} for said in answer]
        events[-1]["last"] = True
        return events

    def push(self, session: str, message: Message) -> bool:
        """Say something that nobody asked for, such as a reply of the staff; False when the session is unknown."""
        if not self._outbox.knows(session):
            return False
        self._deliver(session, [{"type": "reply", "reply": self._widget.dress(message)}], None)
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


async def _end_of(task: asyncio.Task[None] | None) -> None:
    if task:
        await asyncio.wait({task})
