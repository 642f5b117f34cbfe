"""One guarded turn, the same for every channel: danger signs first, an answer in time whatever fails behind."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from spineline.alarms import raise_alarm
from spineline.content import Content
from spineline.intake import Intake, take_in
from spineline.render import call_button
from spineline.settings import read_settings
from spineline.turn import Memory, Message

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]


class Collector(OutputChannel):
    """Collects the answers of one turn as data: text, buttons, metadata."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Rasa asks every output channel for a name."""
        return "collector"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message whole."""
        kept = {key: message[key] for key in ("text", "buttons", "metadata") if message.get(key)}
        if kept:
            self.messages.append(kept)


async def answer(raw: str, sender: str, channel: str, on_message: OnMessage, content: Content) -> list[dict[str, Any]]:
    """Answer one message; never empty, never later than the deadline."""
    intake = take_in(raw, content)
    collector = Collector()
    message = UserMessage(intake.text, collector, sender, input_channel=channel, metadata=intake.metadata)
    try:
        await asyncio.wait_for(on_message(message), read_settings(os.environ).deadline_s)
    except Exception as error:
        logger.error("turn failed: %s", type(error).__name__)
    return collector.messages or [_as_dict(_last_resort(intake, content))]


def _last_resort(intake: Intake, content: Content) -> Message:
    """What is said when nothing behind the channel answered: the alarm, else the number, in both languages."""
    if intake.red_flag:
        return raise_alarm(intake.red_flag.tier, intake.red_flag.id, Memory(), content).messages[0]
    text = "\n".join(content.line("safe_text", language) for language in content.clinic.languages)
    return Message(text, tuple(call_button(whom, "en", content) for whom in ("clinic", "911")), {"card": "safe_text"})


def _as_dict(message: Message) -> dict[str, Any]:
    buttons = [button.as_dict() for button in message.buttons]
    return {"text": message.text, "buttons": buttons, "metadata": dict(message.data)}
