"""How people ask for each answer: the sentences of data/answers/, and the titles of the quick replies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spineline.content.cards import Card
from spineline.content.clinic import LANGUAGES
from spineline.errors import ContentError
from spineline.text.schemas import check_files, read_checked, shown
from spineline.text.yaml_file import did_you_mean


@dataclass(frozen=True)
class Asked:
    """One way to ask for the answer `ref`, "card/kind", of a card whose first intent is `intent`."""

    text: str
    language: str
    ref: str
    intent: str


def load_asked(folder: Path, cards: Mapping[str, Card]) -> tuple[Asked, ...]:
    """Every sentence of data/answers/<language>/<card>.yml; ContentError lists all that leads to no answer."""
    paths = sorted(path for language in LANGUAGES for path in (folder / language).glob("*.yml"))
    check_files(paths, "asked")
    if problems := [problem for path in paths for problem in _problems(path, cards)]:
        raise ContentError(problems)
    return tuple(asked for path in paths for asked in _asked(path, cards[path.stem]))


def titles(cards: Mapping[str, Card]) -> Iterator[Asked]:
    """The titles of all quick replies: whoever types one asks for its answer."""
    for card in cards.values():
        for answer in card.answers.values():
            yield from (Asked(answer.ask[language], language, answer.ref, card.intents[0]) for language in LANGUAGES)


def _asked(path: Path, card: Card) -> Iterator[Asked]:
    for kind, sentences in read_checked(path, "asked").items():
        ref = card.answers[kind].ref
        yield from (Asked(sentence, path.parent.name, ref, card.intents[0]) for sentence in sentences)


def _problems(path: Path, cards: Mapping[str, Card]) -> Iterator[str]:
    if path.stem not in cards:
        yield f"{shown(path)}: there is no card of this name.{did_you_mean(path.stem, cards)}"
        return
    answers = cards[path.stem].answers
    for kind in read_checked(path, "asked"):
        if kind not in answers:
            yield f"{shown(path)}: {kind}: the card has no such answer.{did_you_mean(kind, answers)}"
