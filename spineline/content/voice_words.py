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
from spineline.text.letters import spelled, with_names, words
from spineline.text.schemas import read_checked, shown

if TYPE_CHECKING:
    from spineline.content.library import Content

_NAME = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class VoiceWords:
    """What is said by name, what keys mean, and how written lines are said.

    Args:
        voices: {"en": {"language": "en-US", "voice": ...}, "es": ...}, in Twilio's words.
        connects: the cards after which the clinic is dialled.
        person: what callers say to get a person.
        misheard: for each language, what is written for a number that was said alone, and that number.
        instead: for each language, written lines and how they are said.
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
    instead: Mapping[str, Sequence[tuple[Pattern[str], str]]]

    def asks_for_a_person(self, text: str) -> bool:
        """Whether somebody says "agent", "una persona por favor", "connect me with the clinic" ..."""
        return bool(self.person.fullmatch(" ".join(words(text))))

    def number_heard(self, text: str, language: str) -> str:
        """ "Ate" is an eight where a number was asked for; everything else as it is."""
        return self.misheard[language].get(" ".join(words(text)), text)

    def said(self, line: str, language: str) -> str:
        """How a line that was written to be read is said."""
        for written, spoken in self.instead[language]:
            if found := written.fullmatch(line):
                return with_names(spoken, **found.groupdict())
        return line


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
        instead={language: list(_instead(data["instead_of"], language, content)) for language in LANGUAGES},
    )


def _filled(text: Both, content: Content) -> Both:
    return {language: spelled(content.fill(text[language], language)) for language in LANGUAGES}


def _instead(texts: Mapping[str, Both], language: str, content: Content) -> Iterator[tuple[Pattern[str], str]]:
    for name, spoken in texts.items():
        written = _written(name, content)
        assert written is not None
        pattern = re.escape(_filled(written, content)[language])
        for name in sorted(_names(written), reverse=True):  # a longer name before its beginning
            pattern = pattern.replace(rf"\${name}", rf"(?P<{name}>.+?)", 1)
        yield re.compile(pattern), _filled(spoken, content)[language]


def _written(name: str, content: Content) -> Both | None:
    """The text that a name like "tiers.ED_NOW.more" stands for."""
    found: Any = {"lines": content.lines, "tiers": content.tiers, "triage": content.triage}
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) and set(LANGUAGES) <= set(found) else None


def problems_of_voice(data: Mapping[str, Any], content: Content) -> Iterator[str]:
    """What no schema can tell of the file: texts, cards and options that are named in it and are not there."""
    for name, spoken in data["instead_of"].items():
        written = _written(name, content)
        if written is None:
            yield f"instead_of: there is no text '{name}'. Name it by file and place, like lines.safe_text."
        elif unknown := _names(spoken) - _names(written):
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
