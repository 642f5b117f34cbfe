"""Catches what Rasa says in one turn."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from rasa.core.channels.channel import OutputChannel

from spineline.turns.last_words import Reply


class Collector(OutputChannel):
    """Collects the answers of one turn as data: text, buttons, metadata. What has no text is no answer."""

    def __init__(self) -> None:
        self.messages: list[Reply] = []
        self.last_at = perf_counter()

    @classmethod
    def name(cls) -> str:
        """Rasa asks every output channel for a name."""
        return "collector"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message whole."""
        text = message.get("text")
        if isinstance(text, str) and text.strip():
            self.messages.append({key: message[key] for key in ("text", "buttons", "metadata") if message.get(key)})
            self.last_at = perf_counter()
