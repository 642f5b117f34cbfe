"""The port: what the turns ask of whatever answers. Rasa is one engine; a person at the desk can be another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from spineline.dialogue.intake import Intake
from spineline.dialogue.turn import Message
from spineline.keep.writes import Write

Say = Callable[[Message], None]


@dataclass(frozen=True)
class Asked:
    """One message for an engine.

    Args:
        text: what was said, at most LONGEST_MESSAGE characters; empty when a quick reply was tapped.
        conversation: whose it is, in the namespace of its channel: "web:..." .
        channel: the name of the channel that it came by.
        intake: what was found when it was taken in, the verdict on danger among it.
        numbered: quick replies are shown or said with numbers where this was written.
        choice: the id of the quick reply that was tapped, or meant by a number of another chat.
        number: which message of this process it is, so that a deletion knows what came before it.
        wished_language: switched to since the last message; counts when this one does not tell.
        id: a name of its own, so that it is written down once.
        beside: what whoever asks wants written in the commit of the turn; called when that is made.
    """

    text: str
    conversation: str
    channel: str
    intake: Intake
    numbered: bool = False
    choice: str | None = None
    number: int = 0
    wished_language: str | None = None
    id: str = field(default_factory=lambda: uuid4().hex)
    beside: Callable[[], Sequence[Write]] = field(default=tuple, compare=False, repr=False)


class Store(Protocol):
    """The conversations of an engine."""

    async def delete(self, conversation: str) -> Any:
        """Forget a conversation; an error when something of it stays."""

    async def export(self, conversation: str) -> list[dict[str, Any]]:
        """Everything that is kept of it, as events."""

    async def purge(self, older_than: datetime) -> int:
        """Delete what ended before that time; returns how many events that were."""


class Engine(Protocol):
    """Answers messages. It may fail or hang: the turns then say what is to be said, and have it recorded."""

    @property
    def store(self) -> Store:
        """Where its conversations are."""

    async def answer(self, asked: Asked, say: Say) -> None:
        """Say the answer, one message at a time; returns when the turn is stored. ConflictError when another process
        went on with the conversation meanwhile: then nothing is stored."""

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        """Write down a message, unless it is stored, and what was said instead of an answer; open its alarm."""
