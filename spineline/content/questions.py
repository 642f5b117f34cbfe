"""How people ask: the kind of a question, several questions in one message, and follow-ups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import Pattern

from spineline.text.letters import WORD, fold
from spineline.text.schemas import read_checked

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
    filler: Pattern[str]
    opening: Pattern[str]
    bare: Pattern[str]
    pointing: Pattern[str]
    opener: Pattern[str]
    joints: Pattern[str]

    def kind(self, text: str) -> str | None:
        """The kind of question ("how_long", "safe", ...); None when no cue shows."""
        return self._kind(fold(text))

    def _kind(self, folded: str) -> str | None:
        return next((kind for kind, cues in self.kinds.items() if cues.search(folded)), None)

    def split(self, text: str) -> tuple[str, ...]:
        """The single questions of a message, in order; empty when it asks fewer than two."""
        folded = fold(text)
        if len(folded) != len(text):
            text = folded  # where a place in one is none in the other
        places = [place for sentence in _sentences(folded) for place in self._split_at_joints(folded, *sentence)]
        asked = [text[start:end].strip() for start, end in places if self._stands_alone(folded[start:end])]
        return tuple(asked[:_MOST_QUESTIONS]) if len(asked) > 1 else ()

    def points_back(self, text: str) -> bool:
        """Whether a message leans on what was said before: "and how many of those?"."""
        folded, count = self._without_filler(text)
        if not 0 < count <= _LONGEST_FOLLOW_UP:
            return False
        return self._opens(folded, count) or self._points(folded)

    def only_opens(self, text: str) -> bool:
        """Whether nothing but its first word leans on before: "and the plank?", and not "and how many of those?"."""
        folded, count = self._without_filler(text)
        return self._opens(folded, count) and not self._points(folded)

    def _without_filler(self, text: str) -> tuple[str, int]:
        """A message without "so" and "well" before it, and how many words that are."""
        folded = self.filler.sub("", fold(text).strip(" ¿?¡!.,")).strip(" ¿?")
        return folded, len(WORD.findall(folded))

    def _opens(self, folded: str, count: int) -> bool:
        return 0 < count <= _LONGEST_OPENED and bool(self.opening.fullmatch(folded))

    def _points(self, folded: str) -> bool:
        return bool(self.bare.fullmatch(folded) or self.pointing.search(folded))

    def _split_at_joints(self, folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the parts of a sentence stand: cut at "and", "y" ... only where both sides are questions."""
        for joint in self.joints.finditer(folded[start:end]):
            left, right = start + joint.start(), start + joint.end()
            if self._stands_alone(folded[start:left]) and self._stands_alone(folded[right:end]):
                yield start, left
                yield from self._split_at_joints(folded, right, end)
                return
        yield start, end

    def asks(self, text: str) -> bool:
        """Whether a text is a question at all, or holds one: "I'm 58. is it too late"."""
        folded = fold(text)
        return any(self._asks(folded[start:end]) for start, end in _sentences(folded))

    def _asks(self, folded: str) -> bool:
        return self._kind(folded) is not None or bool(self.opener.match(folded.strip(" ¿¡,")))

    def _stands_alone(self, folded: str) -> bool:
        return len(WORD.findall(folded)) >= _FEWEST_WORDS and self._asks(folded)


def _sentences(folded: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text stand."""
    start = 0
    for end in _SENTENCE_END.finditer(folded):
        yield start, end.start()
        start = end.end()
    yield start, len(folded)


def load_question_reader(path: Path) -> QuestionReader:
    """Read content/questions.yml; every cue is a regular expression over folded text."""
    data = read_checked(path)
    follow_up = data["follow_up"]
    return QuestionReader(
        kinds={kind: _any_of(cues) for kind, cues in data["kinds"].items()},
        nearest=data["nearest"],
        filler=re.compile(rf"^(?:{follow_up['filler']})+"),
        opening=re.compile(follow_up["opening"]),
        bare=re.compile(follow_up["bare"]),
        pointing=_any_of([follow_up["pointing"].replace("| ", "|")]),
        opener=re.compile(rf"(?:{data['joints']}\s+)?[¿¡]?{data['opener']}\b"),
        joints=re.compile(rf"(?:\s|,)+(?:{data['joints']})\s+"),
    )


def _any_of(cues: Sequence[str]) -> Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(fold(cue) if "\\" not in cue else cue for cue in cues) + r")(?!\w)")
