"""How people ask: the kind of a question, several questions in one message, and follow-ups."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import Pattern

from spineline.text.letters import fold, words
from spineline.text.yaml_file import read_yaml

ABOUT = "about"
_SENTENCE_END = re.compile(r"(?<=[?!.;\n])\s+|\n+")
_MOST_QUESTIONS = 3
_LONGEST_OPENED = 5  # words after which "and ..." opens a question of its own
_LONGEST_FOLLOW_UP = 12  # words; longer messages speak for themselves
_FEWEST_WORDS = 3  # of a question that stands on its own


@dataclass(frozen=True)
class QuestionReader:
    """Reads questions by the cues of content/questions.yml."""

    kinds: Mapping[str, Pattern[str]]
    nearest: Mapping[str, Sequence[str]]
    opening: Pattern[str]
    bare: Pattern[str]
    pointing: Pattern[str]
    opener: Pattern[str]
    joints: Pattern[str]

    def kind(self, text: str) -> str | None:
        """The kind of question ("how_long", "safe", ...); None when no cue shows."""
        folded = fold(text)
        return next((kind for kind, cues in self.kinds.items() if cues.search(folded)), None)

    def split(self, text: str) -> tuple[str, ...]:
        """The single questions of a message, in order; empty when it asks fewer than two."""
        sentences = [part for part in _SENTENCE_END.split(text) if part.strip()]
        parts = [piece for sentence in sentences for piece in self._split_at_joints(sentence)]
        asked = [part.strip() for part in parts if self._stands_alone(part)]
        return tuple(asked[:_MOST_QUESTIONS]) if len(asked) > 1 else ()

    def points_back(self, text: str) -> bool:
        """Whether a message leans on what was said before: "and how many of those?"."""
        count = len(words(text))
        if not 0 < count <= _LONGEST_FOLLOW_UP:
            return False
        folded = fold(text).strip(" ¿?¡!.,")
        short = count <= _LONGEST_OPENED and self.opening.fullmatch(folded)
        starts = short or self.bare.fullmatch(folded)
        return bool(starts or self.pointing.search(folded))

    def _split_at_joints(self, sentence: str) -> list[str]:
        """Cut at "and", "y" ... only where both sides are questions."""
        for joint in self.joints.finditer(fold(sentence)):
            left, right = sentence[: joint.start()], sentence[joint.end() :]
            if self._stands_alone(left) and self._stands_alone(right):
                return [left, *self._split_at_joints(right)]
        return [sentence]

    def asks(self, text: str) -> bool:
        """Whether a text is a question at all."""
        return self.kind(text) is not None or bool(self.opener.match(fold(text).strip(" ¿¡,")))

    def _stands_alone(self, text: str) -> bool:
        return len(words(text)) >= _FEWEST_WORDS and self.asks(text)


def load_question_reader(path: Path) -> QuestionReader:
    """Read content/questions.yml; every cue is a regular expression over folded text."""
    data = read_yaml(path)
    follow_up = data["follow_up"]
    return QuestionReader(
        kinds={kind: _any_of(cues) for kind, cues in data["kinds"].items()},
        nearest=data["nearest"],
        opening=re.compile(follow_up["opening"]),
        bare=re.compile(follow_up["bare"]),
        pointing=_any_of([follow_up["pointing"].replace("| ", "|")]),
        opener=re.compile(rf"(?:{data['joints']}\s+)?[¿¡]?{data['opener']}\b"),
        joints=re.compile(rf"(?:\s|,)+(?:{data['joints']})\s+"),
    )


def _any_of(cues: Sequence[str]) -> Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(fold(cue) if "\\" not in cue else cue for cue in cues) + r")(?!\w)")
