"""What only sounds like danger raises no alarm, and the same words of somebody who has the sign now still do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from spineline.danger.rules import RedFlagRules, load_red_flags
from spineline.danger.tiers import Tier

HERE = Path(__file__).parent
KINDS: dict[str, dict[str, list[str]]] = yaml.safe_load((HERE / "needless.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rules() -> RedFlagRules:
    return load_red_flags(HERE.parents[1] / "content" / "red_flags.yml")


def _said(wanted: str) -> list[Any]:
    return [pytest.param(text, id=f"{kind}: {text}") for kind, said in KINDS.items() for text in said.get(wanted, ())]


@pytest.mark.parametrize("text", _said("quiet"))
def test_what_only_sounds_like_danger_is_quiet(rules: RedFlagRules, text: str) -> None:
    assert rules.assess(text).alarm is None


@pytest.mark.parametrize("text", _said("today"))
def test_what_can_wait_till_today_is_no_reason_to_go_now(rules: RedFlagRules, text: str) -> None:
    alarm = rules.assess(text).alarm
    assert alarm is None or not alarm.tier.outranks(Tier.CALL_TODAY)


@pytest.mark.parametrize("text", _said("loud"))
def test_what_is_there_now_alarms(rules: RedFlagRules, text: str) -> None:
    assert rules.assess(text).alarm is not None


@pytest.mark.parametrize(
    ("text", "is_severe"),
    [
        ("my back pain is at a 9", True),
        ("me duele la cintura como un 10", True),
        ("cant sleep, my back hurts too much", True),
        ("de 8 a 10 me duele la espalda, es un 9", True),
        ("can i come at 9", False),
        ("llego como a las 10, trabajo de 7 a 9", False),
        ("cant sleep before the marathon, any stretch to calm down", False),
    ],
)
def test_a_number_is_a_score_of_pain_only_beside_pain(rules: RedFlagRules, text: str, is_severe: bool) -> None:
    found = {flag.id for flag in rules.assess(text).all}
    assert ("RF27" in found) is is_severe
