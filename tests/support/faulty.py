"""Turns and agents for the fault tests."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage

from spineline.content.library import Content
from spineline.keep.notices import Notices
from spineline.settings import Settings
from spineline.turns.metrics import Metrics
from spineline.turns.turns import Turns

PHONE = "310-828-7757"
SAID = {"en": "how long do i hold a hamstring stretch", "es": "hola, me duele un poco la espalda"}
DANGER = {"en": "I feel numb between my legs and I can't pee", "es": "se me durmió la entrepierna y no puedo orinar"}
TELLING = {"en": "In an emergency call 911", "es": "En una emergencia llame al 911"}
DEADLINE_S = 0.5


def make_turns(content: Content, **settings: Any) -> Turns:
    return Turns(content, Settings(**{"deadline_s": DEADLINE_S, **settings}), Notices(None), Metrics())


async def hang(_: UserMessage) -> None:

    await asyncio.sleep(3600)


async def say_ok(message: UserMessage) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": "ok", "metadata": {"language": "en"}})


def texts(replies: list[dict[str, Any]]) -> str:
    """What the person reads, without the notice that comes once."""
    return "\n".join(r["text"] for r in replies if r["metadata"].get("card") != "privacy_notice")


def cards(replies: list[dict[str, Any]]) -> list[Any]:
    return [reply.get("metadata", {}).get("card") for reply in replies]


def database(folder: Path) -> str:
    return f"sqlite:///{folder}/conversations.db"
