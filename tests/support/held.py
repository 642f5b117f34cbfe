"""Conversations held in this process: the trained model, the dialogue, and a clock that a test moves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from actions.base import turn_of
from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.intake import take_in
from spineline.dialogue.turn import Memory, Reply

NOON = 30_000_000  # some minute since 1970


@dataclass
class Talk:
    """One person's conversation.

    Args:
        understood: what the model made of the texts that were parsed, by text; shared between talks.
        now: in minutes since 1970.
    """

    agent: Any
    content: Content
    understood: dict[str, dict[str, Any]] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    now: int = NOON

    def says(self, text: str) -> Reply:
        """The answer to one typed message, a minute after the one before."""
        intake = take_in(text, self.content)
        if text not in self.understood:
            self.understood[text] = asyncio.run(self.agent.parse_message(intake.text))
        self.now += 1
        turn = turn_of({**self.understood[text], "metadata": intake.metadata})
        reply = respond(replace(turn, at=self.now), self.memory, self.content)
        self.memory = reply.memory
        return reply


def text_of(reply: Reply) -> str:
    """Everything that is read of a reply."""
    return "\n".join(message.text for message in reply.messages)
