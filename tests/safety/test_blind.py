"""How the rules do on sentences whose writer had not seen them; `make evaluate` writes the exact numbers."""

from __future__ import annotations

from pathlib import Path

from spineline.danger.rules import RedFlagRules, load_red_flags
from spineline.danger.tiers import Tier
from spineline.text.yaml_file import read_yaml

HERE = Path(__file__).parent
RULES = load_red_flags(HERE.parents[1] / "content" / "red_flags.yml")
ROWS = read_yaml(HERE / "blind.yml")
LEAST_FOUND = 0.85
MOST_FALSE = 0.08


def alarm(rules: RedFlagRules, text: str) -> Tier | None:
    flag = rules.assess(text).red_flag
    return flag.tier if flag and flag.alarms else None


def test_danger_is_found_in_both_languages() -> None:
    for lang in ("en", "es"):
        danger = [row for row in ROWS if row["lang"] == lang and row["tier"]]
        found = [row for row in danger if alarm(RULES, row["text"])]
        assert len(danger) == 150
        assert len(found) >= LEAST_FOUND * len(danger)


def test_ordinary_messages_stay_quiet_in_both_languages() -> None:
    for lang in ("en", "es"):
        ordinary = [row for row in ROWS if row["lang"] == lang and not row["tier"]]
        assert len(ordinary) >= 75
        assert sum(alarm(RULES, row["text"]) is not None for row in ordinary) <= MOST_FALSE * len(ordinary)
