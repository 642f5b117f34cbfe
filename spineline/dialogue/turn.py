"""What goes into one turn of a conversation and what comes out. Plain data, no Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from spineline.content.texts import Part
from spineline.danger.rules import Assessment
from spineline.danger.tiers import Tier
from spineline.dialogue.person_words import Told


@dataclass(frozen=True)
class Entity:
    """A thing named in a message, e.g. ("exercise", "hamstring stretch"); `start` is a character offset."""

    label: str
    value: str
    start: int = 0


@dataclass(frozen=True)
class Candidate:
    """An answer that a message may ask for, by its name, and how likely that is, from 0 to 1."""

    ref: str
    chance: float


@dataclass(frozen=True)
class Question:
    """One question of a message: the whole message, or a part of it where several were asked.

    Args:
        candidates: the answers that it may ask for, the likeliest first; none where nobody ranked them.
    """

    text: str
    intent: str
    entities: tuple[Entity, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Turn:
    """One user message as understood.

    Args:
        text: what the person wrote; not looked at when there is a choice.
        intent: the classifier's best intent, `nlu_fallback` when unsure.
        ranking: intents by falling confidence, without `nlu_fallback`.
        candidates: the answers that it may ask for, the likeliest first.
        language: "en", "es", "other" or None when the message does not tell.
        wished_language: switched to in the chat window since the last message; counts when this one does not tell.
        parts: the single questions when the message asks several, else empty.
        choice: the id of a tapped quick reply, see spineline.dialogue.choice.
        also: the ids of others that were tapped with it.
        danger: the verdict of the red-flag rules on the whole text; None for a tap, and where nobody has judged it.
        too_long: the channel cut the text.
        net_alarm: tier and flag of an emergency that the net sees although no rule alarms.
        net_hints: that alarm is about suicide, and not sure.
        safety_vote: the net warns of danger although no rule does.
        likely: red flags that the message may be about, the likeliest first; a guess that alarms nobody.
        numbered: the quick replies are shown or said with numbers where this was written.
        at: when it was written, in minutes since 1970; 0 where nobody knows.
        is_back: the message before was written hours ago.
        told: what the message says about the person, read once at the start of the turn.
        pain: what a text tells about pain by itself, by text; filled in where it is first asked.
        recent: what the same person wrote in the last two minutes, in order; read for danger and kept nowhere.
    """

    text: str
    intent: str
    ranking: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    language: str | None = None
    wished_language: str | None = None
    parts: tuple[Question, ...] = ()
    choice: str | None = None
    also: tuple[str, ...] = ()
    danger: Assessment | None = None
    too_long: bool = False
    net_alarm: tuple[Tier, str | None] | None = None
    net_hints: bool = False
    safety_vote: bool = False
    likely: tuple[str, ...] = ()
    numbered: bool = False
    at: int = 0

    is_back: bool = False
    told: Told = field(default_factory=Told)
    pain: dict[str, dict[str, Any]] = field(default_factory=dict, compare=False, repr=False)
    recent: tuple[str, ...] = ()

    @property
    def whole(self) -> Question:
        """The message taken as one question."""
        return Question(self.text, self.intent, self.entities, self.candidates)


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
        person: what the person told about herself, by the names of content/conditions.yml.
        after: what the pain questions ended with, see spineline.dialogue.checkin.
        routine: the routine given last, see spineline.dialogue.routines.
        at: when the message before was written, in minutes since 1970.
        said: what was said in this conversation, by the names of texts and messages, see spineline.dialogue.once.
    """

    language: str | None = None
    topic: str | None = None
    offered: tuple[str, ...] = ()
    misses: int = 0
    concepts: tuple[str, ...] = ()
    alarm: Mapping[str, Any] | None = None
    triage: Mapping[str, Any] | None = None
    person: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    after: Mapping[str, Any] | None = None
    routine: Mapping[str, Any] | None = None
    at: int = 0

    @property
    def is_asked(self) -> bool:
        """Whether a question about pain waits for an answer; after the verdict its facts stay, and nothing waits."""
        return bool(self.triage and self.triage["pending"])


class Kind(str, Enum):
    """What a message is to the person: an answer of a card, a fixed line, a question of ours, what to do in danger, or
    what is said when that is taken care of.
    """

    ANSWER = "answer"
    LINE = "line"
    QUESTION = "question"
    ALARM = "alarm"
    CLOSING = "closing"


@dataclass(frozen=True)
class Message:
    """One bubble of an answer. Everything in it is named by ids until a channel prints it.

    Args:
        parts: what is said, in order.
        language: that the answer goes on in; a part may be in another.
        card: its name among its kind: "core/why", "safe_text", "triage:signs", "alarm", "alarm:not_meant".
        kind: what it is.
        choices: ids of the quick replies, see spineline.dialogue.choice.
        calls: whom to call, in order: "clinic", "911", "988".
        flag: the danger sign that an alarm is about.
        sources: ids of content/sources.yml.
        intent: of the message that it answers.
        wish: what the person wants done with what is kept of them, "forget" or "tell"; whoever keeps it does that, and
            says what really happened.
    """

    parts: tuple[Part, ...]
    language: str
    card: str | None = None
    kind: Kind = Kind.LINE
    choices: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    tier: Tier | None = None
    flag: str | None = None
    sources: tuple[str, ...] = ()
    intent: str | None = None
    wish: str | None = None

    @property
    def text(self) -> str:
        """What is read on a screen."""
        return "\n".join(part.read for part in self.parts)

    @property
    def subject(self) -> str:
        """What an answer is about: "core" of "core/why"; empty for every other message."""
        return (self.card or "").partition("/")[0] if self.kind is Kind.ANSWER else ""

    def plus(self, part: Part) -> Message:
        """The message with one more part at its end."""
        return replace(self, parts=(*self.parts, part))


@dataclass(frozen=True)
class Reply:
    """The answer to one turn and what to remember after it."""

    messages: tuple[Message, ...]
    memory: Memory
