"""Answers as they are said: whole lines, each in its language, urgent advice twice, quick replies as keys and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spineline.channels.twilio.voice.call import MOST_KEYS, NONE
from spineline.content.choice import ANSWER, CHECK_IN, MOVE, ROUTINE
from spineline.content.library import Content
from spineline.content.texts import Part
from spineline.content.voice_words import VoiceWords
from spineline.danger.tiers import Tier
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Kind, Message
from spineline.text.letters import with_names
from spineline.turns.shape import SCORE as SEVERE

URGENT = (Tier.CALL_911, Tier.ED_NOW, Tier.CRISIS_988)
_WHAT_TO_DO = frozenset(f"tiers.{tier.value}.do" for tier in URGENT)
_SKIP = "triage:skip"
_MOST_SUGGESTED = 2


@dataclass(frozen=True)
class Line:
    """Something to say, in one language."""

    text: str
    language: str


def is_urgent(answer: Sequence[Message]) -> bool:
    """Whether 911, 988 or an emergency department comes before anything else."""
    return any(message.tier in URGENT for message in answer)


def asks_for_score(answer: Sequence[Message]) -> bool:
    """Whether the answer ends with the question how strong the pain is."""
    return bool(answer) and SEVERE in answer[-1].choices


def choices_of(answer: Sequence[Message]) -> tuple[str, ...]:
    """The quick replies that are open after the answer."""
    return next((message.choices for message in reversed(answer) if message.choices), ())


def spoken_lines(answer: Sequence[Message]) -> list[Line]:
    """The answer line by line, each in its language; what to do in an emergency comes first and twice."""
    parts = [part for message in answer for part in message.parts]
    lines = [line for part in parts for line in _lines(part)]
    if not is_urgent(answer):
        return lines
    first = [line for part in parts if part.id in _WHAT_TO_DO for line in _lines(part)] or lines[:1]
    return [*first, *first, *(line for line in lines if line not in first)]


def _lines(part: Part) -> list[Line]:
    return [Line(text, part.language) for text in map(str.strip, part.said.split("\n")) if text]


def spoken_choices(answer: Sequence[Message], language: str, words: VoiceWords, content: Content) -> list[Line]:
    """What the caller can press or say next."""
    choices = choices_of(answer)
    if not choices or asks_for_score(answer):
        return []
    if content.choices[choices[0]].kind in (ANSWER, MOVE, CHECK_IN, ROUTINE):
        line = "also" if answer[-1].kind is Kind.ANSWER else "either"
        return [Line(_suggested(choices[:_MOST_SUGGESTED], line, language, words, content), language)]
    return [Line(text, language) for text in _with_keys(choices, language, words)]


def _suggested(choices: Sequence[str], line: str, language: str, words: VoiceWords, content: Content) -> str:
    titles = (title.strip("¿?") for title in Speaker(content, language).replies(choices))
    return with_names(words.says[line][language], titles=words.says["or"][language].join(titles))


def _with_keys(choices: Sequence[str], language: str, words: VoiceWords) -> Iterator[str]:
    press = words.says["press"][language]
    for number, choice in enumerate(choices):
        if choice == _SKIP:
            yield words.says["skip"][language]
        elif choice == NONE or number < MOST_KEYS:
            key = words.keys[language][MOST_KEYS if choice == NONE else number]
            yield with_names(press, phrase=words.options[choice][language], key=key)
