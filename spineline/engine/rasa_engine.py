"""Rasa behind the port: everything that knows its messages, collectors and stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rasa.core.channels.channel import UserMessage

from spineline.content.library import Content
from spineline.dialogue.turn import Message
from spineline.engine.collector import Collector
from spineline.engine.lost_turns import record_lost_turn, store_of, written
from spineline.stores.tracker import beside
from spineline.turns.engine import Asked, Say, Store


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
        """Where Rasa's conversations are."""
        return store_of(self._agent_of())  # type: ignore[no-any-return]

    async def answer(self, asked: Asked, say: Say) -> None:
        """Let Rasa handle the message."""
        message = UserMessage(
            written(asked, self._content),
            Collector(say, self._content),
            asked.conversation,
            input_channel=asked.channel,
            message_id=asked.id,
            metadata=_beside(asked, self._content),
        )
        beside.set(asked.beside)
        await self._agent_of().handle_message(message)

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        """Add the message and what was said to Rasa's tracker; an alarm among it is open from then on."""
        await record_lost_turn(self._agent_of(), asked, said, self._content)


def _beside(asked: Asked, content: Content) -> dict[str, Any]:
    """What travels beside the text: to the processor, and to the action that answers."""
    choice = asked.choice
    return {
        **asked.intake.metadata,
        "numbered": asked.numbered,
        "wished_language": asked.wished_language,
        "choice": {"id": choice, "intent": content.choices[choice].intent} if choice else None,
    }
