"""One guarded turn, the same for every channel: danger signs first, an answer in time whatever fails behind."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timezone
from functools import lru_cache
from time import perf_counter
from typing import Any

import structlog
from rasa.core.channels.channel import UserMessage

from spineline.content.library import Content, current_content
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.intake import Intake, take_in
from spineline.dialogue.render import choice_payload
from spineline.engine.collector import Collector
from spineline.engine.lost_turns import record_lost_turn
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.keep.sessions import read_secret
from spineline.settings import Settings, read_settings
from spineline.turns.last_words import Reply, alarm, calling_line, filled_line, safe_text
from spineline.turns.limits import Limits, Refusal, address_of_request
from spineline.turns.linking import Linking
from spineline.turns.metrics import Metrics
from spineline.turns.people import People
from spineline.turns.places import Places
from spineline.turns.reader import Reader
from spineline.turns.shape import CHANNELS
from spineline.turns.wishes import Keeper

ALARM_WAIT_S = 0.5  # how long an emergency waits for Rasa's own words before it gets ours
RECORD_S = 30.0  # how long a turn that went wrong may take to be written down
_GREETING = "greet/about"
_NOTICE = "privacy_notice"

logger = structlog.get_logger("spineline.turns")

OnMessage = Callable[[UserMessage], Awaitable[Any]]


class RefusedError(Exception):
    """A message that is not answered now; `reply` says so to the person, `refusal` to the program."""

    def __init__(self, refusal: Refusal, reply: Reply) -> None:
        super().__init__(refusal.reason)
        self.refusal, self.reply = refusal, reply


class Turns:
    """Answers the messages of one process.

    Args:
        notices: who was told that the chat is automatic and kept.
        links: which chats are one conversation; those of this process alone unless given.
    `agent` is Rasa's, once it is there; without it nothing that went wrong can be recorded, and nothing forgotten.
    """

    def __init__(
        self, content: Content, settings: Settings, notices: Notices, metrics: Metrics, links: Links | None = None
    ) -> None:
        self.content, self.metrics, self.people = content, metrics, People()
        self.limits, links = Limits(settings), links or Links(None)
        self.linking = Linking(links, self.people, content)
        self.keeper = Keeper(notices, self.people, content, settings.kept_days, links)
        self._reader = Reader(content)
        self._places = Places()
        self._deadline_s = settings.deadline_s
        self._background: set[asyncio.Future[Any]] = set()
        self._always_offered = {choice_payload(c, content) for c in content.answer(_GREETING).buttons}

    def warm_up(self) -> None:
        """Read now what else would be read at the first long message."""
        self._reader.warm_up()

    @property
    def agent(self) -> Any:
        """Rasa's agent."""
        return self.keeper.agent

    @agent.setter
    def agent(self, agent: Any) -> None:
        self.keeper.agent = agent

    async def answer(self, raw: str, sender: str, channel: str, on_message: OnMessage) -> list[Reply]:
        """Answer one message; never empty, never later than the deadline, never an error."""
        try:
            return await self.ask(raw, sender, channel, on_message)
        except RefusedError as refused:
            return [refused.reply]

    async def ask(self, raw: str, sender: str, channel: str, on_message: OnMessage) -> list[Reply]:
        """The same; RefusedError when the limits say no and the message tells of no danger."""
        refusal = self.limits.refuse(sender, len(raw))
        if refusal:
            return [await self._refused(refusal, raw, sender, channel)]
        try:
            with self.limits.turn(sender), self.metrics.in_flight.track_inprogress():
                return await self._turn(raw, sender, channel, on_message)
        except Exception as error:
            self._failed(error, channel)
            return [safe_text(self.people.get(sender).language, self.content)]

    async def stop(self) -> None:
        """Take nothing new, and wait for what is being answered and written down."""
        self.limits.is_stopping = True
        if self._background:
            await asyncio.wait(self._background, timeout=self._deadline_s + 1)
        await asyncio.sleep(0.05)

    async def _turn(self, raw: str, sender: str, channel: str, on_message: OnMessage) -> list[Reply]:
        with self.metrics.stage("read"):
            intake = await self._take_in(raw, sender)
        started = perf_counter()
        about_links = None if intake.red_flag else self.linking.answer(intake.text, sender, channel)
        if about_links:
            return await self._finished([about_links], "answered", sender, channel, started)
        conversation, collector = self.linking.conversation_of(sender), Collector()
        text = self.linking.meant(intake.text, sender, conversation)
        message = UserMessage(text, collector, conversation, input_channel=channel, metadata=intake.metadata)
        await self._ask_rasa(message, intake, sender, on_message)
        replies = list(collector.messages)
        self.metrics.seconds.labels("answer").observe((collector.last_at if replies else perf_counter()) - started)
        if replies:
            self.metrics.seconds.labels("save").observe(perf_counter() - collector.last_at)
        outcome = "answered" if replies else "alarm" if intake.red_flag else "safe_text"
        return await self._finished(replies or self._last_words(intake, sender), outcome, sender, channel, started)

    async def _take_in(self, raw: str, sender: str) -> Intake:
        """Danger signs are looked for before anything else; a reader that fails does not stop the message."""
        try:
            return await self._reader.read(self._without_foreign_payload(raw, sender))
        except Exception as error:
            self._failed(error, "read")
            return Intake(raw.lstrip("/ \n\t")[:LONGEST_MESSAGE], len(raw) > LONGEST_MESSAGE, None)

    def _without_foreign_payload(self, raw: str, sender: str) -> str:
        """Only buttons that this person was sent can be pressed; after a restart, any of ours."""
        offered = self.people.get(sender).offered
        if not offered or raw in offered or raw in self._always_offered:
            return raw
        return raw.lstrip("/ \n\t")

    async def _ask_rasa(self, message: UserMessage, intake: Intake, sender: str, on_message: OnMessage) -> None:
        """Let Rasa answer into the collector. The turn goes on in the background when nobody can wait any longer."""
        place = None if intake.red_flag else address_of_request.get()
        work = asyncio.ensure_future(asyncio.wait_for(self._in_place(place, message, on_message), self._deadline_s))
        self._keep(work)
        work.add_done_callback(lambda done: self._settle(done, message, intake, sender))
        await asyncio.wait({work}, timeout=ALARM_WAIT_S if intake.red_flag else self._deadline_s + 0.1)

    async def _in_place(self, address: str | None, message: UserMessage, on_message: OnMessage) -> None:
        async with self._places.place(address):
            await on_message(message)

    def _settle(self, work: asyncio.Future[Any], message: UserMessage, intake: Intake, sender: str) -> None:
        error = asyncio.CancelledError() if work.cancelled() else work.exception()
        if error is None:
            return
        self._failed(error, message.input_channel)
        if not message.output_channel.messages and self.agent is not None:
            words = self._last_words(intake, sender)
            self._keep(asyncio.ensure_future(self._record(message, words)))

    async def _record(self, message: UserMessage, said: Iterable[Reply]) -> None:
        try:
            await asyncio.wait_for(record_lost_turn(self.agent, message, said), RECORD_S)
        except Exception as error:
            self._failed(error, "record")

    def _last_words(self, intake: Intake, sender: str) -> list[Reply]:
        language = self._language(intake.text, sender)
        if intake.red_flag:
            return [alarm(intake.red_flag, language, self.content)]
        return [safe_text(language, self.content)]

    def _language(self, text: str, sender: str) -> str | None:
        guess = self.content.languages.guess(text)
        return guess if guess in self.content.clinic.languages else self.people.get(sender).language

    async def _refused(self, refusal: Refusal, raw: str, sender: str, channel: str) -> Reply:
        self.metrics.answered(channel, refusal.reason, ())
        logger.info("refused", reason=refusal.reason, channel=channel)
        text = raw[:LONGEST_MESSAGE] if refusal.is_read else ""
        intake = take_in(text, self.content)
        language = self._language(text, sender)
        if intake.red_flag:
            return alarm(intake.red_flag, language, self.content)
        line = "too_fast" if refusal.reason == "too_fast" else "busy"
        raise RefusedError(refusal, calling_line(line, language, self.content))

    async def _finished(
        self, replies: list[Reply], outcome: str, sender: str, channel: str, started: float
    ) -> list[Reply]:
        self.metrics.answered(channel, outcome, replies)
        self._log(replies, outcome, channel, started)
        self.people.saw(sender, replies)
        replies = await self.keeper.fulfil(replies, sender)
        notice = CHANNELS[channel].notice if channel in CHANNELS else _NOTICE
        return self._with_notice(notice, replies, sender) if notice else replies

    def _with_notice(self, line: str, replies: list[Reply], sender: str) -> list[Reply]:
        """Once for each person; behind the answer when that is urgent, else before it."""
        is_forgotten = any(reply.get("metadata", {}).get("forget") for reply in replies)
        if is_forgotten or self.keeper.was_told(sender):
            return replies
        self.keeper.tell(sender, datetime.now(timezone.utc))
        first = replies[0].get("metadata", {})
        language = first.get("language") or self.people.get(sender).language or self.content.clinic.languages[0]
        notice = filled_line(line, language, self.content, kept_days=self.keeper.kept_days)
        return [*replies, notice] if first.get("tier") else [notice, *replies]

    def _log(self, replies: list[Reply], outcome: str, channel: str, started: float) -> None:
        data = replies[0].get("metadata", {})
        told = {key: data[key] for key in ("intent", "card", "tier", "flag") if data.get(key)}
        ms = round(1000 * (perf_counter() - started))
        logger.info("turn", channel=channel, outcome=outcome, ms=ms, **told)

    def _failed(self, error: BaseException, where: str) -> None:
        self.metrics.failed(error)
        logger.error("failed", where=where, error=type(error).__name__)

    def _keep(self, work: asyncio.Future[Any]) -> None:
        self._background.add(work)
        work.add_done_callback(self._background.discard)


@lru_cache(maxsize=1)
def current_turns() -> Turns:
    """The turns of this process, as the environment decides; made at the first message."""
    settings = read_settings(os.environ)
    folder = settings.data_dir
    links = Links(folder / "links.db", read_secret(settings.secret_key, folder))
    return Turns(current_content(), settings, Notices(folder / "notices.db"), Metrics(), links)


async def answer(raw: str, sender: str, channel: str, on_message: OnMessage, content: Content) -> list[Reply]:
    """Answer one message with the turns of this process."""
    return await current_turns().answer(raw, sender, channel, on_message)
