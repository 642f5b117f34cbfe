"""What is known of the people who write right now, without asking Rasa: language, and quick replies they were sent."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from spineline.dialogue.turn import Kind, Message

MOST_PEOPLE = 10_000
MOST_OFFERED = 40


@dataclass
class Person:
    """One chat.

    Args:
        offered: the ids of the quick replies sent last.
        shown: those of the last message that had any, in order.
        alarm: the alarm that is open as far as is known here, {"tier", "flag", "open"}.
        spoke_in: the conversation that went on here last.
        spoke_last: the chat in which the conversation of this name went on last.
    """

    language: str | None = None
    offered: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    is_told: bool = False
    alarm: Mapping[str, Any] | None = None
    spoke_in: str | None = None
    spoke_last: str | None = None


class People:
    """The conversations of late, at most MOST_PEOPLE; who is not here is simply not known."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, Person] = OrderedDict()

    def get(self, sender: str) -> Person:
        """What is known of somebody; empty for strangers."""
        return self._people.get(sender) or Person()

    def __len__(self) -> int:
        return len(self._people)

    def saw(self, sender: str, messages: Iterable[Message]) -> None:
        """Keep what the answers tell: their language, their quick replies, and whether an alarm is open."""
        person = self._people.setdefault(sender, Person())
        for message in messages:
            person.language = message.language or person.language
            person.alarm = _alarm(message, person.alarm)
            person.offered = (*person.offered, *message.choices)[-MOST_OFFERED:]
            person.shown = message.choices or person.shown
        self._people.move_to_end(sender)
        if len(self._people) > MOST_PEOPLE:
            self._people.popitem(last=False)

    def told(self, sender: str) -> None:
        """The person has seen the privacy notice."""
        self._people.setdefault(sender, Person()).is_told = True

    def spoke(self, sender: str, conversation: str) -> bool:
        """The conversation goes on in this chat; whether what was shown here last may not be what it said last."""
        person = self._people.setdefault(sender, Person())
        named = self._people.setdefault(conversation, Person())
        is_apart = person.spoke_in not in (None, conversation) or named.spoke_last not in (None, sender)
        person.spoke_in, named.spoke_last = conversation, sender
        return is_apart

    def forget(self, sender: str) -> None:
        """Somebody wants to be forgotten."""
        self._people.pop(sender, None)


def _alarm(message: Message, before: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if message.kind is Kind.ALARM and message.tier:
        return {"tier": message.tier.value, "flag": message.flag, "open": True}
    return None if message.kind is Kind.CLOSING else before
