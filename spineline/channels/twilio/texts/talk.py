"""What is said to text messages: keywords are obeyed first, then danger, then turns like everywhere else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Taking
from spineline.channels.twilio.texts.messages import SMS, TextMessage
from spineline.channels.twilio.texts.parts import fits_sms, fits_whatsapp, parts, plain
from spineline.dialogue.intake import Intake, take_in
from spineline.dialogue.turn import Kind, Message
from spineline.keep.database import HASTY_S, PATIENT_S
from spineline.keep.deliveries import Draft
from spineline.turns.last_words import calling_line, line_in, safe_text
from spineline.turns.said import Keep
from spineline.turns.shape import CHANNELS, text_for

_LINES = {"stop": "text_stop", "start": "text_start", "help": "text_help"}
_DESPITE_STOP = ("text_stop", "text_alarm")  # said even to who wants no messages

logger = structlog.get_logger("spineline.texts")


class TextTalk:
    """Answers text messages with drafts; each draft names the message that it answers."""

    def __init__(self, hub: Hub, clock: Callable[[], float] = time.time) -> None:
        self._hub, self._clock = hub, clock

    async def answer(self, message: TextMessage, taking: Taking) -> list[Draft]:
        """What to send; nothing to who wants no messages, unless there is danger."""
        sender = self._hub.sender(message.channel, message.person)
        keep = taking.keep(lambda told: self._drafts(message, sender, told))
        return self._drafts(message, sender, await self._said(message, sender, keep))

    def last_words(self, message: TextMessage) -> list[Draft]:
        """What to send when that failed: advice in danger, else the clinic's number."""
        sender = self._hub.sender(message.channel, message.person)
        intake = take_in(message.text, self._hub.content)
        said = self._alarm(intake, sender) or safe_text(self._hub.language(sender), self._hub.content)
        return self._drafts(message, sender, [said])

    async def _said(self, message: TextMessage, sender: str, keep: Keep) -> list[Message]:
        keyword = self._keyword(message)
        has_opted_out = await self._has_opted_out(message, sender)
        if keyword:
            return await self._obey(keyword, message, sender, has_opted_out)
        if has_opted_out:
            return self._despite_stop(message, sender)
        if not message.text:
            return [self._limited("only_text", sender)]
        return await self._hub.answer(message.text, sender, message.channel, keep)

    async def _has_opted_out(self, message: TextMessage, sender: str) -> bool:
        """A database that cannot be read is no reason to be silent, and a slow one none to disobey: only who is in
        danger does not wait for it."""
        with self._hub.turns.failures.survived("texts"):
            has_opted_out = self._hub.courier.deliveries.has_opted_out
            try:
                return await has_opted_out(sender, HASTY_S)
            except asyncio.TimeoutError:
                if take_in(message.text, self._hub.content).red_flag is None:
                    return await has_opted_out(sender, PATIENT_S)
        return False

    def _keyword(self, message: TextMessage) -> str | None:
        obeyed = message.obeyed.lower()
        return obeyed if obeyed in _LINES else self._hub.content.keywords.of(message.text)

    async def _obey(self, keyword: str, message: TextMessage, sender: str, has_opted_out: bool) -> list[Message]:
        """One confirmation; none when Twilio has given it, or when the person has said stop before."""
        logger.info("keyword", channel=message.channel, outcome=keyword)
        if keyword == "stop":
            await self._hub.courier.deliveries.opt_out(sender, self._clock())
        elif keyword == "start":
            await self._hub.courier.deliveries.opt_in(sender)
        if message.obeyed or (keyword == "stop" and has_opted_out):
            return []
        line = _LINES[keyword]
        return [self._line(line, sender) if keyword == "stop" else self._limited(line, sender)]

    def _despite_stop(self, message: TextMessage, sender: str) -> list[Message]:
        """Advice in danger, for health comes before silence; nothing of the message is kept, so no alarm is open."""
        said = self._alarm(take_in(message.text, self._hub.content), sender)
        if said is None:
            return []
        self._hub.turns.metrics.answered(message.channel, "alarm", [said])
        return [said, self._line("text_alarm", sender)]

    def _alarm(self, intake: Intake, sender: str) -> Message | None:
        """What to do, without quick replies: nobody would hear them."""
        said = self._hub.turns.alarm(intake, sender)
        return said and replace(said, choices=())

    def _limited(self, name: str, sender: str) -> Message:
        """A fixed line, within the limits that turns have."""
        refusal = self._hub.refuse(sender)
        if refusal and refusal.reason == "too_fast":
            return calling_line("too_fast", self._hub.language(sender), self._hub.content)
        return self._line(name, sender)

    def _line(self, name: str, sender: str) -> Message:
        """A fixed line in the person's language, in both where it is not known."""
        return line_in(name, self._hub.language(sender), self._hub.content)

    def _drafts(self, message: TextMessage, sender: str, said: Sequence[Message]) -> list[Draft]:
        despite_stop = any(one.kind is Kind.ALARM or one.card in _DESPITE_STOP for one in said)
        about = {"answers": message.id, "from": message.ours, "despite_stop": despite_stop}
        texts = [text_for(one, CHANNELS[message.channel], self._hub.content) for one in said]
        cut = parts(map(plain, texts), fits_sms) if message.channel == SMS else parts(texts, fits_whatsapp)
        return [Draft(message.channel, message.person, sender, {"text": text, **about}) for text in cut]
