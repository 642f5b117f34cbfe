"""What the rules' verdict does to the classifier's: an alarm overrules it, and severe pain needs pain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from spineline.danger.rules import load_red_flags
from spineline.nlu.red_flags import RedFlagDetector

RANKING = [("report_severe_pain", 0.6), ("ask_stretching", 0.3), ("report_mild_pain", 0.1)]


@pytest.fixture(scope="module")
def detector() -> RedFlagDetector:
    return RedFlagDetector(load_red_flags(Path(__file__).parents[3] / "content" / "red_flags.yml"), 0.9, 0.55, 0.8)


def read(text: str, detector: RedFlagDetector, level: str | None = None) -> str:
    ranking = [{"name": name, "confidence": confidence} for name, confidence in RANKING]
    entities = [{"entity": "pain_level", "value": level}] if level else []
    data: dict[str, Any] = {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": entities}
    (message,) = detector.process([Message(data=data)])
    return str(message.get("intent")["name"])


@pytest.mark.parametrize(
    "text",
    [
        "my pain is unbearable",
        "the pain is a 9 out of 10",
        "me duele muchísimo la espalda",
        "it hurts so much i am crying",
    ],
)
def test_severe_pain_stays_severe(text: str, detector: RedFlagDetector) -> None:
    assert read(text, detector) == "report_severe_pain"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("i have no pain", "none"),
        ("no pain, just want to prevent it", None),
        ("it is not severe", None),
        ("puedo caminar", None),
        ("3 out of 10", "mild"),
        ("me duele un poquito", "mild"),
        ("estuve mucho tiempo sentado", None),
        ("i only have 3 days", None),
        ("no me duele nada", "none"),
    ],
)
def test_what_tells_of_no_severe_pain_is_something_else(
    text: str, level: str | None, detector: RedFlagDetector
) -> None:
    assert read(text, detector, level) == "ask_stretching"


def test_a_rule_is_believed_before_a_word_that_makes_it_small(detector: RedFlagDetector) -> None:
    assert read("it started with a little ache, now i can't get out of bed from the pain", detector, "mild") == (
        "report_severe_pain"
    )


def test_an_alarm_overrules_the_classifier(detector: RedFlagDetector) -> None:
    assert read("my chest hurts", detector) == "report_red_flag"


def vote(text: str, chance: float, detector: RedFlagDetector) -> tuple[bool, str]:
    """Whether the person is asked, and the intent, when the classifier alone warns with this chance."""
    ranking = [("report_red_flag", chance), ("report_mild_pain", 0.2), ("ask_stretching", 0.1)]
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    (message,) = detector.process([Message(data={"text": text, "intent": ranked[0], "intent_ranking": ranked})])
    return bool(message.get("safety_vote")), str(message.get("intent")["name"])


@pytest.mark.parametrize("text", ["something is off today", "algo anda raro hoy"])
def test_a_warning_is_heard_from_its_least_chance_on(text: str, detector: RedFlagDetector) -> None:
    assert vote(text, 0.95, detector) == (True, "report_red_flag")
    assert vote(text, 0.6, detector)[0]
    assert vote(text, 0.5, detector) == (False, "ask_stretching")


@pytest.mark.parametrize(
    "text", ["that gym class was something lol", "qué rutina la de hoy jaja", "all that was years ago"]
)
def test_a_light_message_needs_a_surer_warning(text: str, detector: RedFlagDetector) -> None:
    assert not vote(text, 0.7, detector)[0]
    assert vote(text, 0.85, detector)[0]


@pytest.mark.parametrize("text", ["I don't have chest pain", "no tengo dolor de pecho", "my dad had a stroke in 2015"])
def test_a_danger_that_was_taken_back_is_not_asked_about(text: str, detector: RedFlagDetector) -> None:
    assert not vote(text, 0.99, detector)[0]


@pytest.mark.parametrize("text", ["is it the new bed", "no more of it"])
def test_what_was_taken_back_and_is_no_danger_silences_nothing(text: str, detector: RedFlagDetector) -> None:
    assert vote(text, 0.99, detector)[0]


def test_an_unheard_warning_becomes_a_report_of_pain_only_where_pain_is_told(detector: RedFlagDetector) -> None:
    assert vote("my back is a bit sore", 0.4, detector) == (False, "report_mild_pain")
    assert vote("my back is fine", 0.4, detector) == (False, "ask_stretching")
