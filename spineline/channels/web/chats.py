"""The chats that go on right now on the website: one answer at a time each, delivered to every open connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from spineline.channels.web.widget import Widget
from spineline.dialogue.intake import Intake
from spineline.dialogue.turn import Message
from spineline.keep.database import PATIENT_S, QUICK_S
from spineline.keep.outbox import Outbox
from spineline.keep.writes import RepeatedError, Write
from spineline.turns.failures import Failures
from spineline.turns.said import Keep

MOST_UNANSWERED = 10
MOST_EMERGENCIES = 20  # unanswered messages, when the next one tells of danger
MOST_CONNECTIONS = 4  # of one session: a tab, its copy and what is left of a broken line
SENDING_S = 1.0  # how long a browser that does not read holds up the end of the server
GOT, DONE, BUSY = "got", "done", "busy"

TakeIn = Callable[[str, str], Awaitable[Intake]]  # text and session in
Answer = Callable[[Intake, str, Keep], Awaitable[list[Message]]]  # a message that was taken in, session
Event = dict[str, Any]
END: Event = {"type": "end"}  # is not sent: whoever waits for something to say goes home


class Listener(asyncio.Queue[Event]):
    """What is on its way to one connection; each answer once, by its number."""

    def __init__(self) -> None:
        super().__init__()
        self._had = set[int]()

    def hear(self, events: Sequence[Event]) -> None:
        """Take what this one has not had."""
        for event in events:
            if event["seq"] not in self._had:
                self._had.add(event["seq"])
                self.put_nowait(event)


@dataclass
class _Live:
    last: asyncio.Task[None] | None = None
    unanswered: set[str] = field(default_factory=set)
    listeners: list[Listener] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        return not self.unanswered and not self.listeners


class Chats:
    """Takes messages in, answers each exactly once, and delivers to whoever listens.

    The messages of one session are answered one after the other; one that tells of danger waits for nobody. An answer
    to an earlier message may come after it; the alarm stays pinned in the browser, and open in the conversation.
    """

    def __init__(self, outbox: Outbox, widget: Widget, take_in: TakeIn, answer: Answer, failures: Failures) -> None:
        self._outbox, self._widget, self._take_in, self._answer = outbox, widget, take_in, answer
        self._failures = failures
        self._live: dict[str, _Live] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def say(self, session: str, message: str, text: str) -> str:
        """Take one message; `message` is the browser's own id for it, so that a repetition is not a second one."""
        if await self._outbox.was_answered(session, message):
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
                if not await self._outbox.knows(session):
                    return  # deleted while this waited
            await self._answer_and_deliver(session, message, intake)
        except RepeatedError:  # that was not known in time; now it is read, however long that takes
            self._tell(session, await self._outbox.waiting(session, within_s=None))
        except Exception as error:
            self._failures.note(error, "web")
        finally:
            live.unanswered.discard(message)
            self._drop_idle(session)
        await _end_of(before)  # whoever comes next waits for all that came before, also when this one did not

    async def _answer_and_deliver(self, session: str, message: str, intake: Intake) -> None:
        """The answer is numbered and kept in the commit of the turn, then it is delivered."""
        numbered: list[Event] = []

        def keep(answer: Sequence[Message]) -> list[Write]:
            events, writes = self._outbox.numbered(session, self._dressed(answer, message), message)
            numbered.extend(events)
            return writes

        await self._outbox.knows(session, QUICK_S if intake.red_flag else PATIENT_S)
        answer = await self._answer(intake, session, keep)
        if numbered:
            await self._hand_over(session, numbered)
        else:
            await self._deliver(session, self._dressed(answer, message), message)

    def _dressed(self, answer: Sequence[Message], to: str) -> list[Event]:
        events: list[Event] = [{"type": "reply", "to": to, "reply": self._widget.dress(said)} for said in answer]
        events[-1]["last"] = True
        return events

    async def push(self, session: str, message: Message) -> bool:
        """Say something that nobody asked for, such as a reply of the staff; False when the session is unknown."""
        if not await self._outbox.knows(session):
            return False
        await self._deliver(session, [{"type": "reply", "reply": self._widget.dress(message)}], None)
        return True

    async def _deliver(self, session: str, events: list[Event], message: str | None) -> None:
        if not await self._outbox.knows(session):
            return
        await self._hand_over(session, await self._outbox.put(session, events, message), is_told=True)

    async def _hand_over(self, session: str, numbered: list[Event], *, is_told: bool = False) -> None:
        """To whoever listens; a session that was deleted meanwhile gets nothing."""
        if not await self._outbox.knows(session):
            return
        if not is_told:
            self._outbox.tell(session, numbered)
        self._tell(session, numbered)

    def _tell(self, session: str, numbered: Sequence[Event]) -> None:
        live = self._live.get(session)
        for listener in live.listeners if live else ():
            listener.hear(numbered)

    async def listen(self, session: str, since: int) -> Listener:
        """What has not arrived yet and everything to come; the oldest of too many listeners is sent away."""
        live = self._live.setdefault(session, _Live())
        if len(live.listeners) >= MOST_CONNECTIONS:
            live.listeners.pop(0).put_nowait({"type": "error", "code": "replaced"})
        queue = Listener()
        await self._outbox.arrived(session, since)
        waiting = await self._outbox.waiting(session)
        live = self._live.setdefault(session, live)  # from here to the end nobody comes in between
        queue.hear(waiting)
        live.listeners.append(queue)
        return queue

    def leave(self, session: str, queue: Listener) -> None:
        """Stop listening."""
        live = self._live.get(session)
        if live and queue in live.listeners:
            live.listeners.remove(queue)
        self._drop_idle(session)

    async def forget(self, session: str) -> None:
        """Delete what is kept here about a session."""
        await self._outbox.forget(session)

    def _drop_idle(self, session: str) -> None:
        live = self._live.get(session)
        if live and live.is_idle:
            del self._live[session]


async def _end_of(task: asyncio.Task[None] | None) -> None:
    if task:
        await asyncio.wait({task})
