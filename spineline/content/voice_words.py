"""What the telephone line says beside the cards: content/voice.yml, read once and checked before the first call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import Pattern
from string import Template
from typing import Any

from spineline.content.clinic import LANGUAGES, Both
from spineline.content.library import Content
from spineline.errors import ContentError
from spineline.text.letters import spelled, words
from spineline.text.yaml_file import read_yaml

_TEXTS = ("says", "wishes", "options", "instead_of")
_PARTS = ("voices", "hints", "connects", "person", *_TEXTS, "keys", "reviewed")
_NAME = re.compile(r"\\\$(\w+)")


@dataclass(frozen=True)
class VoiceWords:
    """What is said by name, what keys mean, and how written lines are said.

    Args:
        voices: {"en": {"language": "en-US", "voice": ...}, "es": ...}, in Twilio's words.
        connects: the cards after which the clinic is dialled.
        person: what callers say to get a person.
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
    instead: Mapping[str, Sequence[tuple[Pattern[str], str]]]

    def asks_for_a_person(self, text: str) -> bool:
        """Whether somebody says "agent", "una persona por favor", "connect me with the clinic" ..."""
        return bool(self.person.fullmatch(" ".join(words(text))))

    def said(self, line: str, language: str) -> str:
        """How a line that was written to be read is said."""
        for written, spoken in self.instead[language]:
            if found := written.fullmatch(line):
                return Template(spoken).substitute(found.groupdict())
        return line


def load_voice_words(path: Path, content: Content) -> VoiceWords:
    """Read content/voice.yml; ContentError lists everything that is wrong in it."""
    data = read_yaml(path)
    problems = [f"{path}: {problem}" for problem in list(_missing(data)) or _problems(data, content)]
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
        instead={language: list(_instead(data["instead_of"], language, content)) for language in LANGUAGES},
    )


def _filled(text: Both, content: Content) -> Both:
    return {language: spelled(content.fill(text[language], language)) for language in LANGUAGES}


def _instead(texts: Mapping[str, Both], language: str, content: Content) -> Iterator[tuple[Pattern[str], str]]:
    for name, spoken in texts.items():
        written = _written(name, content)
        assert written is not None
        filled, said = _filled(written, content)[language], _filled(spoken, content)[language]
        yield re.compile(_NAME.sub(r"(?P<\1>.+?)", re.escape(filled))), said


def _written(name: str, content: Content) -> Both | None:
    """The text that a name like "tiers.ED_NOW.more" stands for."""
    found: Any = {"lines": content.lines, "tiers": content.tiers, "triage": content.triage}
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) and set(LANGUAGES) <= set(found) else None


def _missing(data: Any) -> Iterator[str]:
    for part in _PARTS:
        if not isinstance(data, Mapping) or not data.get(part):
            yield f"'{part}' is missing. Write it, or take the file as it was before."


def _problems(data: Mapping[str, Any], content: Content) -> Iterator[str]:
    if "by" not in data["reviewed"]:
        yield "'reviewed' lacks 'by'. Write reviewed: {by: \"\", on: \"\"} until a clinician has read it."
    for part in _TEXTS:
        yield from _one_sided(part, data[part])
        yield from _unfillable(part, data[part], content)
    for name in data["instead_of"]:
        if _written(name, content) is None:
            yield f"instead_of: there is no text '{name}'. Name it by file and place, like lines.safe_text."
    for card in data["connects"]:
        if card not in content.cards:
            yield f"connects: there is no card '{card}'. Take it out, or write content/cards/{card}.yml."
    yield from _silent_options(data["options"], content)


def _one_sided(part: str, texts: Mapping[str, Any]) -> Iterator[str]:
    for name, text in texts.items():
        for language in LANGUAGES:
            if not isinstance(text, Mapping) or not text.get(language):
                yield f"{part}: {name}: no {language} text. Write it: no text exists in one language only."


def _unfillable(part: str, texts: Mapping[str, Any], content: Content) -> Iterator[str]:
    """Every text is filled once, so that nobody ever hears a {placeholder}."""
    for name, text in texts.items():
        for language in set(LANGUAGES) & set(text):
            try:
                content.fill(text[language], language)
            except (AttributeError, KeyError, IndexError, ValueError) as error:
                yield f"{part}: {name}: {language}: cannot be filled in ({error}). Check the {{…}} names."


def _silent_options(options: Mapping[str, Any], content: Content) -> Iterator[str]:
    """Every quick reply of the pain questions is said, but for the score and "skip", which have words of their own."""
    for question, asked in content.triage["questions"].items():
        for option in _said_options(question, asked["options"]):
            if f"triage:{option}" not in options:
                yield f"options: triage:{option} is missing. Write how a caller hears it."


def _said_options(question: str, options: Iterable[str]) -> Iterator[str]:
    yield from (option for option in options if option != "skip" and question != "severity")
