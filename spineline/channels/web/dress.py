"""What stands around an answer: its blocks, its page, where it leads, a timer, and what to show to the staff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from spineline.content.clinic import Both
from spineline.content.library import Content
from spineline.content.texts import SENTENCE_END, Part
from spineline.danger.tiers import Tier
from spineline.dialogue.turn import Kind, Message

VCARD = "clinic.vcf"
_HOW_TO, _ROUTINE = "how", "routine"
_AT_THE_CLINIC = ("contact", "hours_location", "parking", "book_appointment")  # cards that say where it is
_NOTE, _BLOCK, _TITLE = "tiers.notes.", "routines.blocks.", ".title"
_SAFETY = ("lines.stop_line", "lines.worse_line")
_STEP = re.compile(r"\s*\b\d\. ")


def body_of(message: Message) -> list[dict[str, Any]]:
    """An answer in blocks: its first sentence or its steps, and apart from them the line about safety."""
    if message.card == _ROUTINE:
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
    sentences = SENTENCE_END.split(part.read)
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


@dataclass(frozen=True)
class Around:
    """What stands around the words of a message.

    Args:
        texts: content/widget.yml, each in both languages.
        flags: the names of the flags of content/red_flags.yml.
        maps: the address of a map service that takes what is looked for at its end; it is asked when it is tapped.
    """

    content: Content
    texts: Mapping[str, Both]
    flags: Mapping[str, Both]
    maps: str

    def of(self, message: Message) -> dict[str, Any]:
        """`page`: where it can be read alone; `links`: where it leads; `timer`: the seconds of one block of a routine;
        `staff`: the danger signs by name, for whoever treats them.
        """
        if message.kind is Kind.ALARM:
            return self._alarm(message)
        if message.kind is Kind.ANSWER and message.card:
            page = f"cards/{message.card}?lang={message.language}" if message.sources else None
            is_place = message.card.partition("/")[0] in _AT_THE_CLINIC
            return {"page": page, "links": self._to_the_clinic(message.language) if is_place else None}
        return {"timer": self._timer(message)} if message.card == _ROUTINE else {}

    def _alarm(self, message: Message) -> dict[str, Any]:
        """The sign that leads comes first. Where none is named, what the person was told to do stands in its place."""
        noted = [(part.id or "").removeprefix(_NOTE) for part in message.parts]
        signs = [self.flags[flag] for flag in dict.fromkeys((message.flag or "", *noted)) if flag in self.flags]
        advised = f"staff_{message.tier.value}" if message.tier else ""
        if not signs and advised in self.texts:
            signs = [self.texts[advised]]
        if message.tier is not Tier.ED_NOW:
            return {"staff": signs}
        title = self.texts["map_emergency"][message.language]
        return {"staff": signs, "links": [{"title": title, "url": self.maps + "emergency+department"}]}

    def _to_the_clinic(self, language: str) -> list[dict[str, str]]:
        place = self.content.clinic.address
        url = self.maps + quote(place["en"]) if place else ""
        way = [{"title": self.texts["map_clinic"][language], "url": url}] if place else []
        return [*way, {"title": self.texts["vcard"][language], "url": VCARD}]

    def _timer(self, message: Message) -> int | None:
        """Where one block is shown alone."""
        shown = [part.id or "" for part in message.parts]
        blocks = [block for block in self.content.routines.blocks if f"{_BLOCK}{block.id}" in shown]
        is_alone = len(blocks) == 1 and f"{_BLOCK}{blocks[0].id}{_TITLE}" in shown
        return 60 * blocks[0].minutes if is_alone else None
