"""Quick replies, ids until a channel prints them: "core/why" is an answer, "triage:fever" an option of a question."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from spineline.content.cards import Card
from spineline.content.clinic import Both
from spineline.text.letters import words

ANSWER, ALARM, LINE, TRIAGE, MOVE, CHECK_IN, ROUTINE = (
    "answer",
    "alarm",
    "line",
    "triage",
    "move",
    "checkin",
    "routine",
)
YES, NO = "line:yes", "line:no"
BACK = f"{TRIAGE}:back"  # to the question before; under no question, since a form has a place for it
GETTING_HELP, NOT_MEANT = REPLIES = ("alarm:getting_help", "alarm:not_meant")  # under an alarm
_PAIN, _TALK = "report_mild_pain", "help"


@dataclass(frozen=True)
class Choice:
    """A quick reply.

    Args:
        kind: ANSWER leads to an answer of a card; ALARM closes an alarm; LINE is a plain yes or no; TRIAGE is an option
            of a question about pain; MOVE is a move over the last answer,
            "easier"; CHECK_IN says how somebody is who comes back, "better"; ROUTINE changes a routine, "chair".
        name: what it means among its kind: "core/why", "getting_help", "yes", "fever".
        title: what it is called.
        intent: that it stands for.
    """

    kind: str
    name: str
    title: Both
    intent: str

    @property
    def id(self) -> str:
        """What it is known by everywhere."""
        return self.name if self.kind == ANSWER else f"{self.kind}:{self.name}"

    @cached_property
    def payload(self) -> str:
        """What a program sends when it is tapped: the intent, and the id."""
        return f"/{self.intent}" + json.dumps({"choice": self.id})

    @cached_property
    def words(self) -> tuple[Sequence[str], ...]:
        """The words of its titles."""
        return tuple(map(words, self.title.values()))


def all_choices(
    cards: Mapping[str, Card],
    replies: Mapping[str, Any],
    options: Mapping[str, Both],
    lines: Mapping[str, Both],
    moves: Mapping[str, Any],
    states: Mapping[str, Both],
    routines: Mapping[str, Both],
) -> Iterator[Choice]:
    """Every quick reply that can ever be offered.

    Args:
        replies: those of content/tiers.yml.
        options: those of content/triage.yml.
        moves: those of content/moves.yml.
        states: those of content/checkin.yml.
        routines: those of content/routines.yml.
    """
    for id, intent in zip((*REPLIES, YES, NO), ("affirm", "deny") * 2):
        kind, _, name = id.partition(":")
        yield Choice(kind, name, replies[name]["ask"] if kind == ALARM else lines[name], intent)
    yield from (Choice(TRIAGE, name, title, _PAIN) for name, title in options.items())
    yield from (Choice(MOVE, name, move["ask"], _TALK) for name, move in moves.items())
    yield from (Choice(CHECK_IN, name, title, _PAIN) for name, title in states.items())
    yield from (Choice(ROUTINE, name, title, _TALK) for name, title in routines.items())
    for card in cards.values():
        yield from (Choice(ANSWER, answer.ref, answer.ask, card.intents[0]) for answer in card.answers.values())
