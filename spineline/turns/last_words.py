"""What is said when nothing behind the channel answers: short, with a number to call, and always there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spineline.content.library import Content
from spineline.danger.rules import RedFlag
from spineline.dialogue.alarms import raise_alarms
from spineline.dialogue.speaker import CLINIC, Speaker
from spineline.dialogue.turn import Memory, Message


def safe_text(language: str | None, content: Content) -> Message:
    """The clinic's number and 911."""
    return calling_line("safe_text", language, content)


def calling_line(name: str, language: str | None, content: Content) -> Message:
    """A line of content/lines.yml with whom to call."""
    return replace(line_in(name, language, content), calls=(CLINIC, "911"))


def line_in(name: str, language: str | None, content: Content) -> Message:
    """A line of content/lines.yml; in both languages when the person's is not known."""
    languages = [language] if language else list(content.clinic.languages)
    parts = tuple(content.part(f"lines.{name}", spoken) for spoken in languages)
    return Message(parts, languages[0], card=name)


def alarm(flags: Sequence[RedFlag], memory: Memory, content: Content) -> Message:
    """What to do about the danger signs of a message, said without the engine, with the notes of all of them.

    A worse alarm that is open stays in front.

    Args:
        flags: those that alarm, the most urgent first; at least one.
    """
    return raise_alarms(flags, memory, content).messages[0]


def filled_line(name: str, language: str, content: Content, **values: object) -> Message:
    """A line whose $names are filled in now."""
    message = Speaker(content, language).line(name)
    return replace(message, parts=tuple(part.filled(**values) for part in message.parts))
