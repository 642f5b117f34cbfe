"""Blocks of routines, and how people ask for one: content/routines.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from re import Pattern
from typing import Any

from spineline.text.letters import fold, words
from spineline.text.schemas import read_checked

_NUMBERS = {
    word: number
    for number, row in {5: "five cinco", 10: "ten diez", 15: "fifteen quince", 20: "twenty veinte"}.items()
    for word in row.split()
} | {"thirty": 30, "treinta": 30}
_LONGEST_REQUEST = 40  # words
_LONGEST_NEXT = 4
_LONGEST_QUESTION = 10
PLACES = ("chair", "standing", "floor")
LEVELS = ("easy", "normal", "hard")


@dataclass(frozen=True)
class Block:
    """A piece of a routine; `kind` is warm_up, mobility, core, walk or end."""

    id: str
    kind: str
    minutes: int
    level: str
    place: str
    movements: tuple[str, ...]
    sources: tuple[str, ...]

    def fits(self, level: str, place: str) -> bool:
        """Whether it is no harder than this, and can be done there: on a chair, standing, or also on the floor."""
        is_easy_enough = LEVELS.index(self.level) <= LEVELS.index(level)
        return is_easy_enough and PLACES.index(self.place) <= PLACES.index(place)


@dataclass(frozen=True)
class Routines:
    """The file, and what reads requests by it."""

    rules: Mapping[str, Any]
    blocks: tuple[Block, ...]
    asks: Pattern[str]
    no_request: Pattern[str]

    def is_asked_for(self, text: str) -> bool:
        """Whether a message wants a routine."""
        folded = fold(text)
        is_short = len(words(text)) <= _LONGEST_REQUEST
        return is_short and bool(self.asks.search(folded)) and not self.no_request.search(folded)

    def minutes(self, text: str) -> int | None:
        """How many minutes a message names."""
        folded = fold(text)
        if re.search(self.rules["half_hour"], folded):
            return 30
        found = re.search(self.rules["minutes"], folded)
        typed = found["n"] if found else ""
        return int(typed) if typed.isdecimal() else _NUMBERS.get(typed)

    def level(self, text: str) -> str | None:
        """ "easy" or "hard", where a message says so."""
        return _first(self.rules["levels"], text)

    def place(self, text: str) -> str | None:
        """ "chair", "standing" or "floor", where a message says so."""
        return _first(self.rules["places"], text)

    def is_for_a_week(self, text: str) -> bool:
        """Whether a message wants days."""
        return bool(re.search(rf"(?<!\w)(?:{self.rules['week']})(?!\w)", fold(text)))

    def question(self, text: str) -> str | None:
        """Which question about a routine a short message asks: "days", "count" ..."""
        return _first(self.rules["questions"], text) if len(words(text)) <= _LONGEST_QUESTION else None

    def wants_next(self, text: str) -> bool:
        """Whether a message asks for the next block."""
        typed = words(text)
        joined = " ".join(typed).replace("'", " ")
        return len(typed) <= _LONGEST_NEXT and any(re.fullmatch(cue, joined) for cue in self.rules["next"])


def load_routines(path: Path) -> Routines:
    """Read content/routines.yml."""
    rules = read_checked(path)
    blocks = (
        Block(
            id=id,
            kind=block["kind"],
            minutes=block["minutes"],
            level=block["level"],
            place=block["place"],
            movements=tuple(block["movements"]),
            sources=tuple(block["sources"]),
        )
        for id, block in rules["blocks"].items()
    )
    return Routines(rules, tuple(blocks), _any_of(rules["asks"]), _any_of(rules["not"]))


def _any_of(cues: Iterable[str]) -> Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?!\w)")


def _first(cues: Mapping[str, str], text: str) -> str | None:
    folded = fold(text)
    return next((name for name, cue in cues.items() if re.search(rf"(?<!\w)(?:{cue})(?!\w)", folded)), None)
