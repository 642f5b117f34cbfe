"""Every text that the assistant says, by its name: as it is read, and as it is said aloud. Filled in once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from spineline.content.cards import Answer
from spineline.content.clinic import Both
from spineline.content.said_texts import texts_of
from spineline.text.letters import NUMBER, spelled, with_names

SENTENCE_END = re.compile(r"(?<=[a-záéíóúñ\d)][.!?])(?<!\bDr\.)(?<!\bDra\.)\s+(?=[A-ZÁÉÍÓÚÑ¿¡])")


@dataclass(frozen=True)
class Part:
    """One text of a message.

    Args:
        read: as it stands on a screen.
        said: as it is said aloud, telephone numbers digit by digit.
        language: of this text; a message to somebody whose language is not known has parts in both.
        id: its name: "core/why" for an answer of a card, else file and place, "tiers.ED_NOW.do"; None for a text that
            somebody wrote just now.
        numbers: the telephone numbers that stand in `read`.
    """

    read: str
    said: str
    language: str
    id: str | None = None
    numbers: tuple[str, ...] = ()

    def filled(self, **values: object) -> Part:
        """The part with its $names filled in."""
        read, said = (with_names(text, **values) for text in (self.read, self.said))
        return replace(self, read=read, said=said)


def free_part(text: str, language: str) -> Part:
    """A text that has no name."""
    return Part(text, spelled(text), language, numbers=tuple(NUMBER.findall(text)))


@dataclass(frozen=True)
class Written:
    """A text in all languages, before it is filled in for a clinic."""

    read: Both
    said: Both

    def part(self, id: str, language: str, fill: Callable[[str, str], str]) -> Part:
        """The text for one clinic."""
        plain = free_part(fill(self.read[language], language), language)
        return replace(plain, id=id, said=spelled(fill(self.said[language], language)))


def all_texts(
    answers: Mapping[str, Answer], files: Mapping[str, Any], instead_of: Mapping[str, Both]
) -> dict[str, Written]:
    """Every text by its name: the answers of all cards, whole, in short ("short/core/why") and in steps
    ("steps/core/why"), and the texts of the files.

    Args:
        instead_of: how texts of the files are said, where that is not how they are written.
    """
    named = {f"{file}.{place}": text for file, texts in files.items() for place, text in texts_of(texts)}
    written = {id: Written(text, instead_of.get(id, text)) for id, text in named.items()}
    short = {f"short/{ref}": Written(answer.say, answer.say) for ref, answer in answers.items()}
    steps = {f"steps/{ref}": Written(_steps(answer.text), answer.say) for ref, answer in answers.items()}
    cards = {ref: Written(answer.text, answer.say) for ref, answer in answers.items()}
    return {**written, **cards, **short, **steps}


def _steps(text: Both) -> Both:
    """Sentence by sentence, numbered."""
    sentences = {language: SENTENCE_END.split(said) for language, said in text.items()}
    return {language: "\n".join(f"{n}. {one}" for n, one in enumerate(said, 1)) for language, said in sentences.items()}
