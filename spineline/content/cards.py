"""What the clinic says: cards. One subject each, a short answer for each kind of question, both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spineline.content.clinic import LANGUAGES, Both
from spineline.content.questions import ABOUT
from spineline.errors import ContentError
from spineline.text.schemas import check_files, read_checked


@dataclass(frozen=True)
class Answer:
    """One answer of a card, named "card/kind"; `ask` is the title of the quick reply that leads here; `say` is the text
    for people who listen."""

    card: str
    kind: str
    ask: Both
    text: Both
    say: Both
    buttons: tuple[str, ...]
    sources: tuple[str, ...]
    call: bool

    @cached_property
    def ref(self) -> str:
        """The name of the answer."""
        return f"{self.card}/{self.kind}"


@dataclass(frozen=True, eq=False)
class Card:
    """One subject. `named_by` are the entities that name it, `family` the topic card it belongs to.

    A card with a `pair` answers questions that name both cards of the pair ("ice or heat?"). A card with an
    `everyday_name` ("bridge", "walk") is not given on the strength of its name alone. `movements` are the families of
    movement of an exercise, which content/conditions.yml keeps some people from.
    """

    id: str
    title: Both
    intents: tuple[str, ...]
    default_for: str | None
    named_by: tuple[tuple[str, str], ...]
    pair: tuple[str, ...]
    everyday_name: bool
    family: str | None
    line: str | None
    movements: tuple[str, ...]
    answers: Mapping[str, Answer]

    def answer(self, kind: str | None, nearest: Mapping[str, Any]) -> Answer:
        """The answer of this kind, or of the nearest kind that the card has."""
        wanted = [kind, *nearest[kind]] if kind else [ABOUT]
        return next((self.answers[k] for k in wanted if k in self.answers), self.answers[ABOUT])


def load_cards(folder: Path) -> dict[str, Card]:
    """Read content/cards/*.yml; ContentError lists everything that is wrong in any of them."""
    paths = sorted(folder.glob("*.yml"))
    check_files(paths, "card")
    return {path.stem: _card(path.stem, read_checked(path, "card")) for path in paths}


def _card(card_id: str, data: Mapping[str, Any]) -> Card:
    return Card(
        id=card_id,
        title=data["title"],
        intents=tuple(data["intents"]),
        default_for=data.get("default_for"),
        named_by=tuple(_named_by(data.get("named_by", {}))),
        pair=tuple(data.get("pair", ())),
        everyday_name=bool(data.get("everyday_name")),
        family=data.get("family"),
        line=data.get("line"),
        movements=tuple(data.get("movements", ())),
        answers={kind: _answer(card_id, kind, answer) for kind, answer in data["answers"].items()},
    )


def _answer(card_id: str, kind: str, data: Mapping[str, Any]) -> Answer:
    return Answer(
        card=card_id,
        kind=kind,
        ask=data["ask"],
        text={language: data[language].strip() for language in LANGUAGES},
        say={language: data["say"][language].strip() for language in LANGUAGES},
        buttons=tuple(data.get("buttons", ())),
        sources=tuple(data.get("sources", ())),
        call=bool(data.get("call")),
    )


def _named_by(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for label, values in data.items():
        for value in values if isinstance(values, list) else [values]:
            yield label, value


def defaults(cards: Mapping[str, Card]) -> dict[str, Card]:
    """The card that answers each intent as a whole; ContentError when two claim the same intent."""
    found: dict[str, Card] = {}
    problems: list[str] = []
    for card in cards.values():
        if card.default_for in found:
            problems.append(f"content/cards/{card.id}.yml: {card.default_for} has a default card already.")
        elif card.default_for:
            found[card.default_for] = card
    if problems:
        raise ContentError(problems)
    return found
