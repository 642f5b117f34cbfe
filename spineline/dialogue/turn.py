"""What goes into one turn of a conversation and what comes out. Plain data, no Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spineline.danger.rules import Assessment


@dataclass(frozen=True)
class Entity:
    """A thing named in a message, e.g. ("exercise", "hamstring stretch"); `start` is a character offset."""

    label: str
    value: str
    start: int = 0


@dataclass(frozen=True)
class Question:
    """One question of a message: the whole message, or a part of it where several were asked."""

    text: str
    intent: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True)
class Turn:
    """One user message as understood.

    Args:
        text: what the person wrote, or the payload of a quick reply.
        intent: the classifier's best intent, `nlu_fallback` when unsure.
        ranking: intents by falling confidence, without `nlu_fallback`.
        language: "en", "es", "other" or None when the message does not tell.
        wished_language: switched to in the chat window since the last message; counts when this one does not tell.
        parts: the single questions when the message asks several, else empty.
        choice: the id of a tapped quick reply, see `Content.choice_title`.
        danger: the verdict of the red-flag rules on the whole text; None for a tap, and where nobody has judged it.
        too_long: the channel cut the text.
        safety_vote: the classifier warns of danger although no rule does.
        numbered: the quick replies are shown or said with numbers where this was written.
    """

    text: str
    intent: str
    ranking: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    language: str | None = None
    wished_language: str | None = None
    parts: tuple[Question, ...] = ()
    choice: str | None = None
    danger: Assessment | None = None
    too_long: bool = False
    safety_vote: bool = False
    numbered: bool = False

    @property
    def whole(self) -> Question:
        """The message taken as one question."""
        return Question(self.text, self.intent, self.entities)


@dataclass(frozen=True)
class Memory:
    """What is remembered of a conversation; never what the person wrote.

    Args:
        language: of the last message that told, None before the first.
        topic: the answer given last, "card/kind".
        offered: ids of the quick replies under the last answer, in order.
        misses: how many messages in a row were not understood.
        concepts: names of red-flag concepts stated so far (spineline.danger.rules).
        alarm: the last alarm, see spineline.dialogue.alarms; "open" until the person says that it is taken care of.
        triage: the state of the pain questions, see spineline.dialogue.triage.
    """

    language: str | None = None
    topic: str | None = None
    offered: tuple[str, ...] = ()
    misses: int = 0
    concepts: tuple[str, ...] = ()
    alarm: Mapping[str, Any] | None = None
    triage: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Button:
    """A quick reply (`payload` is sent back) or a tap-to-call link (`url` starts with tel:)."""

    title: str
    payload: str
    url: str | None = None

    def as_dict(self) -> dict[str, str]:
        """Rasa's button format; links carry the type that Rasa's own widgets know."""
        plain = {"title": self.title, "payload": self.payload}
        return {**plain, "type": "web_url", "url": self.url} if self.url else plain


@dataclass(frozen=True)
class Message:
    """One bubble of an answer. `data` says where it comes from: card, sources, language, tier."""

    text: str
    buttons: tuple[Button, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """The answer to one turn and what to remember after it."""

    messages: tuple[Message, ...]
    memory: Memory
