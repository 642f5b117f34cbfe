"""Questions with the answers that are right (tests/answers/<language>.yml), and what became of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.base import turn_of
from spineline.content.asked import titles
from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Memory
from spineline.text.yaml_file import read_yaml

RIGHT, OFFERED, REFUSED, OTHER = "right", "offered", "refused", "other"
_FEWEST_LETTERS = 5  # of a text that is still itself after a slip; "stop" is not "top"
_REFUSAL = "out_of_scope/about"


@dataclass(frozen=True)
class Expected:
    """A question, and the answers that are right: "plank/how_long"; none where nothing here answers it."""

    text: str
    language: str
    answers: tuple[str, ...]


def load_expected(folder: Path) -> Iterator[Expected]:
    """Every question of the folder."""
    for path in sorted(folder.glob("*.yml")):
        for row in read_yaml(path):
            yield Expected(row["question"], path.stem, tuple(row["answers"]))


def slipped(text: str, chance: random.Random) -> str:
    """A text in small letters, without its marks, with one letter left out, doubled, replaced or swapped."""
    text = text.lower().strip(" ¿?¡!.")
    if len(text) < _FEWEST_LETTERS:
        return text
    at = chance.choice([i for i, char in enumerate(text) if char.isalpha()])
    before, char, after = text[:at], text[at], text[at + 1 :]
    wrong = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice([before + after, before + char * 2 + after, before + wrong + after, _swapped(text, at)])


def _swapped(text: str, at: int) -> str:
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def slipped_titles(content: Content) -> Iterator[Expected]:
    """Every title that leads to an answer which can be asked for; with the same slips each time."""
    chance = random.Random(0)
    for title in titles(content.cards):
        if not content.cards[title.ref.partition("/")[0]].intents[0].startswith("report_"):
            yield Expected(slipped(title.text, chance), title.language, (title.ref,))


def judged(expected: Expected, parsed: Mapping[str, Any], content: Content) -> tuple[str, str]:
    """What became of a question, and the answer that was given, "" for none."""
    messages = respond(turn_of(parsed), Memory(language=expected.language), content).messages
    given = [m.card for m in messages if m.card in content.answers and m.card != _REFUSAL]
    if not given:
        choices = {choice for message in messages for choice in message.choices}
        offered = choices & set(expected.answers)
        return (RIGHT if not expected.answers else OFFERED if offered else REFUSED), ""
    return (RIGHT if set(given) & set(expected.answers) else OTHER), str(given[0])
