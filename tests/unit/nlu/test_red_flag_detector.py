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
    return RedFlagDetector(load_red_flags(Path(__file__).parents[3] / "content" / "red_flags.yml"), 0.9)


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
