"""Passes on what Rasa says in one turn."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from spineline.content.library import Content
from spineline.dialogue.wire import read_message
from spineline.turns.engine import Say


class Collector(OutputChannel):
    """Gives each answer to `say` as a message, made again from the ids in it."""

    def __init__(self, say: Say, content: Content) -> None:
        self._say, self._content = say, content

    @classmethod
    def name(cls) -> str:
        """Rasa asks every output channel for a name."""
        return "collector"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Pass on a message whole."""
        if isinstance(message.get("text"), str):
            self._say(read_message(message, self._content))
