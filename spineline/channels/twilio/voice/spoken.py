"""Answers as they are said: whole lines, each in its language, urgent advice twice, quick replies as keys and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spineline.channels.twilio.voice.call import MOST_KEYS, NONE
from spineline.content.library import Content
from spineline.content.voice_words import VoiceWords
from spineline.danger.tiers import Tier
from spineline.text.letters import spelled, with_names
from spineline.turns.shape import Choice, Shaped

URGENT = (Tier.CALL_911.value, Tier.ED_NOW.value, Tier.CRISIS_988.value)
_SCORE_CARD = "triage:severity"
_SKIP = "triage:skip"
_MOST_SUGGESTED = 2


@dataclass(frozen=True)
class Line:
    """Something to say, in one language."""

    text: str
    language: str


def is_urgent(answer: Sequence[Shaped]) -> bool:
    """Whether 911, 988 or an emergency department comes before anything else."""
    return any(message.data.get("tier") in URGENT for message in answer)


def asks_for_score(answer: Sequence[Shaped]) -> bool:
    """Whether the answer ends with the question how strong the pain is."""
    return bool(answer) and answer[-1].data.get("card") == _SCORE_CARD


def language_of(answer: Sequence[Shaped], before: str) -> str:
    """The language that the answer goes on in."""
    return str(next((m.data["language"] for m in reversed(answer) if m.data.get("language")), before))


def choices_of(answer: Sequence[Shaped]) -> tuple[Choice, ...]:
    """The quick replies that are open after the answer."""
    return next((message.choices for message in reversed(answer) if message.choices), ())


def spoken_lines(answer: Sequence[Shaped], language: str, words: VoiceWords, content: Content) -> list[Line]:
    """The answer line by line; what to do in an emergency comes first and twice."""
    lines = [line for message in answer for line in _lines(message, language, words, content)]
    if not is_urgent(answer):
        return lines
    what_to_do = set(_what_to_do(words, content))
    first = [line for line in lines if line.text in what_to_do] or lines[:1]
    return [*first, *first, *(line for line in lines if line not in first)]


def _lines(message: Shaped, language: str, words: VoiceWords, content: Content) -> Iterator[Line]:
    """A line is said by the voice of its own language: some messages say the same in both."""
    spoken = str(message.data.get("language") or language)
    for text in filter(None, map(str.strip, message.text.split("\n"))):
        guess = content.languages.guess(text)
        by = guess if guess in content.clinic.languages else spoken
        yield Line(words.said(text, by), by)


def _what_to_do(words: VoiceWords, content: Content) -> Iterator[str]:
    for tier in URGENT:
        for language, text in content.tiers[tier]["do"].items():
            yield words.said(spelled(content.fill(text, language)), language)


def spoken_choices(answer: Sequence[Shaped], language: str, words: VoiceWords) -> list[Line]:
    """What the caller can press or say next."""
    choices = choices_of(answer)
    if not choices or asks_for_score(answer):
        return []
    if "/" in choices[0].id:
        is_card = "/" in str(answer[-1].data.get("card"))
        return [Line(_suggested(choices[:_MOST_SUGGESTED], "also" if is_card else "either", language, words), language)]
    return [Line(text, language) for text in _with_keys(choices, language, words)]


def _suggested(choices: Sequence[Choice], line: str, language: str, words: VoiceWords) -> str:
    titles = words.says["or"][language].join(choice.title.strip("¿?") for choice in choices)
    return with_names(words.says[line][language], titles=titles)


def _with_keys(choices: Sequence[Choice], language: str, words: VoiceWords) -> Iterator[str]:
    press = words.says["press"][language]
    for number, choice in enumerate(choices):
        if choice.id == _SKIP:
            yield words.says["skip"][language]
        elif choice.id == NONE or number < MOST_KEYS:
            key = words.keys[language][MOST_KEYS if choice.id == NONE else number]
            yield with_names(press, phrase=words.options[choice.id][language], key=key)
