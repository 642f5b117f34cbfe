"""A raw message on its way in: cleaned, cut to what the model may read, and checked for danger signs first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spineline.content.library import Content
from spineline.danger.rules import Assessment, RedFlag
from spineline.dialogue.alarms import REPLIES
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.render import choice_payload
from spineline.text.letters import clean

_CHOICE = re.compile(r'^/\w+\{"choice": "([\w:/]+)"\}$')
LONGEST_READ = 10_000  # characters in which danger signs are looked for


@dataclass(frozen=True)
class Intake:
    """What is handed on.

    Args:
        text: for the model.
        too_long: the text is only the beginning.
        danger: the verdict on the whole message; None for a tap, and where the rules themselves failed.
        length: of the raw message, in characters.
    """

    text: str
    too_long: bool
    danger: Assessment | None
    length: int = 0

    @property
    def red_flag(self) -> RedFlag | None:
        """The alarm that the message raises by itself."""
        return self.danger.alarm if self.danger else None

    @property
    def metadata(self) -> dict[str, Any]:
        """What travels beside the text to the actions."""
        found = {} if self.danger is None else {"danger": self.danger.as_dict()}
        return {"too_long": self.too_long, **found}


def take_in(raw: str, content: Content) -> Intake:
    """Read a message. Payloads pass only when a button of ours carries them; any other slash is just text."""
    text = clean(raw[:LONGEST_READ])
    if _is_payload(text, content):
        return Intake(text, False, None, len(raw))
    text = text.lstrip("/ \n\t")
    return Intake(text[:LONGEST_MESSAGE], len(text) > LONGEST_MESSAGE, content.red_flags.assess(text), len(raw))


def is_tapped(text: str | None) -> bool:
    """Whether a text that was let in is what a quick reply sends."""
    return bool(text and text.startswith("/") and _CHOICE.search(text))


def _is_payload(text: str, content: Content) -> bool:
    """Whether one of our buttons carries exactly this."""
    found = _CHOICE.search(text) if text.startswith("/") else None
    return found is not None and found[1] in all_choices(content) and choice_payload(found[1], content) == text


def all_choices(content: Content) -> Iterator[str]:
    """The id of every quick reply that can ever be offered."""
    yield from (*REPLIES, "line:yes", "line:no")
    yield from (f"triage:{option}" for option in content.triage["options"])
    yield from (answer.ref for card in content.cards.values() for answer in card.answers.values())
