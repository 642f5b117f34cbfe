"""How people ask for each answer (data/answers): enough ways, each of its own, none of them a test."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import pytest
from expected_answers import load_expected

from spineline.content.asked import Asked, load_asked
from spineline.content.library import ROOT, Content
from spineline.text.letters import fold, words
from spineline.text.yaml_file import read_yaml

FEWEST = {"en": 8, "es": 5}
MOST_SHARED = 0.6  # of the words of two ways to ask for one answer
FOLDER = ROOT / "data/answers"
MEASURED = sorted((ROOT / "tests/nlu").glob("*/*.yml"))
CARDS = sorted(path.stem for path in (FOLDER / "en").glob("*.yml"))


@pytest.fixture(scope="module")
def asked(content: Content) -> tuple[Asked, ...]:
    return load_asked(FOLDER, content.cards)


def norm(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text)).strip()


def shared(one: str, other: str) -> float:
    """The share of words that two sentences have in common."""
    first, second = set(words(fold(one))), set(words(fold(other)))
    return len(first & second) / max(1, len(first | second))


@pytest.mark.parametrize("card", CARDS)
def test_every_answer_of_a_card_has_enough_ways_of_being_asked(
    card: str, asked: tuple[Asked, ...], content: Content
) -> None:
    ways = Counter((a.ref, a.language) for a in asked)
    few = {
        (answer.ref, language): ways[answer.ref, language]
        for answer in content.cards[card].answers.values()
        for language, fewest in FEWEST.items()
        if ways[answer.ref, language] < fewest
    }
    assert not few


@pytest.mark.parametrize("card", CARDS)
def test_no_two_ways_to_ask_for_one_answer_are_nearly_the_same(card: str, asked: tuple[Asked, ...]) -> None:
    ways: dict[tuple[str, str], list[str]] = {}
    for a in asked:
        if a.ref.startswith(f"{card}/"):
            ways.setdefault((a.ref, a.language), []).append(a.text)
    alike = [pair for texts in ways.values() for pair in combinations(texts, 2) if shared(*pair) > MOST_SHARED]
    assert not alike


def test_no_sentence_asks_for_two_answers(asked: tuple[Asked, ...]) -> None:
    refs: dict[str, set[str]] = {}
    for a in asked:
        refs.setdefault(norm(a.text), set()).add(a.ref)
    assert not {text: found for text, found in refs.items() if len(found) > 1}


def test_no_measured_sentence_is_taught(asked: tuple[Asked, ...]) -> None:
    taught = {norm(a.text) for a in asked}
    intents = {norm(s if isinstance(s, str) else s["text"]) for path in MEASURED for s in read_yaml(path)["sentences"]}
    answers = {norm(row.text) for row in load_expected(ROOT / "tests/answers")}
    assert not taught & (intents | answers)
