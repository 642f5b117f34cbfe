"""What is said to text messages: keywords are obeyed first, then danger, then turns like everywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import structlog

from spineline.channels.messengers.hub import Hub
from spineline.channels.twilio.texts.messages import SMS, TextMessage
from spineline.channels.twilio.texts.parts import fits_sms, fits_whatsapp, parts, plain
from spineline.dialogue.intake import Intake, take_in
from spineline.dialogue.render import data
from spineline.dialogue.turn import Message
from spineline.keep.deliveries import Draft
from spineline.turns.last_words import alarm, as_dict, calling_line, safe_text
from spineline.turns.shape import CHANNELS, Reply, Shaped, shape
from spineline.turns.turns import OnMessage

_LINES = {"stop": "text_stop", "start": "text_start", "help": "text_help"}
_DESPITE_STOP = ("alarm", "text_stop", "text_alarm")  # said even to who wants no messages

logger = structlog.get_logger("spineline.texts")


class TextTalk:
    """Answers text messages with drafts; each draft names the message that it answers."""

    def __init__(self, hub: Hub, clock: Callable[[], float] = time.time) -> None:
        self._hub, self._clock = hub, clock

    async def answer(self, message: TextMessage, on_message: OnMessage) -> list[Draft]:
        """What to send; nothing to who wants no messages, unless there is danger."""
        sender = self._hub.sender(message.channel, message.person)
        return self._drafts(message, sender, await self._said(message, sender, on_message))

    def last_words(self, message: TextMessage) -> list[Draft]:
        """What to send when that failed: advice in danger, else the clinic's number."""
        sender = self._hub.sender(message.channel, message.person)
        intake = take_in(message.text, self._hub.content)
        reply = self._alarm(intake, sender) or safe_text(self._hub.language(sender), self._hub.content)
        return self._drafts(message, sender, self._shaped([reply], message))

    async def _said(self, message: TextMessage, sender: str, on_message: OnMessage) -> list[Shaped]:
        deliveries, keyword = self._hub.courier.deliveries, self._keyword(message)
        has_opted_out = deliveries.has_opted_out(sender)
        if keyword:
            return self._obey(keyword, message, sender, has_opted_out)
        if has_opted_out:
            return self._despite_stop(message, sender)
        if not message.text:
            return self._shaped([self._limited("only_text", sender)], message)
        return await self._hub.answer(message.text, sender, message.channel, on_message)

    def _keyword(self, message: TextMessage) -> str | None:
        obeyed = message.obeyed.lower()
        return obeyed if obeyed in _LINES else self._hub.content.keywords.of(message.text)

    def _obey(self, keyword: str, message: TextMessage, sender: str, has_opted_out: bool) -> list[Shaped]:
        """One confirmation; none when Twilio has given it, or when the person has said stop before."""
        logger.info("keyword", channel=message.channel, outcome=keyword)
        if keyword == "stop":
            self._hub.courier.deliveries.opt_out(sender, self._clock())
        elif keyword == "start":
            self._hub.courier.deliveries.opt_in(sender)
        if message.obeyed or (keyword == "stop" and has_opted_out):
            return []
        line = self._line(_LINES[keyword], sender)
        return self._shaped([line if keyword == "stop" else self._limited(_LINES[keyword], sender)], message)

    def _despite_stop(self, message: TextMessage, sender: str) -> list[Shaped]:
        """Advice in danger, for health comes before silence; nothing of the message is kept."""
        reply = self._alarm(take_in(message.text, self._hub.content), sender)
        if reply is None:
            return []
        self._hub.turns.metrics.answered(message.channel, "alarm", [reply])
        return self._shaped([reply, self._line("text_alarm", sender)], message)

    def _alarm(self, intake: Intake, sender: str) -> Reply | None:
        """What to do, without quick replies: nobody would hear them."""
        if not intake.red_flag:
            return None
        content = self._hub.content
        guess = content.languages.guess(intake.text)
        language = guess if guess in content.clinic.languages else self._hub.language(sender)
        reply = alarm(intake.red_flag, language, content)
        return {**reply, "buttons": [button for button in reply["buttons"] if button.get("url")]}

    def _limited(self, name: str, sender: str) -> Reply:
        """A fixed line, within the limits that turns have."""
        refusal = self._hub.refuse(sender)
        if refusal and refusal.reason == "too_fast":
            return calling_line("too_fast", self._hub.language(sender), self._hub.content)
        return self._line(name, sender)

    def _line(self, name: str, sender: str) -> Reply:
        """A fixed line in the person's language, in both where it is not known."""
        content, known = self._hub.content, self._hub.language(sender)
        languages = [known] if known else list(content.clinic.languages)
        text = "\n".join(content.line(name, language) for language in languages)
        return as_dict(Message(text, (), data(languages[0], card=name)))

    def _shaped(self, replies: Iterable[Reply], message: TextMessage) -> list[Shaped]:
        return shape(replies, CHANNELS[message.channel], self._hub.content)

    def _drafts(self, message: TextMessage, sender: str, said: list[Shaped]) -> list[Draft]:
        despite_stop = any(shaped.data.get("card") in _DESPITE_STOP for shaped in said)
        about = {"answers": message.id, "from": message.ours, "despite_stop": despite_stop}
        texts = [shaped.text for shaped in said]
        cut = parts(map(plain, texts), fits_sms) if message.channel == SMS else parts(texts, fits_whatsapp)
        return [Draft(message.channel, message.person, sender, {"text": text, **about}) for text in cut]
