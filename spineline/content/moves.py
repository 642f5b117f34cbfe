"""Moves over the last answer, as people type or tap them: content/moves.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from re import Pattern
from typing import Any

from spineline.content.whole import WholeMessages
from spineline.text.letters import fold, words
from spineline.text.schemas import read_checked

_DENIED_WORDS = 10  # of a message like "not crunches, planks"
_CORRECTING_WORDS = 7
_DENIED_AFTER = re.compile(r"\w+(?: \w+)? no(?:\W|$)")  # "abdominales no, planchas"


@dataclass(frozen=True)
class Moves:
    """What a whole message asks of the last answer."""

    rules: Mapping[str, Any]
    said: WholeMessages
    denied: Pattern[str]
    correcting: Pattern[str]
    meant: Pattern[str]

    def of(self, text: str) -> str | None:
        """The move that a message is as a whole: "more", "easier" ...; None for every other message."""
        return self.said.of(text)

    def denies(self, text: str, start: int) -> bool:
        """Whether what stands at a place of a short message is what the person does not want."""
        folded = fold(text)
        is_denied = self.denied.search(folded[:start]) or _DENIED_AFTER.match(folded[start:])
        return len(words(text)) <= _DENIED_WORDS and bool(is_denied)

    def means_another(self, text: str) -> bool:
        """Whether a message says what is wanted in place of what it denies."""
        return bool(self.meant.search(fold(text)))

    def corrects(self, text: str) -> bool:
        """Whether a short message says that something else was meant: "no, the shoes", "I mean ..."."""
        return len(words(text)) <= _CORRECTING_WORDS and bool(self.correcting.match(" ".join(words(text))))

    def has_variation(self, card: str, move: str) -> bool:
        """Whether a card has an easier or harder form."""
        return move in self.rules["variations"].get(card, {})


def load_moves(path: Path) -> Moves:
    """Read content/moves.yml."""
    rules = read_checked(path)
    said = WholeMessages({name: move["said"] for name, move in rules["moves"].items()}, rules["parts"])
    denied = re.compile(rf"(?:^|\W)(?:{'|'.join(rules['instead_of'])}) $")
    correcting, meant = (re.compile(rf"\b(?:{'|'.join(rules[name])})\b") for name in ("correcting", "meant"))
    return Moves(rules, said, denied, correcting, meant)
