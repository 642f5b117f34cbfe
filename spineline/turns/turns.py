"""One guarded turn, the same for every channel: danger signs first, an answer in time whatever fails behind."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from weakref import WeakSet

import structlog

from spineline.content.choice import BACK
from spineline.content.library import Content
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.intake import Intake, take_in
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message
from spineline.keep.database import PATIENT_S, QUICK_S, Database
from spineline.keep.facts import fact
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.keep.persons import forget_person, purge_rest
from spineline.keep.sessions import read_secret
from spineline.keep.spool import Spool
from spineline.keep.told import Told
from spineline.keep.writes import ConflictError, RepeatedError, Write
from spineline.settings import Settings
from spineline.turns.aside import Aside
from spineline.turns.counting import Counting
from spineline.turns.engine import Asked, Engine
from spineline.turns.failures import Failures
from spineline.turns.last_words import alarm, calling_line, filled_line, safe_text
from spineline.turns.limits import Limits, address_of_request
from spineline.turns.linking import Linking
from spineline.turns.metrics import Metrics
from spineline.turns.people import People
from spineline.turns.places import Places
from spineline.turns.rate import Refusal
from spineline.turns.reader import Reader
from spineline.turns.said import ANSWERED, Keep, Said, keep_nothing
from spineline.turns.shape import CHANNELS, is_numbered
from spineline.turns.unstored import Unstored
from spineline.turns.wishes import Keeper

ALARM_WAIT_S = 0.3  # how long an emergency waits for Rasa's own words, stored, before it gets ours
LEAST_S = 1.0  # what each step of a turn has, when those before it have used up the deadline
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
        database: where everything is kept; one in memory unless given.
        spool: where turns wait that were answered and could not be stored; in memory unless given.
        secret: addresses are kept only as digests keyed with it; one of this process alone unless given.
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
        database: Database | None = None,
        spool: Path | None = None,
        secret: bytes = b"",
        alarm_wait_s: float = ALARM_WAIT_S,
    ) -> None:
        self.content, self.engine, self.metrics, self.people = content, engine, metrics, People()
        self.failures, self.database = Failures(metrics), database or Database()
        self.limits, links = Limits(settings, secret=secret), links or Links()
        self.linking = Linking(links, self.people, content, counter=metrics)
        self.counting = Counting([*self.limits.rates, self.linking.wrong], self.database)
        self.keeper = Keeper(engine, notices, self.people, content, settings.kept_days, links, counter=metrics)
        self._reader = Reader(content)
        self._places = Places()
        self._aside = Aside(engine, self.database, Unstored(Spool(spool), content), self.failures)
        self.settings, self._deadline_s, self._alarm_wait_s = settings, settings.deadline_s, alarm_wait_s
        self._numbers = itertools.count()
        self._working: dict[asyncio.Future[Any], tuple[str, int]] = {}  # conversation, number of the message
        self._ended: WeakSet[asyncio.Future[Any]] = WeakSet()
        self.keeper.end_turns = self._end
        self.keeper.also += [self._aside.forget, self.counting.forget, partial(forget_person, self.database)]
        self.keeper.also_old += [partial(purge_rest, self.database), self.counting.purge]
        self.told = Told(self.database)
        self.keeper.also.append(self.told.forget)
        self._always_offered = frozenset((*content.answer(_GREETING).buttons, BACK))

    async def answer(
        self,
        said: str | Intake,
        sender: str,
        channel: str,
        wished_language: str | None = None,
        keep: Keep = keep_nothing,
    ) -> list[Message]:
        """Answer one message; never empty, never later than the deadline, never an error but RepeatedError when
        the message has its answer, which only what `keep` writes can tell.

        Args:
            said: the raw message, or what `take_in` or `tapped` has made of it.
            wished_language: switched to since the last message; counts when this one does not tell.
            keep: what the channel wants written in the same commit, made of what the person is told; asked once, and
                not at all when the message is refused.
        """
        try:
            return await self.ask(said, sender, channel, wished_language, keep)
        except RefusedError as refused:
            return [refused.message]

    async def ask(
        self,
        said: str | Intake,
        sender: str,
        channel: str,
        wished_language: str | None = None,
        keep: Keep = keep_nothing,
    ) -> list[Message]:
        """The same; RefusedError when the limits say no and the message tells of no danger."""
        refusal, length = None, said.length if isinstance(said, Intake) else len(said)
        with self.failures.survived("limits"):
            refusal = self.limits.refuse(sender, length)
        if refusal:
            return await self._refused(refusal, self._read_now(said, is_read=refusal.is_read), sender, channel, keep)
        intake = await self.take_in(said, sender)
        try:
            with self.limits.turn(sender), self.metrics.in_flight.track_inprogress():
                return await self._turn(intake, sender, channel, wished_language, keep)
        except RepeatedError:
            raise
        except Exception as error:
            self.failures.note(error, channel)
            return await self._alarm_at_once(intake, sender, channel, keep) or self._last_words(intake, sender)

    async def stop(self) -> None:
        """Take nothing new, and wait for what is being answered and written down."""
        self.limits.is_stopping = True
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._deadline_s + 1
        while self._working and loop.time() < ends:  # what is written down comes when the answering is over
            await asyncio.wait(self._working, timeout=ends - loop.time())
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)

    async def _turn(
        self, intake: Intake, sender: str, channel: str, wished_language: str | None, keep: Keep
    ) -> list[Message]:
        started = perf_counter()
        asked, said = await self._beginning(intake, sender, channel, keep, wished_language)
        about_links = None if intake.red_flag else await self._about_links(intake, sender, channel)
        if about_links:
            said.decide([about_links])
            await self._commit(said, self._left(started))
            return self._finished(said, ANSWERED, sender, channel, started)
        work = await self._ask_engine(asked, said, self._left(started))
        if work.done() and not work.cancelled() and isinstance(work.exception(), RepeatedError):
            raise RepeatedError
        self._measure(said, started)
        is_stored = work.done() and not work.cancelled() and work.exception() is None
        if said.told or (said.messages and _is_enough(said.messages, intake)):
            outcome = ANSWERED
            left_s = self._left(started)
            said.decide(said.told or await self._fulfilled(said.messages, sender, asked.number, left_s))
        else:
            if said.messages:
                self.failures.note(WeakAnswerError("the engine answered an emergency with something milder"), channel)
            outcome, is_stored = "alarm" if intake.red_flag else "safe_text", False
            said.decide(self._last_words(intake, sender), outcome)
        if not is_stored:
            await self._put_aside(asked, said, work)
        elif not said.is_taken:
            await self._commit(said, self._left(started))
        return self._finished(said, outcome, sender, channel, started)

    async def _beginning(
        self,
        intake: Intake,
        sender: str,
        channel: str,
        keep: Keep,
        wished_language: str | None = None,
        *,
        has_notice: bool = True,
    ) -> tuple[Asked, Said]:
        """The message for the engine, and what will be said to it, with the notice where it is due."""
        asked = await self._asked(intake, sender, channel)
        line = self._notice_due(channel) if has_notice else None
        with self.failures.survived("notice"):
            within_s = QUICK_S if intake.red_flag else PATIENT_S
            line = None if line and await self.keeper.was_told(sender, within_s) else line

        def decide(messages: Sequence[Message], outcome: str) -> tuple[list[Message], list[Write]]:
            told, writes = list(messages), list[Write]()
            with self.failures.survived("notice"):
                told, writes = self._with_notice(line, told, sender)
            with self.failures.survived("facts"):
                if not _is_forgetting(messages):
                    writes.append(fact(sender, channel, outcome, _about(messages), time.time()))
            with self.failures.survived("keep"):
                writes += keep(told)
            return told, writes

        def is_enough(messages: Sequence[Message]) -> bool:
            return _is_enough(messages, intake) and not any(message.wish for message in messages)

        said = Said(decide, is_enough)
        return replace(asked, wished_language=wished_language, beside=said.beside), said

    async def _put_aside(self, asked: Asked, said: Said, work: asyncio.Future[Any] | None = None) -> None:
        """Before the person is told something that is not stored, it is on the disk; it is stored as soon as can be."""
        if work in self._ended:
            return
        apart = await self._aside.put(asked, said)
        self._work_for(asked, asyncio.ensure_future(self._aside.write_apart(apart)))
        if work is None or work.done():
            self._write_down(asked, said)

    def _left(self, started: float) -> float:
        """How much of the deadline there is for the next step of a turn."""
        return max(min(LEAST_S, self._deadline_s), self._deadline_s - (perf_counter() - started))

    async def _commit(self, said: Said, within_s: float) -> None:
        try:
            await asyncio.wait_for(self.database.commit(said.writes), within_s)
        except RepeatedError:
            raise
        except Exception as error:
            self.failures.note(error, "commit")

    def _measure(self, said: Said, started: float) -> None:
        with self.failures.survived("metrics"):
            self.metrics.seconds.labels("answer").observe((said.last_at if said.messages else perf_counter()) - started)
            if said.messages:
                self.metrics.seconds.labels("save").observe(perf_counter() - said.last_at)

    async def _about_links(self, intake: Intake, sender: str, channel: str) -> Message | None:
        with self.failures.survived("links"):
            return await self.linking.answer(intake.text, sender, channel)
        return None

    async def _asked(self, intake: Intake, sender: str, channel: str) -> Asked:
        """The message as the engine gets it, in the conversation that goes on here."""
        conversation, choice, numbered = sender, intake.choice, is_numbered(channel)
        with self.failures.survived("links"):
            conversation = await self.linking.conversation_of(sender, QUICK_S if intake.red_flag else PATIENT_S)
            choice = self.linking.meant(intake.text, sender, conversation, numbered) or choice
        return Asked(intake.text, conversation, channel, intake, numbered, choice, next(self._numbers))

    async def take_in(self, said: str | Intake, sender: str) -> Intake:
        """Read a message and judge its danger, once. Never an error: a reader that fails does not stop the message.

        A quick reply that was not offered is read as its title.
        """
        started = perf_counter()
        try:
            intake = said if isinstance(said, Intake) else await self._reader.read(said)
            taps = (intake.choice, *intake.also) if intake.choice else ()
            if not all(self._is_offered(choice, sender) for choice in taps):
                intake = await self._reader.read("\n".join(self._title(choice, sender) for choice in taps))
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

    async def _ask_engine(self, asked: Asked, said: Said, within_s: float) -> asyncio.Future[Any]:
        """Let the engine answer. The turn goes on in the background when nobody can wait any longer."""
        is_urgent = asked.intake.red_flag is not None
        place = None if is_urgent else address_of_request.get()
        work = asyncio.ensure_future(asyncio.wait_for(self._in_place(place, asked, said), within_s))
        self._work_for(asked, work)
        work.add_done_callback(lambda done: self._settle(done, asked, said))
        await asyncio.wait({work}, timeout=self._alarm_waits_s() if is_urgent else within_s + 0.1)
        return work

    def _alarm_waits_s(self) -> float:
        """The look that a database has just kept waiting took of the half second that an emergency has."""
        return self._alarm_wait_s / 2 if self.database.hangs else self._alarm_wait_s

    async def _in_place(self, address: str | None, asked: Asked, said: Said) -> None:
        async with self._places.place(address):
            await self._aside.store(asked.conversation)
            for is_last in (False, False, True):
                try:
                    await self.engine.answer(asked, said)
                    break
                except ConflictError:
                    if is_last:
                        raise
                    said.begin_again()

    def _settle(self, work: asyncio.Future[Any], asked: Asked, said: Said) -> None:
        """The engine is done; when the person had to be told something before that, this looks after what is stored."""
        error = asyncio.CancelledError() if work.cancelled() else work.exception()
        if work in self._ended:
            return
        is_stored = error is None or isinstance(error, RepeatedError)
        if error and not is_stored:
            self.failures.note(error, asked.channel)
        if said.is_final and not is_stored:
            self._write_down(asked, said)
        elif said.is_final:
            self._work_for(asked, asyncio.ensure_future(self._aside.drop(asked)))

    async def store_unstored(self) -> None:
        """Write down what was said and could not be stored then."""
        await self._aside.store()

    def _end(self, conversation: str, before: float) -> None:
        """Its words are deleted, so what is still being answered or recorded of earlier messages is given up."""
        for work, (whose, number) in list(self._working.items()):
            if whose == conversation and number < before:
                self._ended.add(work)
                work.cancel()

    def alarm(self, intake: Intake, sender: str) -> Message | None:
        """What to do about the danger that a message tells of, said without Rasa; None when it tells of none."""
        flags = intake.danger.alarms if intake.danger else ()
        if not flags:
            return None
        known = None
        with self.failures.survived("people"):
            known = self.people.get(sender).alarm
        return alarm(flags, Memory(self._language(intake.text, sender), alarm=known), self.content)

    def _last_words(self, intake: Intake, sender: str) -> list[Message]:
        return [self.alarm(intake, sender) or safe_text(self._language(intake.text, sender), self.content)]

    def _language(self, text: str, sender: str) -> str | None:
        with self.failures.survived("language"):
            guess = self.content.languages.guess(text)
            return guess if guess in self.content.clinic.languages else self.people.get(sender).language
        return None

    async def _refused(self, refusal: Refusal, intake: Intake, sender: str, channel: str, keep: Keep) -> list[Message]:
        """An alarm for who is in danger, open from then on like any other; nobody else is answered."""
        with self.failures.survived("log"):
            logger.info("refused", reason=refusal.reason, channel=channel)
        messages = await self._alarm_at_once(intake, sender, channel, keep)
        with self.failures.survived("metrics"):
            self.metrics.answered(channel, refusal.reason, messages)
        if not messages:
            line = "too_fast" if refusal.reason == "too_fast" else "busy"
            raise RefusedError(refusal, calling_line(line, self._language(intake.text, sender), self.content))
        return messages

    async def _alarm_at_once(self, intake: Intake, sender: str, channel: str, keep: Keep) -> list[Message]:
        """An alarm that Rasa is not asked about: its buttons are noted, it is on the disk before it is said, and it is
        opened as soon as can be."""
        message = self.alarm(intake, sender)
        if message is None:
            return []
        with self.failures.survived("people"):
            self.people.saw(sender, [message])
        asked, said = await self._beginning(intake, sender, channel, keep, has_notice=False)
        said.decide([message], "alarm")
        await self._put_aside(asked, said)
        return said.told

    def _finished(self, said: Said, outcome: str, sender: str, channel: str, started: float) -> list[Message]:
        """What follows an answer. Once there are words they are said, whatever fails here."""
        with self.failures.survived("metrics"):
            self.metrics.answered(channel, outcome, said.meant)
        with self.failures.survived("log"):
            self._log(said.meant, outcome, channel, started)
        with self.failures.survived("people"):
            self.people.saw(sender, said.meant)
        return said.told

    async def _fulfilled(self, messages: list[Message], sender: str, number: int, within_s: float) -> list[Message]:
        """A promise about data that nobody could keep, or not in time, is not said; everything else is."""
        with self.failures.survived("wishes"):
            work = asyncio.ensure_future(self.keeper.fulfil(messages, sender, number))
            self._working[work] = (sender, number)
            work.add_done_callback(self._done)
            return await asyncio.wait_for(asyncio.shield(work), within_s)  # what is begun is finished
        kept = [message for message in messages if not message.wish]
        return kept or [safe_text(self._language("", sender), self.content)]

    def _notice_due(self, channel: str) -> str | None:
        return CHANNELS[channel].notice if channel in CHANNELS else _NOTICE

    def _with_notice(self, line: str | None, messages: list[Message], sender: str) -> tuple[list[Message], list[Write]]:
        """Once for each person; behind the answer when that is urgent, else before it."""
        if line is None or _is_forgetting(messages):
            return messages, []
        written = self.keeper.tell(sender, datetime.now(timezone.utc))
        notice = filled_line(line, messages[0].language, self.content, kept_days=self.keeper.kept_days)
        return [*messages, notice] if messages[0].tier else [notice, *messages], [written]

    def _log(self, messages: Sequence[Message], outcome: str, channel: str, started: float) -> None:
        told = {name: value for name, value in _about(messages).items() if value}
        ms = round(1000 * (perf_counter() - started))
        logger.info("turn", channel=channel, outcome=outcome, ms=ms, **told)

    def _write_down(self, asked: Asked, said: Said) -> None:
        self._work_for(asked, asyncio.ensure_future(self._aside.record(asked, said.meant)))

    def _work_for(self, asked: Asked, work: asyncio.Future[Any]) -> None:
        self._working[work] = (asked.conversation, asked.number)
        work.add_done_callback(self._done)

    def _done(self, work: asyncio.Future[Any]) -> None:
        del self._working[work]


def _is_enough(messages: Iterable[Message], intake: Intake) -> bool:
    """Whether a message that tells of danger was met with an instruction at least as urgent."""
    flag = intake.red_flag
    return flag is None or any(message.tier and not flag.tier.outranks(message.tier) for message in messages)


def _is_forgetting(messages: Iterable[Message]) -> bool:
    """Whether all of the person goes in this turn: nothing may be written of them beside it."""
    return any(message.wish == "forget" for message in messages)


def _about(messages: Sequence[Message]) -> dict[str, str | None]:
    first = messages[0]
    return {
        "intent": first.intent,
        "card": first.card,
        "tier": first.tier.value if first.tier else None,
        "flag": first.flag,
    }


def make_turns(content: Content, settings: Settings, engine: Engine, database: Database) -> Turns:
    """The turns around an engine, with all that they keep in the database."""
    secret, spool = read_secret(settings.secret_key, settings.data_dir), settings.data_dir / "turns.spool"
    turns = Turns(
        content,
        settings,
        engine,
        Notices(database),
        Metrics(),
        Links(database, secret),
        database=database,
        spool=spool,
        secret=secret,
    )
    database.note = turns.failures.note
    return turns
