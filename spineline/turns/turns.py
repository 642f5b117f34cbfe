"""One guarded turn, the same for every channel: danger signs first, an answer in time whatever fails behind."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timezone
from time import perf_counter
from typing import Any
from weakref import WeakSet

import structlog

from spineline.content.library import Content
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.intake import Intake, take_in
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.keep.sessions import read_secret
from spineline.settings import Settings
from spineline.turns.engine import Asked, Engine
from spineline.turns.failures import Failures
from spineline.turns.last_words import alarm, calling_line, filled_line, safe_text
from spineline.turns.limits import Limits, Refusal, address_of_request
from spineline.turns.linking import Linking
from spineline.turns.metrics import Metrics
from spineline.turns.people import People
from spineline.turns.places import Places
from spineline.turns.reader import Reader
from spineline.turns.shape import CHANNELS, is_numbered
from spineline.turns.wishes import Keeper

ALARM_WAIT_S = 0.5  # how long an emergency waits for Rasa's own words before it gets ours
RECORD_S = 30.0  # how long a turn that went wrong may take to be written down
_GREETING = "greet/about"
_NOTICE = "privacy_notice"

logger = structlog.get_logger("spineline.turns")


class RefusedError(Exception):
    """A message that is not answered now; `message` says so to the person, `refusal` to the program."""

    def __init__(self, refusal: Refusal, message: Message) -> None:
        super().__init__(refusal.reason)
        self.refusal, self.message = refusal, message


class WeakAnswerError(Exception):
    """An engine said something milder about a danger sign than the rules demand; it is not passed on."""


class Turns:
    """Answers the messages of one process.

    Args:
        engine: what answers.
        notices: who was told that the chat is automatic and kept.
        links: which chats are one conversation; those of this process alone unless given.
        alarm_wait_s: how long an emergency waits for the engine's own words.
    """

    def __init__(
        self,
        content: Content,
        settings: Settings,
        engine: Engine,
        notices: Notices,
        metrics: Metrics,
        links: Links | None = None,
        *,
        alarm_wait_s: float = ALARM_WAIT_S,
    ) -> None:
        self.content, self.engine, self.metrics, self.people = content, engine, metrics, People()
        self.failures = Failures(metrics)
        self.limits, links = Limits(settings), links or Links(None)
        self.linking = Linking(links, self.people, content, counter=metrics)
        self.keeper = Keeper(engine, notices, self.people, content, settings.kept_days, links, counter=metrics)
        self._reader = Reader(content)
        self._places = Places()
        self.settings, self._deadline_s, self._alarm_wait_s = settings, settings.deadline_s, alarm_wait_s
        self._numbers = itertools.count()
        self._working: dict[asyncio.Future[Any], tuple[str, int]] = {}  # conversation, number of the message
        self._ended: WeakSet[asyncio.Future[Any]] = WeakSet()
        self.keeper.end_turns = self._end
        self._always_offered = frozenset(content.answer(_GREETING).buttons)

    async def answer(
        self, said: str | Intake, sender: str, channel: str, wished_language: str | None = None
    ) -> list[Message]:
        """Answer one message; never empty, never later than the deadline, never an error.

        Args:
            said: the raw message, or what `take_in` or `tapped` has made of it.
            wished_language: switched to since the last message; counts when this one does not tell.
        """
        try:
            return await self.ask(said, sender, channel, wished_language)
        except RefusedError as refused:
            return [refused.message]

    async def ask(
        self, said: str | Intake, sender: str, channel: str, wished_language: str | None = None
    ) -> list[Message]:
        """The same; RefusedError when the limits say no and the message tells of no danger."""
        refusal, length = None, said.length if isinstance(said, Intake) else len(said)
        with self.failures.survived("limits"):
            refusal = self.limits.refuse(sender, length)
        if refusal:
            return [self._refused(refusal, self._read_now(said, is_read=refusal.is_read), sender, channel)]
        intake = await self.take_in(said, sender)
        try:
            with self.limits.turn(sender), self.metrics.in_flight.track_inprogress():
                return await self._turn(intake, sender, channel, wished_language)
        except Exception as error:
            self.failures.note(error, channel)
            return [self._alarm_at_once(intake, sender, channel) or self._last_words(intake, sender)[0]]

    async def stop(self) -> None:
        """Take nothing new, and wait for what is being answered and written down."""
        self.limits.is_stopping = True
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._deadline_s + 1
        while self._working and loop.time() < ends:  # what is written down comes when the answering is over
            await asyncio.wait(self._working, timeout=ends - loop.time())
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)

    async def _turn(self, intake: Intake, sender: str, channel: str, wished_language: str | None) -> list[Message]:
        number = next(self._numbers)
        started = perf_counter()
        about_links = None if intake.red_flag else self._about_links(intake, sender, channel)
        if about_links:
            return await self._finished([about_links], "answered", sender, channel, started, number)
        asked = replace(self._asked(intake, sender, channel, number), wished_language=wished_language)
        said = await self._ask_engine(asked, sender)
        messages = list(said.messages)
        with self.failures.survived("metrics"):
            self.metrics.seconds.labels("answer").observe((said.last_at if messages else perf_counter()) - started)
            if messages:
                self.metrics.seconds.labels("save").observe(perf_counter() - said.last_at)
        if messages and not _is_enough(messages, intake):
            self.failures.note(WeakAnswerError("the engine answered an emergency with something milder"), channel)
            self._write_down(asked, messages := self._last_words(intake, sender))
            return await self._finished(messages, "alarm", sender, channel, started, number)
        outcome = "answered" if messages else "alarm" if intake.red_flag else "safe_text"
        messages = messages or self._last_words(intake, sender)
        return await self._finished(messages, outcome, sender, channel, started, number)

    def _about_links(self, intake: Intake, sender: str, channel: str) -> Message | None:
        with self.failures.survived("links"):
            return self.linking.answer(intake.text, sender, channel)
        return None

    def _asked(self, intake: Intake, sender: str, channel: str, number: int) -> Asked:
        """The message as the engine gets it, in the conversation that goes on here."""
        conversation, choice, numbered = sender, intake.choice, is_numbered(channel)
        with self.failures.survived("links"):
            conversation = self.linking.conversation_of(sender)
            choice = self.linking.meant(intake.text, sender, conversation, numbered) or choice
        return Asked(intake.text, conversation, channel, intake, numbered, choice, number)

    async def take_in(self, said: str | Intake, sender: str) -> Intake:
        """Read a message and judge its danger, once. Never an error: a reader that fails does not stop the message.

        A quick reply that was not offered is read as its title.
        """
        started = perf_counter()
        try:
            intake = said if isinstance(said, Intake) else await self._reader.read(said)
            if intake.choice and not self._is_offered(intake.choice, sender):
                intake = await self._reader.read(self._title(intake.choice, sender))
        except Exception as error:
            self.failures.note(error, "read")
            return self._read_now(said, is_read=True)
        with self.failures.survived("metrics"):
            self.metrics.seconds.labels("read").observe(perf_counter() - started)
        return intake

    def _is_offered(self, choice: str, sender: str) -> bool:
        """Only quick replies that this person was sent can be tapped; after a restart, any of ours."""
        offered = self.people.get(sender).offered
        return not offered or choice in offered or choice in self._always_offered

    def _title(self, choice: str, sender: str) -> str:
        return Speaker.to(self.people.get(sender).language, self.content).replies([choice])[0]

    def _read_now(self, said: str | Intake, *, is_read: bool) -> Intake:
        """For who is refused: a flood is not read."""
        if isinstance(said, Intake):
            return said
        return self._read_here(said if is_read else "")

    def _read_here(self, raw: str) -> Intake:
        """The beginning, read without the reader; text without a verdict when the rules themselves fail."""
        with self.failures.survived("read"):
            return take_in(raw[:LONGEST_MESSAGE], self.content)
        return Intake(raw.lstrip("/ \n\t")[:LONGEST_MESSAGE], len(raw) > LONGEST_MESSAGE, None, len(raw))

    async def _ask_engine(self, asked: Asked, sender: str) -> _Said:
        """Let the engine answer. The turn goes on in the background when nobody can wait any longer."""
        said, is_urgent = _Said(), asked.intake.red_flag is not None
        place = None if is_urgent else address_of_request.get()
        work = asyncio.ensure_future(asyncio.wait_for(self._in_place(place, asked, said), self._deadline_s))
        self._work_for(asked, work)
        work.add_done_callback(lambda done: self._settle(done, asked, said, sender))
        await asyncio.wait({work}, timeout=self._alarm_wait_s if is_urgent else self._deadline_s + 0.1)
        return said

    async def _in_place(self, address: str | None, asked: Asked, said: _Said) -> None:
        async with self._places.place(address):
            await self.engine.answer(asked, said)

    def _settle(self, work: asyncio.Future[Any], asked: Asked, said: _Said, sender: str) -> None:
        error = asyncio.CancelledError() if work.cancelled() else work.exception()
        if error is None or work in self._ended:
            return
        self.failures.note(error, asked.channel)
        if not said.messages:
            self._write_down(asked, self._last_words(asked.intake, sender))

    def _end(self, conversation: str, before: float) -> None:
        """Its words are deleted, so what is still being answered or recorded of earlier messages is given up."""
        for work, (whose, number) in list(self._working.items()):
            if whose == conversation and number < before:
                self._ended.add(work)
                work.cancel()

    async def _record(self, asked: Asked, said: Iterable[Message]) -> None:
        try:
            await asyncio.wait_for(self.engine.record(asked, said), RECORD_S)
        except Exception as error:
            self.failures.note(error, "record")

    def alarm(self, intake: Intake, sender: str) -> Message | None:
        """What to do about the danger that a message tells of, said without Rasa; None when it tells of none."""
        if not intake.red_flag:
            return None
        known = None
        with self.failures.survived("people"):
            known = self.people.get(sender).alarm
        return alarm(intake.red_flag, Memory(self._language(intake.text, sender), alarm=known), self.content)

    def _last_words(self, intake: Intake, sender: str) -> list[Message]:
        return [self.alarm(intake, sender) or safe_text(self._language(intake.text, sender), self.content)]

    def _language(self, text: str, sender: str) -> str | None:
        with self.failures.survived("language"):
            guess = self.content.languages.guess(text)
            return guess if guess in self.content.clinic.languages else self.people.get(sender).language
        return None

    def _refused(self, refusal: Refusal, intake: Intake, sender: str, channel: str) -> Message:
        """An alarm for who is in danger, open from then on like any other; nobody else is answered."""
        with self.failures.survived("log"):
            logger.info("refused", reason=refusal.reason, channel=channel)
        message = self._alarm_at_once(intake, sender, channel)
        with self.failures.survived("metrics"):
            self.metrics.answered(channel, refusal.reason, [message] if message else [])
        if message is None:
            line = "too_fast" if refusal.reason == "too_fast" else "busy"
            raise RefusedError(refusal, calling_line(line, self._language(intake.text, sender), self.content))
        return message

    def _alarm_at_once(self, intake: Intake, sender: str, channel: str) -> Message | None:
        """An alarm that Rasa is not asked about: its buttons are noted, and it is opened as soon as can be."""
        message = self.alarm(intake, sender)
        if message is None:
            return None
        with self.failures.survived("people"):
            self.people.saw(sender, [message])
        asked = self._asked(intake, sender, channel, next(self._numbers))
        self._write_down(asked, [message])
        return message

    async def _finished(
        self, messages: list[Message], outcome: str, sender: str, channel: str, started: float, number: int
    ) -> list[Message]:
        """What follows an answer. Once there are words they are said, whatever fails here."""
        with self.failures.survived("metrics"):
            self.metrics.answered(channel, outcome, messages)
        with self.failures.survived("log"):
            self._log(messages, outcome, channel, started)
        with self.failures.survived("people"):
            self.people.saw(sender, messages)
        messages = await self._fulfilled(messages, sender, number)
        with self.failures.survived("notice"):
            notice = CHANNELS[channel].notice if channel in CHANNELS else _NOTICE
            return self._with_notice(notice, messages, sender) if notice else messages
        return messages

    async def _fulfilled(self, messages: list[Message], sender: str, number: int) -> list[Message]:
        """A promise about data that nobody could keep, or not in time, is not said; everything else is."""
        with self.failures.survived("wishes"):
            work = asyncio.ensure_future(self.keeper.fulfil(messages, sender, number))
            self._working[work] = (sender, number)
            work.add_done_callback(self._done)
            return await asyncio.wait_for(asyncio.shield(work), self._deadline_s)  # what is begun is finished
        kept = [message for message in messages if not message.wish]
        return kept or [safe_text(self._language("", sender), self.content)]

    def _with_notice(self, line: str, messages: list[Message], sender: str) -> list[Message]:
        """Once for each person; behind the answer when that is urgent, else before it."""
        if any(message.wish == "forget" for message in messages) or self.keeper.was_told(sender):
            return messages
        self.keeper.tell(sender, datetime.now(timezone.utc))
        notice = filled_line(line, messages[0].language, self.content, kept_days=self.keeper.kept_days)
        return [*messages, notice] if messages[0].tier else [notice, *messages]

    def _log(self, messages: list[Message], outcome: str, channel: str, started: float) -> None:
        first = messages[0]
        about = {
            "intent": first.intent,
            "card": first.card,
            "tier": first.tier and first.tier.value,
            "flag": first.flag,
        }
        told = {name: value for name, value in about.items() if value}
        ms = round(1000 * (perf_counter() - started))
        logger.info("turn", channel=channel, outcome=outcome, ms=ms, **told)

    def _write_down(self, asked: Asked, said: Iterable[Message]) -> None:
        self._work_for(asked, asyncio.ensure_future(self._record(asked, said)))

    def _work_for(self, asked: Asked, work: asyncio.Future[Any]) -> None:
        self._working[work] = (asked.conversation, asked.number)
        work.add_done_callback(self._done)

    def _done(self, work: asyncio.Future[Any]) -> None:
        del self._working[work]


def _is_enough(messages: Iterable[Message], intake: Intake) -> bool:
    """Whether a message that tells of danger was met with an instruction at least as urgent."""
    flag = intake.red_flag
    return flag is None or any(message.tier and not flag.tier.outranks(message.tier) for message in messages)


class _Said:
    """What an engine has said so far in one turn, and when it spoke last. What has no text is no answer."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.last_at = perf_counter()

    def __call__(self, message: Message) -> None:
        if message.text.strip():
            self.messages.append(message)
            self.last_at = perf_counter()


def make_turns(content: Content, settings: Settings, engine: Engine) -> Turns:
    """The turns around an engine, with the files in DATA_DIR that they keep."""
    folder = settings.data_dir
    links = Links(folder / "links.db", read_secret(settings.secret_key, folder))
    return Turns(content, settings, engine, Notices(folder / "notices.db"), Metrics(), links)
