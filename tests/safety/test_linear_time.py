"""The layer looks at every message first, so no message may make it slow."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from spineline.danger.rules import RedFlagRules, load_red_flags

TABLE = Path(__file__).parents[2] / "content" / "red_flags.yml"
SHORT = "hi, my lower back has been sore since i did squats, no fever or numbness"
PROSE = "my lower back hurts after squats and sometimes i get a tingle in one foot but no fever. "


@pytest.fixture(scope="module")
def rules() -> RedFlagRules:
    return load_red_flags(TABLE)


def _cpu_ms(rules: RedFlagRules, text: str, times: int) -> float:
    """The best of several runs: what other processes take does not count."""
    spent = []
    for _ in range(times):
        rules.forget()
        start = process_time()
        rules.assess(text)
        spent.append((process_time() - start) * 1000)
    return min(spent)


def _filled(pattern: str, length: int) -> str:
    return (pattern * (length // len(pattern) + 1))[:length]


def test_an_ordinary_message_takes_under_two_milliseconds(rules: RedFlagRules) -> None:
    assert _cpu_ms(rules, SHORT, 50) < 2


def test_a_thousand_characters_take_under_ten_milliseconds(rules: RedFlagRules) -> None:
    assert _cpu_ms(rules, _filled(PROSE, 1_000), 20) < 10


@pytest.mark.parametrize(
    "pattern", [PROSE, "no ", "if ", "a", "a ", "numb legs ", "my leg, ", "can't pee. ", "🔥", "nnnnumb "]
)
def test_time_grows_no_faster_than_the_text(rules: RedFlagRules, pattern: str) -> None:
    shorter, longer = (_cpu_ms(rules, _filled(pattern, length), 3) for length in (2_000, 8_000))
    assert longer < 4 * max(shorter, 1) * 2.5


def test_the_rest_of_an_endless_text_costs_nothing(rules: RedFlagRules) -> None:
    at_limit, beyond = (_cpu_ms(rules, _filled(PROSE, length), 3) for length in (10_000, 100_000))
    assert beyond < at_limit * 2 + 20
