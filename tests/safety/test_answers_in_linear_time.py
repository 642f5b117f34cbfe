"""No answer to a question about pain holds up the process: a cue that may read one text in two ways takes for ever."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.alarm_words import asked_about, said_to_close
from spineline.dialogue.pain_words import PainText

ROOT = Path(__file__).parents[2]
CUES = [ROOT / "content" / f"{name}.yml" for name in ("triage", "tiers", "alarm_questions")]
LETTERS = 120  # twice as many take twice as long, or 2^20 times
FOR_EVER_S = 20.0  # of CPU, for what takes milliseconds
QUESTIONS = ("signs", "severity", "course", "risks")


@contextmanager
def _not_for_ever(text: str) -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"{text[:40]!r} and so on takes for ever: some cue can read it in two ways.")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, FOR_EVER_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _read(text: str, content: Content) -> None:
    reader = PainText(content.triage)
    with _not_for_ever(text):
        for question in QUESTIONS:
            reader.answer(question, text)
        reader.told(text)
        reader.stops(text)
        reader.leaves(text)
        reader.hinted(text)
        reader.signs_named(text)
        reader.pain_told(text, {})
        said_to_close(text, Tier.CALL_TODAY, ["RF10"], content)
        asked_about(text, content)


@pytest.mark.parametrize("between", ["", " "])
@pytest.mark.parametrize("word", ["yes", "una", "estoy", "ito", "no", "sí", "maybe", "7"])
def test_one_word_again_and_again_is_read(word: str, between: str, content: Content) -> None:
    _read(((word + between) * 300)[:999], content)


@pytest.mark.parametrize("first", sorted("abcdefghijklmnopqrstuvwxyz"))
def test_every_word_of_the_cues_again_and_again_is_read(first: str, content: Content) -> None:
    known = sorted(set(re.findall(r"[a-z]+", "".join(file.read_text(encoding="utf-8").lower() for file in CUES))))
    for word in (word for word in known if word[0] == first):
        _read((word * LETTERS)[:LETTERS], content)
