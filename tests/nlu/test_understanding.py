"""What the trained model makes of the held-out sentences, and what it puts beside the intent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from understood import Reader

from spineline.content.library import ROOT
from spineline.text.yaml_file import read_yaml

pytestmark = pytest.mark.trained

LEAST_IN_SCOPE = {"en": 0.80, "es": 0.74}
LEAST_OUT_OF_SCOPE = 0.85
MOST_SWALLOWED = 0.2  # of another intent's sentences by one intent
MOST_COLLECTED = 0.02  # of all sentences of other intents by one intent
MOST_REFUSED = 0.06  # of them by out_of_scope
ELSEWHERE = "out_of_scope"


@dataclass(frozen=True)
class Row:
    """One held-out sentence: the intent it is filed under, all that are right, and what the model said."""

    text: str
    language: str
    intent: str
    right: tuple[str, ...]
    said: str = ""

    @property
    def is_right(self) -> bool:
        return self.said in self.right


def held_out() -> Iterator[Row]:
    for path in sorted((ROOT / "tests/nlu").glob("*/*.yml")):
        for sentence in read_yaml(path)["sentences"]:
            entry = {"text": sentence} if isinstance(sentence, str) else sentence
            yield Row(entry["text"], path.parent.name, path.stem, (path.stem, *entry.get("also", ())))


@pytest.fixture(scope="module")
def rows(reader: Reader) -> list[Row]:
    """Every held-out sentence with the intent that the model gives it."""
    asked = list(held_out())
    parsed = reader.parse_all(row.text for row in asked)
    return [replace(row, said=intent_of(understood)) for row, understood in zip(asked, parsed, strict=True)]


def intent_of(parsed: dict[str, Any]) -> str:
    name: str = parsed["intent"]["name"]
    return ELSEWHERE if name == "nlu_fallback" else name


def share(rows: list[Row]) -> float:
    return sum(row.is_right for row in rows) / len(rows)


def wrong(rows: list[Row]) -> str:
    return "\n".join(f"{row.language} {row.intent} -> {row.said}: {row.text}" for row in rows if not row.is_right)


@pytest.mark.parametrize("language", LEAST_IN_SCOPE)
def test_enough_sentences_are_understood(language: str, rows: list[Row]) -> None:
    asked = [row for row in rows if row.language == language and row.intent != ELSEWHERE]
    assert share(asked) >= LEAST_IN_SCOPE[language], wrong(asked)


def test_enough_of_what_is_not_for_this_chat_is_recognised(rows: list[Row]) -> None:
    elsewhere = [row for row in rows if row.intent == ELSEWHERE]
    assert share(elsewhere) >= LEAST_OUT_OF_SCOPE, wrong(elsewhere)


def test_no_intent_swallows_another(rows: list[Row]) -> None:
    taken = Counter((row.intent, row.said) for row in rows if not row.is_right)
    sentences = Counter(row.intent for row in rows)
    swallowed = {f"{of} -> {by}": n for (of, by), n in taken.items() if n > MOST_SWALLOWED * sentences[of]}
    assert not swallowed, wrong(rows)


def test_no_intent_collects_the_sentences_of_all_others(rows: list[Row]) -> None:
    collected = Counter(row.said for row in rows if not row.is_right)
    sentences = Counter(row.intent for row in rows)
    most = {ELSEWHERE: MOST_REFUSED}
    others = {by: len(rows) - sentences[by] for by in collected}
    greedy = {by: n for by, n in collected.items() if n > most.get(by, MOST_COLLECTED) * others[by]}
    assert not greedy, wrong(rows)


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("how long do i hold the hammy stretch", "exercise", "hamstring stretch"),
        ("cuanto aguanto el estiramiento de isquiotibiales", "exercise", "hamstring stretch"),
        ("are SQAUTS ok", "exercise", "squat"),
        ("son malas las sentadillas", "exercise", "squat"),
        ("what do my gluts do", "muscle", "glutes"),
        ("para que sirven los gluteos", "muscle", "glutes"),
        ("frozen peas on my lowerback", "remedy", "ice"),
        ("bolsa de hielo en la cintura", "body_part", "lower back"),
    ],
)
def test_names_become_one_value_in_both_languages(text: str, label: str, value: str, reader: Reader) -> None:
    found = {(entity["entity"], entity["value"]) for entity in reader.parse(text)["entities"]}
    assert (label, value) in found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how often should i stretch", "en"),
        ("cada cuanto me estiro", "es"),
        ("me duele despues del deadlift", "es"),
        ("plank", None),
        ("у меня болит спина", "other"),
    ],
)
def test_the_language_stands_beside_the_intent(text: str, language: str | None, reader: Reader) -> None:
    assert reader.parse(text).get("language") == language


@pytest.mark.parametrize(
    ("text", "intents", "values"),
    [
        (
            "How long do I hold a plank? And what are your opening hours?",
            ["ask_core", "ask_hours_location"],
            [["plank"], []],
        ),
        (
            "¿Cuánto tiempo aguanto la plancha? ¿Y cuál es el horario de la clínica?",
            ["ask_core", "ask_hours_location"],
            [["plank"], []],
        ),
    ],
    ids=["english", "spanish"],
)
def test_each_of_two_questions_is_understood_on_its_own(
    text: str, intents: list[str], values: list[list[str]], reader: Reader
) -> None:
    questions = reader.parse(text)["questions"]
    assert [question["intent"] for question in questions] == intents
    assert [[entity["value"] for entity in question["entities"]] for question in questions] == values


def test_one_question_has_no_parts(reader: Reader) -> None:
    assert not reader.parse("how long do i hold a plank").get("questions")


@pytest.mark.parametrize(
    ("text", "flag", "tier"),
    [
        ("hi, since this morning i am numb between my legs", "RF10", "ED_NOW"),
        ("hola, desde hoy tengo dormida la entrepierna", "RF10", "ED_NOW"),
        ("chest pain and i cant breathe", "RF01", "CALL_911"),
        ("i want to kill myself", "RF08", "CRISIS_988"),
        ("me quiero matar", "RF08", "CRISIS_988"),
    ],
)
def test_danger_is_shown_with_its_flag_tier_rule_and_words(text: str, flag: str, tier: str, reader: Reader) -> None:
    parsed = reader.parse(text)
    found = parsed["red_flag"]
    assert (parsed["intent"]["name"], found["id"], found["tier"]) == ("report_red_flag", flag, tier)
    assert set(found) == {"id", "tier", "rule", "words"}
    assert found["rule"]
    assert found["words"]


@pytest.mark.parametrize("text", ["how long is a plank", "cuanto aguanto la plancha", "thanks", "👍"])
def test_without_danger_there_is_neither_flag_nor_vote(text: str, reader: Reader) -> None:
    parsed = reader.parse(text)
    assert parsed.get("red_flag") is None
    assert not parsed.get("safety_vote")
    assert parsed["intent"]["name"] != "report_red_flag"


@pytest.mark.parametrize(
    "text", ["i have no fever", "no numbness between my legs", "no tengo dormida la entrepierna", "niego calentura"]
)
def test_denied_danger_is_no_flag(text: str, reader: Reader) -> None:
    assert reader.parse(text).get("red_flag") is None


@pytest.mark.parametrize("text", ["my pain is a 9 out of 10", "el dolor de espalda es un 9 de 10"])
def test_plain_severe_pain_stays_severe_pain(text: str, reader: Reader) -> None:
    parsed = reader.parse(text)
    assert (parsed["intent"]["name"], parsed["red_flag"]["id"]) == ("report_severe_pain", "RF27")
