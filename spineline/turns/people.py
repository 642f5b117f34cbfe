"""What is known of the people who write right now, without asking Rasa: language, and which buttons they were sent."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_PEOPLE = 10_000
MOST_OFFERED = 40


@dataclass
class Person:
    """One chat.

    Args:
        offered: the payloads of the buttons sent last.
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

    def saw(self, sender: str, replies: Iterable[Mapping[str, Any]]) -> None:
        """Keep what the answers tell: their language, their buttons, and whether an alarm is open."""
        person = self._people.setdefault(sender, Person())
        for reply in replies:
            told = reply.get("metadata", {})
            person.language = told.get("language") or person.language
            person.alarm = _alarm(told, person.alarm)
            payloads = tuple(sys.intern(b["payload"]) for b in reply.get("buttons", ()) if not b.get("url"))
            person.offered = (*person.offered, *payloads)[-MOST_OFFERED:]
            person.shown = payloads or person.shown
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


def _alarm(told: Mapping[str, Any], before: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    card = str(told.get("card"))
    if card == "alarm":
        return {"tier": told["tier"], "flag": told.get("flag"), "open": True}
    return None if card.startswith("alarm:") else before
