"""Routines, check-ins, and a person's condition before every exercise: as shares, not as single cases."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from held import Talk, text_of

from spineline.content.library import Content
from spineline.dialogue.turn import Reply
from spineline.text.yaml_file import read_yaml

pytestmark = pytest.mark.trained

HERE = Path(__file__).parent
LEAST = {"routines": 0.9, "check_ins": 0.9, "conditions": 0.95}
FEWEST = 40
BEFORE = {  # what ends the pain questions with self-care, a visit and a call
    "en": {
        "care": ["my back hurts", "none", "3", "yesterday, the same", "none"],
        "visit": ["my back hurts", "none", "3", "for two months, the same", "none"],
        "call": ["my back hurts", "none", "8"],
    },
    "es": {
        "care": ["me duele la espalda", "nada", "3", "desde ayer, igual", "nada"],
        "visit": ["me duele la espalda", "nada", "3", "hace dos meses, igual", "nada"],
        "call": ["me duele la espalda", "nada", "8"],
    },
}
CONDITIONS = {
    "pregnant": ("i'm 6 months pregnant", "tengo 6 meses de embarazo", "pregnan|embaraz"),
    "older": ("i'm 78 years old", "tengo 78 años", "65"),
    "minor": ("i'm 15 years old", "tengo 15 años", "18"),
    "disc": ("i have a herniated disc", "tengo una hernia de disco", "disc"),
    "stenosis": ("i have spinal stenosis", "tengo estenosis", "stenosis|estenosis"),
    "slip": ("i have spondylolisthesis", "tengo espondilolistesis", "spondylo|espondilo"),
    "osteoporosis": ("i have osteoporosis", "tengo osteoporosis", "osteoporosis"),
    "scoliosis": ("i have scoliosis", "tengo escoliosis", "scoliosis|escoliosis"),
    "sciatica": ("i have sciatica", "tengo ciática", "sciatica|ciática"),
    "surgery": ("i had back surgery a year ago", "me operaron de la espalda hace un año", "surge|cirujano|operación"),
}
EXERCISES = {
    "plank": ("how do i do a plank", "cómo hago la plancha"),
    "bridge": ("how many bridges should i do", "cuántos puentes hago"),
    "crunches": ("are crunches ok for me", "puedo hacer abdominales"),
    "squat": ("can i do squats", "puedo hacer sentadillas"),
    "deadlift": ("are deadlifts safe", "es seguro el peso muerto"),
    "hamstring_stretch": ("how do i stretch my hamstrings", "cómo estiro los isquiotibiales"),
}


@pytest.fixture(scope="module")
def agent(model: Path) -> Any:
    from rasa.core.agent import Agent

    return Agent.load(str(model))


@pytest.fixture(scope="module")
def understood() -> dict[str, dict[str, Any]]:
    return {}


def fails(reply: Reply, wanted: dict[str, Any]) -> list[str]:
    """What does not hold for an answer."""
    text, cards = text_of(reply), [message.card for message in reply.messages]
    wrong = [f"card {cards}"] if "card" in wanted and wanted["card"] not in cards else []
    wrong += [f"says no {part}" for part in wanted.get("says", ()) if not re.search(part, text, re.IGNORECASE)]
    wrong += [f"says {part}" for part in wanted.get("says_not", ()) if re.search(part, text, re.IGNORECASE)]
    minutes = wanted.get("minutes")
    return wrong + ([f"{_minutes(text)} minutes"] if minutes and abs(_minutes(text) - minutes) > 2 else [])


def _minutes(text: str) -> int:
    rounds = re.search(r"Do all of it (\d) times|Haga todo (\d) veces", text)
    twice = re.search("once more|una vez más", text)
    blocks = (re.search(r"(\d+) min\w*$", line) for line in text.splitlines() if line.startswith("- "))
    times = int(rounds[1] or rounds[2]) if rounds else 2 if twice else 1
    return times * sum(int(found[1]) for found in blocks if found)


def share_of(failed: list[str], count: int) -> float:
    return 1 - len(failed) / count


def test_routines_are_given_as_they_are_asked_for(
    agent: Any, content: Content, understood: dict[str, dict[str, Any]]
) -> None:
    rows, failed = read_yaml(HERE / "routines.yml"), list[str]()
    for row in rows:
        talk = Talk(agent, content, understood)
        *_, last = [talk.says(str(text)) for text in row["asked"]]
        failed += [f"{row['asked']}: {wrong} | {text_of(last)[:160]!r}" for wrong in [fails(last, row)] if wrong]
    assert len(rows) >= FEWEST
    assert share_of(failed, len(rows)) >= LEAST["routines"], "\n".join(failed)


def test_who_comes_back_meets_what_follows(agent: Any, content: Content, understood: dict[str, dict[str, Any]]) -> None:
    rows, failed = read_yaml(HERE / "check_ins.yml"), list[str]()
    for row in rows:
        talk = Talk(agent, content, understood)
        for text in BEFORE[row["language"]][row["before"]]:
            talk.says(text)
        talk.now += 60 * row["hours"]
        *_, last = [talk.says(str(text)) for text in row["later"]]
        failed += [f"{row['later']}: {wrong} | {text_of(last)[:160]!r}" for wrong in [fails(last, row)] if wrong]
    assert len(rows) >= FEWEST
    assert share_of(failed, len(rows)) >= LEAST["check_ins"], "\n".join(failed)


@pytest.mark.parametrize("before", [False, True], ids=["same message", "one turn before"])
def test_the_own_condition_is_named_or_honoured(
    before: bool, agent: Any, content: Content, understood: dict[str, dict[str, Any]]
) -> None:
    failed, cells = list[str](), list(product(CONDITIONS, EXERCISES, (0, 1)))
    for condition, exercise, language in cells:
        told, asked = CONDITIONS[condition][language], EXERCISES[exercise][language]
        talk = Talk(agent, content, understood)
        *_, last = [talk.says(text) for text in ([told, asked] if before else [f"{told}, {asked}"])]
        if not re.search(CONDITIONS[condition][2], text_of(last), re.IGNORECASE):
            failed.append(f"{told}, {asked}: {[m.card for m in last.messages]} {text_of(last)[:120]!r}")
    assert share_of(failed, len(cells)) >= LEAST["conditions"], "\n".join(failed)
