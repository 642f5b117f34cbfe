"""Tells a story around a training sentence, as people do: "I clean houses, my sister says no ... is a plank bad?"

Sentences to learn from are short. Half of what strangers write is long, and a network that has only seen long reports
of danger takes every long question for one (docs/decisions/0015-the-answer-is-ranked.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from spineline.content.clinic import LANGUAGES
from spineline.text.schemas import read_checked

_BEFORE = (0, 1, 1, 2)  # how many sentences stand before the question; each as likely as the others
_AFTER = (0, 0, 1, 1)  # behind it, where something stands before it
_IN_A_STORY = 0.4  # share of what tells of danger that stands in a story; the rest beside a question
_BETWEEN = (". ", ", ", " ", "... ")


@dataclass(frozen=True)
class Around:
    """What people tell before and behind a question, by language."""

    before: Mapping[str, Sequence[str]]
    after: Mapping[str, Sequence[str]]

    def told(self, text: str, language: str, chance: Random) -> str:
        """The text in a story."""
        before = chance.sample(self.before[language], chance.choice(_BEFORE))
        after = chance.sample(self.after[language], chance.choice(_AFTER) if before else 1)
        return chance.choice(_BETWEEN).join([*before, text, *after])


@dataclass(frozen=True)
class Ordinary:
    """What else stands in a message that tells of danger: a story, or a question of data/answers/, by language."""

    around: Around
    questions: Mapping[str, Sequence[str]]

    def inside(self, text: str, language: str, chance: Random) -> str:
        """The text inside something ordinary."""
        if chance.random() < _IN_A_STORY:
            return self.around.told(text, language, chance)
        both = [text, chance.choice(self.questions[language])]
        chance.shuffle(both)
        return chance.choice(_BETWEEN).join(both)


def load_around(folder: Path) -> Around:
    """Read data/around/<language>.yml; ContentError lists what is wrong there."""
    read = {language: read_checked(folder / f"{language}.yml", "around") for language in LANGUAGES}
    return Around(
        {language: data["before"] for language, data in read.items()},
        {language: data["after"] for language, data in read.items()},
    )
