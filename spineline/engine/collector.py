"""Passes on what Rasa says in one turn."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from spineline.turns.engine import Say


class Collector(OutputChannel):
    """Gives each answer to `say` as data: text, buttons, metadata."""

    def __init__(self, say: Say) -> None:
        self._say = say

    @classmethod
    def name(cls) -> str:
        """Rasa asks every output channel for a name."""
        return "collector"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Pass on a message whole."""
        self._say({key: message[key] for key in ("text", "buttons", "metadata") if message.get(key)})
