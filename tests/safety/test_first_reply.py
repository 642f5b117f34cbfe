"""What people in danger see first, on sets by writers who knew no rules, and from which nothing is learnt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog

from benchmarks.first_reply import against, blind_rows, by_product, first_replies, share
from spineline.content.library import Content
from spineline.danger.tiers import Tier

ENOUGH = {"right", "higher"}
LEAST_ENOUGH = {"en": 0.84, "es": 0.84}  # below what first sight gave, above what a broken net would give
LEAST_TOLD_OR_ASKED = 0.92
MOST_ALARMED = 0.12  # half of the ordinary messages sound like danger


@pytest.mark.parametrize(
    ("wanted", "told", "outcome"),
    [
        ("ED_NOW", Tier.ED_NOW, "right"),
        ("ED_NOW", Tier.CALL_911, "higher"),
        ("ED_NOW", Tier.CALL_TODAY, "lower"),
        ("ED_NOW", Tier.CRISIS_988, "lower"),
        ("CRISIS_988", Tier.CALL_911, "higher"),
        ("CALL_911", None, "nothing"),
        (None, Tier.CALL_TODAY, "alarm"),
        (None, None, "quiet"),
    ],
)
def test_a_tier_is_judged_beside_the_one_that_is_wanted(wanted: str | None, told: Tier | None, outcome: str) -> None:
    assert against({"tier": wanted}, told) == outcome


def test_a_share_names_its_interval() -> None:
    assert share(9, 10) == "90.0 % of 10 (60 to 98)"


@pytest.fixture(scope="module")
def seen(model: Path, content: Content) -> Sequence[tuple[dict[str, Any], str]]:
    """Each message with what the product says first."""
    from benchmarks.nlu import load_parser

    rows, before = [row for one in blind_rows().values() for row in one], structlog.get_config()
    replies = first_replies(rows, load_parser(), content)
    structlog.configure(**before)
    return [(dict(row), by_product(row, reply, content)) for row, reply in zip(rows, replies)]


@pytest.mark.trained
@pytest.mark.parametrize("language", LEAST_ENOUGH)
def test_danger_is_told_in_the_first_reply(language: str, seen: Sequence[tuple[dict[str, Any], str]]) -> None:
    of_danger = [outcome for row, outcome in seen if row["tier"] and row["lang"] == language]
    assert len(of_danger) >= 100
    assert sum(outcome in ENOUGH for outcome in of_danger) >= LEAST_ENOUGH[language] * len(of_danger)
    assert sum(outcome != "nothing" for outcome in of_danger) >= LEAST_TOLD_OR_ASKED * len(of_danger)


@pytest.mark.trained
def test_few_ordinary_messages_alarm(seen: Sequence[tuple[dict[str, Any], str]]) -> None:
    ordinary = [outcome for row, outcome in seen if not row["tier"]]
    assert len(ordinary) >= 200
    assert ordinary.count("alarm") <= MOST_ALARMED * len(ordinary)
