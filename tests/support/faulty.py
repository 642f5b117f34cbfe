"""Turns and agents for the fault tests."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from engines import EngineOf
from patience import LONG_S, NEVER_S, reader_of
from replies import says

from spineline.content.library import Content
from spineline.dialogue.turn import Message
from spineline.keep.notices import Notices
from spineline.settings import Settings
from spineline.turns.engine import Asked, Engine, Say
from spineline.turns.metrics import Metrics
from spineline.turns.turns import Turns

PHONE = "310-828-7757"
SAID = {"en": "how long do i hold a hamstring stretch", "es": "hola, me duele un poco la espalda"}
DANGER = {"en": "I feel numb between my legs and I can't pee", "es": "se me durmió la entrepierna y no puedo orinar"}
TELLING = {"en": "In an emergency call 911", "es": "En una emergencia llame al 911"}


def make_turns(
    content: Content, engine: Engine | None = None, *, alarm_wait_s: float = LONG_S, **settings: Any
) -> Turns:
    """Turns that wait for every healthy answer; `hurried` and `alarm_wait_s` are for engines that hang."""
    given, engine = Settings(**{"deadline_s": LONG_S, **settings}), engine or EngineOf(say_ok)
    parts: dict[str, Any] = {"reader": reader_of(content), "alarm_wait_s": alarm_wait_s}
    return Turns(content, given, engine, Notices(None), Metrics(), **parts)


async def hang(_: Asked, __: Say) -> None:
    await asyncio.sleep(NEVER_S)


async def say_ok(message: Asked, say: Say) -> None:
    say(says("ok"))


def texts(messages: list[Message]) -> str:
    """What the person reads, without the notice that comes once."""
    return "\n".join(m.text for m in messages if m.card != "privacy_notice")


def cards(messages: list[Message]) -> list[str | None]:
    return [message.card for message in messages]


def database(folder: Path) -> str:
    return f"sqlite:///{folder}/conversations.db"
