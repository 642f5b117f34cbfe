"""An answer as Telegram takes it: plain texts of at most 4,096 units, the buttons under the last one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spineline.channels.telegram.updates import NAME
from spineline.content.library import Content
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Message
from spineline.turns.shape import CHANNELS, text_for

_TELEGRAM = CHANNELS[NAME]
LONGEST = 4096  # UTF-16 units; an emoji is two
_ENDS = (re.compile(r"\n"), re.compile(r"[.!?…]\s"), re.compile(r"\s"))  # where to cut, best first


def bodies(message: Message, content: Content) -> list[dict[str, Any]]:
    """What to say with `sendMessage`, without the chat. No markup: a text is shown as it stands."""
    *before, last = ({"text": part} for part in parts(text_for(message, _TELEGRAM, content)))
    return [*before, {**last, **_keyboard(message, content)}]


def _keyboard(message: Message, content: Content) -> Mapping[str, Any]:
    titles = Speaker(content, message.language).replies(message.choices)
    rows = [[{"text": title, "callback_data": id}] for title, id in zip(titles, message.choices, strict=True)]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def parts(text: str, longest: int = LONGEST) -> list[str]:
    """The text in pieces that fit, cut at the end of a line, else of a sentence, else of a word."""
    pieces = []
    while len(_units(text)) > 2 * longest:
        head = _units(text)[: 2 * longest].decode("utf-16-le", "ignore")
        cut = _cut(head)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text]


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "replace")


def _cut(head: str) -> int:
    """Where to cut a piece that is as long as it may be; not so early that a nearly empty message is left."""
    for end in _ENDS:
        cut = max((found.end() for found in end.finditer(head)), default=0)
        if cut > len(head) // 4:
            return cut
    return len(head)
