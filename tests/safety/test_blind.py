"""How the rules do on sentences whose writers had not seen them; `make evaluate` writes the exact numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spineline.danger.rules import RedFlagRules, load_red_flags
from spineline.danger.tiers import Tier
from spineline.text.yaml_file import read_yaml

ROOT = Path(__file__).parents[2]
SAID = ROOT / "data" / "danger"
RULES = load_red_flags(ROOT / "content" / "red_flags.yml")
LEAST_FOUND = {
    "blind": 0.97,
    "strangers": 0.9,
    "round_two": 0.95,
    "round_three": 0.9,
    "round_four": 0.94,
    "round_five": 0.92,
    "round_eight": 0.69,
    "probes": 0.95,
}
MOST_FALSE = {
    "blind": 0.02,
    "strangers": 0.015,
    "round_two": 0.01,
    "round_three": 0.04,
    "round_four": 0.02,
    "round_five": 0.02,
    "round_eight": 0.06,
    "probes": 0.01,
}
WRITERS = {
    "round_five": ("gym", "elders", "los_angeles", "despair_one", "everyday"),  # five of one night
    "round_eight": ("despair_nine", "near_danger_two"),  # hardest for rules: suicide said sideways, and what can wait
}
SETS = {
    name: [row for writer in WRITERS.get(name, (name,)) for row in read_yaml(SAID / f"{writer}.yml")]
    for name in LEAST_FOUND
}

each_set = pytest.mark.parametrize("name", SETS)
each_language = pytest.mark.parametrize("lang", ["en", "es"])


def alarm(rules: RedFlagRules, text: str) -> Tier | None:
    flag = rules.assess(text).red_flag
    return flag.tier if flag and flag.alarms else None


def rows(name: str, lang: str, *, of_danger: bool) -> list[dict[str, Any]]:
    return [row for row in SETS[name] if row["lang"] == lang and bool(row["tier"]) is of_danger]


@each_set
@each_language
def test_danger_is_found(name: str, lang: str) -> None:
    danger = rows(name, lang, of_danger=True)
    assert len(danger) >= 45
    assert sum(alarm(RULES, row["text"]) is not None for row in danger) >= LEAST_FOUND[name] * len(danger)


@each_set
@each_language
def test_ordinary_messages_stay_quiet(name: str, lang: str) -> None:
    ordinary = rows(name, lang, of_danger=False)
    assert len(ordinary) >= 15
    assert sum(alarm(RULES, row["text"]) is not None for row in ordinary) <= MOST_FALSE[name] * len(ordinary)
