"""Turns and agents for the fault tests."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from engines import EngineOf
from patience import LONG_S, NEVER_S
from replies import says

from spineline.content.library import Content
from spineline.dialogue.turn import Message
from spineline.keep.database import Database
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.settings import Settings
from spineline.turns.engine import Asked, Engine, Say
from spineline.turns.metrics import Metrics
from spineline.turns.turns import Turns

PHONE = "310-828-7757"
SAID = {"en": "how long do i hold a hamstring stretch", "es": "hola, me duele un poco la espalda"}
DANGER = {"en": "I feel numb between my legs and I can't pee", "es": "se me durmió la entrepierna y no puedo orinar"}
TELLING = {"en": "In an emergency call 911", "es": "En una emergencia llame al 911"}

PARTS = (
    "people.saw",
    "people.get",
    "people.told",
    "keeper.fulfil",
    "keeper.was_told",
    "keeper.tell",
    "metrics.answered",
    "metrics.failed",
    "metrics.seconds.labels",
    "metrics.in_flight.track_inprogress",
    "linking.answer",
    "linking.conversation_of",
    "linking.meant",
    "limits.refuse",
    "limits.turn",
    "_reader.read",
    "_log",
    "_with_notice",
    "content.languages.guess",
)  # of a `Turns`, behind the words that are said


def make_turns(
    content: Content, engine: Engine | None = None, *, alarm_wait_s: float = LONG_S, **settings: Any
) -> Turns:
    """Turns that wait for every healthy answer; `hurried` and `alarm_wait_s` are for engines that hang."""
    given, engine = Settings(**{"deadline_s": LONG_S, **settings}), engine or EngineOf(say_ok)
    database = Database()
    parts: dict[str, Any] = {"database": database, "alarm_wait_s": alarm_wait_s}
    return Turns(content, given, engine, Notices(database), Metrics(), Links(database), **parts)


def place_of(turns: Turns, part: str) -> tuple[Any, str]:
    """Where a part of `PARTS` is replaced, as (owner, name); the class owns what is frozen and shared."""
    *owners, name = part.split(".")
    owner: Any = turns
    for one in owners:
        owner = getattr(owner, one)
    return (type(owner) if owner is turns.content.languages else owner), name


def fail(*_: Any, **__: Any) -> Any:
    raise RuntimeError("words of a patient")


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
