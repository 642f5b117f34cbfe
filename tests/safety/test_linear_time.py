"""The layer looks at every message first, so no message may make it slow.

Work is counted, not timed: the lines of Python that run. How long that takes on a machine is in benchmarks/safety.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from patience import ending
from work import lines_run

from spineline.danger.rules import RedFlagRules, load_red_flags

TABLE = Path(__file__).parents[2] / "content" / "red_flags.yml"
SHORT = "hi, my lower back has been sore since i did squats, no fever or numbness"
PROSE = "my lower back hurts after squats and sometimes i get a tingle in one foot but no fever. "


@pytest.fixture(scope="module")
def rules() -> RedFlagRules:
    return load_red_flags(TABLE)


def _work(rules: RedFlagRules, text: str) -> int:
    with ending():
        rules.assess(text)  # whatever is made at the first time only
        return lines_run(lambda: rules.assess(text))


def _filled(pattern: str, length: int) -> str:
    return (pattern * (length // len(pattern) + 1))[:length]


def test_work_is_counted_and_the_same_each_time(rules: RedFlagRules) -> None:
    assert _work(rules, SHORT) == _work(rules, SHORT) > 1_000


def test_an_ordinary_message_is_little_work(rules: RedFlagRules) -> None:
    assert _work(rules, SHORT) < 20_000


def test_a_thousand_characters_are_four_times_that(rules: RedFlagRules) -> None:
    assert _work(rules, _filled(PROSE, 1_000)) < 80_000


@pytest.mark.parametrize(
    "pattern",
    [
        PROSE,
        "no ",
        "if ",
        "a",
        "a ",
        "numb legs ",
        "my leg, ",
        "can't pee. ",
        "🔥",
        "nnnnumb ",
        "a\n",
        "c.a.n ",
        "c a n't  ",
        " -",
        "no.pee",
        "p\u0336",
        "сhest ",
        "𝓹",
    ],
)
def test_work_grows_no_faster_than_the_text(rules: RedFlagRules, pattern: str) -> None:
    shorter, longer = (_work(rules, _filled(pattern, length)) for length in (1_000, 4_000))
    assert longer < 5 * shorter


def test_the_rest_of_an_endless_text_costs_nothing(rules: RedFlagRules) -> None:
    at_limit, beyond = (_work(rules, _filled(PROSE, length)) for length in (10_000, 100_000))
    assert beyond == at_limit
