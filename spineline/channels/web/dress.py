"""What stands around an answer: its blocks, its page, where it leads, a timer, and what to show to the staff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from spineline.content.clinic import Both
from spineline.content.library import Content
from spineline.content.texts import Part
from spineline.danger.tiers import Tier
from spineline.dialogue.turn import Kind, Message

VCARD = "clinic.vcf"
_HOW_TO = "how"
_AT_THE_CLINIC = ("contact", "hours_location", "parking", "book_appointment")  # cards that say where it is
_NOTE, _BLOCK, _TITLE = "tiers.notes.", "routines.blocks.", ".title"
_SAFETY = ("lines.stop_line", "lines.worse_line")
_SENTENCE_END = re.compile(r"(?<=[a-záéíóúñ\d)][.!?])(?<!\bDr\.)(?<!\bDra\.)\s+(?=[A-ZÁÉÍÓÚÑ¿¡])")
_STEP = re.compile(r"\s*\b\d\. ")


def body_of(message: Message) -> list[dict[str, Any]]:
    """An answer in blocks: its first sentence or its steps, and apart from them the line about safety."""
    if message.card == "routine":
        return [*_routine(message)]
    if message.kind is not Kind.ANSWER:
        return []
    return [block for part in message.parts for block in _blocks(part, message.card or "")]


def _routine(message: Message) -> Iterator[dict[str, Any]]:
    """What is listed together becomes one list; what is told with steps has its name as a heading."""
    listed: list[str] = []
    ids = [part.id or "" for part in message.parts]
    for part, id, following in zip(message.parts, ids, [*ids[1:], ""], strict=True):
        if id.endswith(_TITLE) and following != id.removesuffix(_TITLE):
            listed.append(part.read.removeprefix("- "))
            continue
        if listed:
            yield {"kind": "list", "items": listed}
            listed = []
        yield from _line_of_routine(part, id)


def _line_of_routine(part: Part, id: str) -> Iterator[dict[str, Any]]:
    if id.endswith(_TITLE):
        yield _text("lead", part.read.removeprefix("- "))
    elif id.startswith(_BLOCK):
        first, *steps = _STEP.split(part.read)
        yield {"kind": "steps", "items": steps} if steps and not first else _text("text", part.read)
    else:
        yield _text("text", part.read)


def _blocks(part: Part, ref: str) -> list[dict[str, Any]]:
    id = part.id or ""
    if id.startswith("steps/"):
        return [{"kind": "steps", "items": [line.partition(". ")[2] for line in part.read.split("\n")]}]
    sentences = _SENTENCE_END.split(part.read)
    if id in _SAFETY:
        return [{"kind": "safety", "items": sentences}]
    if id.endswith("_short"):
        return [_text("safe", part.read)]
    if id.removeprefix("short/") != ref or len(sentences) == 1:
        return [_text("text", part.read)]
    if ref.endswith(f"/{_HOW_TO}"):
        return [{"kind": "steps", "items": sentences}]
    return [_text("lead", sentences[0]), _text("text", " ".join(sentences[1:]))]


def _text(kind: str, text: str) -> dict[str, Any]:
    return {"kind": kind, "text": text}


def page_of(message: Message) -> str | None:
    """The page of an answer, readable without the chat, to print, to save or to pass on; None for what has none."""
    if message.kind is not Kind.ANSWER or not message.card or not message.sources:
        return None
    return f"cards/{message.card}?lang={message.language}"


def timer_of(message: Message, content: Content) -> int | None:
    """The seconds that one block of a routine takes, where it is shown alone."""
    shown = [part.id or "" for part in message.parts]
    blocks = [block for block in content.routines.blocks if f"{_BLOCK}{block.id}" in shown]
    is_alone = message.card == "routine" and len(blocks) == 1 and f"{_BLOCK}{blocks[0].id}{_TITLE}" in shown
    return 60 * blocks[0].minutes if is_alone else None


def links_of(message: Message, content: Content, texts: Mapping[str, Both], maps: str) -> list[dict[str, str]]:
    """Where an answer leads: to a map, to the clinic's card for an address book.

    Args:
        maps: the address of a map service that takes what is looked for at its end; it is asked when it is tapped.
    """
    language, place = message.language, content.clinic.address
    if message.kind is Kind.ALARM and message.tier is Tier.ED_NOW:
        return [{"title": texts["map_emergency"][language], "url": maps + "emergency+department"}]
    if message.subject not in _AT_THE_CLINIC:
        return []
    way = [{"title": texts["map_clinic"][language], "url": maps + quote(place["en"])}] if place else []
    return [*way, {"title": texts["vcard"][language], "url": VCARD}]


def signs_of(message: Message, names: Mapping[str, Both]) -> list[Both]:
    """The danger signs of an alarm by their names in both languages, the one that leads first.

    Args:
        names: of the flags of content/red_flags.yml.
    """
    if message.kind is not Kind.ALARM:
        return []
    noted = ((part.id or "").removeprefix(_NOTE) for part in message.parts if (part.id or "").startswith(_NOTE))
    return [names[flag] for flag in dict.fromkeys((message.flag or "", *noted)) if flag in names]
