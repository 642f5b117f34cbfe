"""What the clinic says: cards. One subject each, a short answer for each kind of question, both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spineline.content.clinic import LANGUAGES, Both
from spineline.content.questions import ABOUT
from spineline.errors import ContentError
from spineline.text.yaml_file import did_you_mean, read_yaml

KINDS = ("about", "why", "how", "how_long", "how_often", "how_many", "how_much", "safe", "instead", "which", "when")
_CARD_FIELDS = tuple("title intents default_for named_by pair everyday_name family line answers reviewed".split())
_ANSWER_FIELDS = ("ask", "en", "es", "say", "buttons", "sources", "call")


@dataclass(frozen=True)
class Answer:
    """One answer of a card. `ref` is "card/kind"; `ask` is the title of the quick reply that leads here; `say` is the
    text for people who listen."""

    ref: str
    ask: Both
    text: Both
    say: Both
    buttons: tuple[str, ...]
    sources: tuple[str, ...]
    call: bool


@dataclass(frozen=True, eq=False)
class Card:
    """One subject. `named_by` are the entities that name it, `family` the topic card it belongs to.

    A card with a `pair` answers questions that name both cards of the pair ("ice or heat?"). A card with an
    `everyday_name` ("bridge", "walk") is not given on the strength of its name alone.
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
    answers: Mapping[str, Answer]
    reviewed_by: str

    def answer(self, kind: str | None, nearest: Mapping[str, Any]) -> Answer:
        """The answer of this kind, or of the nearest kind that the card has."""
        wanted = [kind, *nearest[kind]] if kind else [ABOUT]
        return next((self.answers[k] for k in wanted if k in self.answers), self.answers[ABOUT])


def load_cards(folder: Path) -> dict[str, Card]:
    """Read content/cards/*.yml; ContentError lists everything that is wrong in any of them."""
    files = {path: read_yaml(path) for path in sorted(folder.glob("*.yml"))}
    problems = [problem for path, data in files.items() for problem in _problems(path, data)]
    if problems:
        raise ContentError(problems)
    cards = {path.stem: _card(path.stem, data) for path, data in files.items()}
    dangling = list(_dangling(folder, cards))
    if dangling:
        raise ContentError(dangling)
    return cards


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
        answers={kind: _answer(f"{card_id}/{kind}", answer) for kind, answer in data["answers"].items()},
        reviewed_by=data["reviewed"]["by"],
    )


def _answer(ref: str, data: Mapping[str, Any]) -> Answer:
    return Answer(
        ref=ref,
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


def _problems(path: Path, data: Any) -> Iterator[str]:
    if not isinstance(data, dict):
        yield f"{path}: expected title, intents, answers ... See CONTRIBUTING.md, 'Add a card'."
        return
    yield from (f"{path}: {problem}" for problem in _field_problems(data))
    for kind, answer in (data.get("answers") or {}).items():
        yield from _answer_problems(f"{path}: {kind}", kind, answer)


def _field_problems(data: Mapping[str, Any]) -> Iterator[str]:
    for name in data:
        if name not in _CARD_FIELDS:
            yield f"'{name}' is not a field of a card.{did_you_mean(name, _CARD_FIELDS)}"
    for name in ("title", "intents", "answers", "reviewed"):
        if not data.get(name):
            yield f"'{name}' is missing. See CONTRIBUTING.md, 'Add a card'."
    if "by" not in (data.get("reviewed") or {"by": ""}):
        yield "'reviewed' lacks 'by'. Write reviewed: {by: \"\", on: \"\"} until a clinician has read it."
    if ABOUT not in (data.get("answers") or {}):
        yield "no answer 'about'. Add what to say when no kind of question shows."


def _answer_problems(where: str, kind: str, answer: Any) -> Iterator[str]:
    if kind not in KINDS:
        yield f"{where}: not a kind of question.{did_you_mean(kind, KINDS)}"
    if not isinstance(answer, dict):
        yield f"{where}: expected ask, en, es, buttons, sources."
        return
    for name in answer:
        if name not in _ANSWER_FIELDS:
            yield f"{where}: '{name}' is not a field of an answer.{did_you_mean(name, _ANSWER_FIELDS)}"
    ask, say = answer.get("ask") or {}, answer.get("say") or {}
    for language in LANGUAGES:
        if not _says(answer.get(language)) or not _says(ask.get(language)):
            yield f"{where}: no {language} text (answer or 'ask'). Write it: no text exists in one language only."
        if not _says(say.get(language)):
            yield f"{where}: no {language} 'say'. Write what a caller hears: one to three short sentences, no digits."


def _says(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _dangling(folder: Path, cards: Mapping[str, Card]) -> Iterator[str]:
    refs = {answer.ref for card in cards.values() for answer in card.answers.values()}
    for card in cards.values():
        if card.family and card.family not in cards:
            yield f"{folder / card.id}.yml: family '{card.family}' is not a card.{did_you_mean(card.family, cards)}"
        for answer in card.answers.values():
            for button in answer.buttons:
                if button not in refs:
                    yield f"{folder / card.id}.yml: button '{button}' leads nowhere.{did_you_mean(button, refs)}"


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
