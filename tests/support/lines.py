"""What a channel needs so that the conversation files of tests/dialogue can be held over it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import Protocol

from servers import Reply
from talk import Step

from spineline.content.library import Content

_CALL = re.compile(r"(?:Call|Llamar al) (\d[\d-]+\d)")
_KEPT_DAYS = 30


class Line(Protocol):
    """One channel, with a stand-in for its peer. Made before the server starts, closed after it has ended."""

    accounts: Mapping[str, str]  # the server's variables for this channel

    def connect(self, base: str, data_dir: Path, content: Content) -> None:
        """The server is up at `base`; its files are in `data_dir`."""

    def say(self, sender: str, message: str) -> Reply:
        """Say or tap something as somebody; what came back, as {"text", "buttons": [{"title", "payload"}]}."""

    def expected(self, step: Step) -> Step:
        """What this channel can show of a step."""

    def close(self) -> None:
        """The peer goes."""


def in_words(step: Step) -> Step:
    """A step where only texts and quick replies can be seen: numbers to call are words, and there is no metadata."""
    numbers = [found[1] for title in step.buttons if (found := _CALL.fullmatch(title))]
    return replace(
        step,
        card=None,
        language=None,
        tier=None,
        says=[*step.says, *numbers],
        buttons=[title for title in step.buttons if not _CALL.fullmatch(title)],
        buttons_not=[title for title in step.buttons_not if not _CALL.fullmatch(title)],
    )


def notices(content: Content, name: str) -> set[str]:
    """The line of the first answer, in every language; the conversation files do not tell of it."""
    return {
        Template(content.line(name, spoken)).substitute(kept_days=_KEPT_DAYS) for spoken in content.clinic.languages
    }


def without_notice(reply: Reply, lines: set[str]) -> Reply:
    """An answer as the conversation files tell of it."""
    return [message for message in reply if message["text"] not in lines]
