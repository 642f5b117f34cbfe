"""A raw message on its way in: cleaned, cut to what the model may read, and checked for danger signs first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from spineline.content.echoes import without_echoes
from spineline.content.library import Content
from spineline.danger.rules import Assessment, RedFlag
from spineline.dialogue.choices import most_urgent
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.wire import pressed, pressed_together
from spineline.text.letters import Typed, clean

LONGEST_READ = 10_000  # characters in which danger signs are looked for


@dataclass(frozen=True)
class Intake:
    """What is handed on.

    Args:
        text: for the model.
        too_long: the text is only the beginning.
        danger: the verdict on the whole message; None for a tap, and where the rules themselves failed.
        length: of the raw message, in characters.
        choice: the id of the quick reply that was tapped, the most urgent of several; then there is no text.
        also: the ids of the others that were tapped with it.
    """

    text: str
    too_long: bool
    danger: Assessment | None
    length: int = 0
    choice: str | None = None
    also: tuple[str, ...] = ()

    @cached_property
    def red_flag(self) -> RedFlag | None:
        """The alarm that the message raises by itself."""
        return self.danger.alarm if self.danger else None

    @property
    def metadata(self) -> dict[str, Any]:
        """What travels beside the text to the actions."""
        found = {} if self.danger is None else {"danger": self.danger.as_dict()}
        return {"too_long": self.too_long, **found, **({"also": list(self.also)} if self.also else {})}


def take_in(raw: str, content: Content) -> Intake:
    """Read a message. Payloads pass only when a button of ours carries them; any other slash is just text."""
    text = clean(raw[:LONGEST_READ])
    choice = pressed(text, content)
    if choice:
        return tapped(choice, len(raw))
    together = pressed_together(text, content) if "\n" in text else ()
    if together:
        first = most_urgent(together, content)
        return tapped(first, len(raw), tuple(dict.fromkeys(choice for choice in together if choice != first)))
    whole = Typed(text.lstrip("/ \n\t"))
    too_long = len(whole) > LONGEST_MESSAGE
    return Intake(Typed(whole[:LONGEST_MESSAGE]) if too_long else whole, too_long, _judged(whole, content), len(raw))


def tapped(choice: str, length: int = 0, also: tuple[str, ...] = ()) -> Intake:
    """A quick reply that was tapped, and others with it."""
    return Intake("", False, None, length, choice, also)


def _judged(text: str, content: Content) -> Assessment:
    return content.red_flags.assess(without_echoes(text, content.own_sentences, content.keywords.reactions))
