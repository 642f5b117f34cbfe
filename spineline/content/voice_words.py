"""What the telephone line says beside the cards: content/voice.yml, read once and checked before the first call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import Pattern
from typing import TYPE_CHECKING, Any

from spineline.content.clinic import LANGUAGES, Both
from spineline.errors import ContentError
from spineline.text.letters import spelled, words
from spineline.text.schemas import read_checked, shown

if TYPE_CHECKING:
    from spineline.content.library import Content

_NAME = re.compile(r"\$(\w+)")
_AFTER_A_NUMBER = ("out", "de", "sobre")  # "ate out of ten"
_FEW_WORDS = 5


@dataclass(frozen=True)
class VoiceWords:
    """What is said by name, and what keys mean. How written texts are said (`instead_of`) is in `Content.spoken`.

    Args:
        voices: {"en": {"language": "en-US", "voice": ...}, "es": ...}, in Twilio's words.
        connects: the cards after which the clinic is dialled.
        person: what callers say to get a person.
        misheard: for each language, what is written for a number that was said alone, and that number.
    """

    voices: Mapping[str, Mapping[str, str]]
    hints: Both
    connects: frozenset[str]
    person: Pattern[str]
    wishes: Mapping[str, Both]
    says: Mapping[str, Both]
    keys: Mapping[str, Sequence[str]]
    options: Mapping[str, Both]
    misheard: Mapping[str, Mapping[str, str]]

    def asks_for_a_person(self, text: str) -> bool:
        """Whether somebody says "agent", "una persona por favor", "connect me with the clinic" ..."""
        return bool(self.person.fullmatch(" ".join(words(text))))

    def number_heard(self, text: str, language: str) -> str:
        """ "Ate" is an eight where a number was asked for, also in "like a ate" and "ate out of ten"."""
        found, misheard = words(text), self.misheard[language]
        at = next((at for at, word in enumerate(found) if word in _AFTER_A_NUMBER), len(found)) - 1
        if not 0 <= at < _FEW_WORDS or found[at] not in misheard:
            return text
        return " ".join([*found[:at], misheard[found[at]], *found[at + 1 :]])


def load_voice_words(path: Path, content: Content) -> VoiceWords:
    """Read content/voice.yml; ContentError lists everything that is wrong in it."""
    data = read_checked(path)
    problems = [f"{shown(path)}: {problem}" for problem in problems_of_voice(data, content)]
    if problems:
        raise ContentError(problems)
    return VoiceWords(
        voices=data["voices"],
        hints=data["hints"],
        connects=frozenset(data["connects"]),
        person=re.compile("|".join(data["person"])),
        wishes=data["wishes"],
        says={name: _filled(text, content) for name, text in data["says"].items()},
        keys=data["keys"],
        options=data["options"],
        misheard=data["misheard"],
    )


def _filled(text: Both, content: Content) -> Both:
    return {language: spelled(content.fill(text[language], language)) for language in LANGUAGES}


def problems_of_voice(data: Mapping[str, Any], content: Content) -> Iterator[str]:
    """What no schema can tell of the file: texts, cards and options that are named in it and are not there."""
    for name, spoken in data["instead_of"].items():
        if name not in content.texts:
            yield f"instead_of: there is no text '{name}'. Name it by file and place, like lines.safe_text."
        elif unknown := _names(spoken) - _names(content.texts[name].read):
            yield f"instead_of: {name}: ${' $'.join(sorted(unknown))} is not in the written text. Correct the name."
    for card in data["connects"]:
        if card not in content.cards:
            yield f"connects: there is no card '{card}'. Take it out, or write content/cards/{card}.yml."
    yield from _silent_options(data["options"], content)


def _names(text: Both) -> set[str]:
    return {name for language in LANGUAGES for name in _NAME.findall(text[language])}


def _silent_options(options: Mapping[str, Any], content: Content) -> Iterator[str]:
    """Every quick reply of the pain questions is said, but for the score and "skip", which have words of their own."""
    for question, asked in content.triage["questions"].items():
        for option in _said_options(question, asked["options"]):
            if f"triage:{option}" not in options:
                yield f"options: triage:{option} is missing. Write how a caller hears it."


def _said_options(question: str, options: Iterable[str]) -> Iterator[str]:
    yield from (option for option in options if option != "skip" and question != "severity")
