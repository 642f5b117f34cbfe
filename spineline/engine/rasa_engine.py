"""Rasa behind the port: everything that knows its messages, collectors and stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rasa.core.channels.channel import UserMessage

from spineline.content.library import Content
from spineline.engine.collector import Collector
from spineline.engine.lost_turns import record_lost_turn
from spineline.turns.engine import Asked, Reply, Say, Store


class RasaEngine:
    """Answers with Rasa's agent.

    Args:
        agent_of: gives the agent; `rasa run` has it only after its channels were made.
        content: what an alarm says that the agent did not raise.
    """

    def __init__(self, agent_of: Callable[[], Any], content: Content) -> None:
        self._agent_of, self._content = agent_of, content

    @property
    def store(self) -> Store:
        """The conversation store inside the wrappers that Rasa puts around it."""
        store = self._agent_of().tracker_store
        while hasattr(store, "_tracker_store"):
            store = store._tracker_store
        return store  # type: ignore[no-any-return]

    async def answer(self, asked: Asked, say: Say) -> None:
        """Let Rasa handle the message."""
        await self._agent_of().handle_message(user_message(asked, say))

    async def record(self, asked: Asked, said: Iterable[Reply]) -> None:
        """Add the message and what was said to Rasa's tracker; an alarm among it is open from then on."""
        await record_lost_turn(self._agent_of(), asked, said, self._content)


def user_message(asked: Asked, say: Say) -> UserMessage:
    """The message as Rasa takes it; what it says goes to `say`."""
    return UserMessage(
        asked.text,
        Collector(say),
        asked.conversation,
        input_channel=asked.channel,
        message_id=asked.id,
        metadata={
            **asked.intake.metadata,
            "numbered": asked.numbered,
            "wished_language": asked.wished_language,
        },
    )
