"""Real sentences to draw from: what people say to us, and what must raise the alarm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from said import whole_titles

from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, Content, load_content
from spineline.danger.tiers import Tier
from spineline.dialogue.alarms import REPLIES
from spineline.text.yaml_file import read_yaml

_MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_PLAIN_SEVERE = "RF27"


class Sentence(NamedTuple):
    """What somebody says, with the intent that is right."""

    text: str
    intent: str
    language: str


class Danger(NamedTuple):
    """What alarms by itself, and how urgently at least."""

    text: str
    tier: Tier
    language: str


@cache
def content() -> Content:
    return load_content(ROOT, "spine_institute")


@cache
def taught() -> tuple[Sentence, ...]:
    """The training sentences."""
    return tuple(_taught())


def _taught() -> Iterator[Sentence]:
    for language in LANGUAGES:
        for path in sorted((ROOT / "data" / "nlu" / language).glob("*.yml")):
            for one in read_yaml(path)["nlu"]:
                lines = (line.removeprefix("- ").strip() for line in one.get("examples", "").splitlines())
                yield from (Sentence(_MARKED.sub(r"\1", line), one["intent"], language) for line in lines if line)


@cache
def intents() -> tuple[str, ...]:
    return (*sorted({sentence.intent for sentence in taught()}), "nlu_fallback")


def _examples(kind: str) -> Iterator[tuple[str, str, str]]:
    """Of the table of danger signs: flag, language, text."""
    for flag in read_yaml(ROOT / "content" / "red_flags.yml")["flags"]:
        for twin in flag["examples"][kind]:
            yield from ((flag["id"], language, twin[language]) for language in LANGUAGES)


@cache
def dangers() -> tuple[Danger, ...]:
    judged = ((text, language, content().red_flags.assess(text).alarm) for _, language, text in _examples("fire"))
    return tuple(Danger(text, alarm.tier, language) for text, language, alarm in judged if alarm)


@cache
def calm() -> tuple[str, ...]:
    """What raises no alarm: training sentences, sentences that only look like danger, plain severe pain."""
    looks = (text for _, _, text in _examples("not_fire"))
    said = (*(sentence.text for sentence in taught()), *looks, *severe())
    return tuple(text for text in said if not content().red_flags.assess(text).alarm)


@cache
def severe() -> tuple[str, ...]:
    """Plain severe pain, which is no alarm."""
    said = (text for flag, _, text in _examples("fire") if flag == _PLAIN_SEVERE)
    return tuple(text for text in said if not content().red_flags.assess(text).alarm)


@cache
def small_talk() -> tuple[str, ...]:
    kinds = "affirm deny thanks greet goodbye feedback cancel bot_challenge help".split()
    return tuple(sentence.text for sentence in taught() if sentence.intent in kinds)


@cache
def closing_titles() -> tuple[str, ...]:
    """What stands on the two buttons that close an alarm, in both languages."""
    return tuple(whole_titles(REPLIES, content()))
