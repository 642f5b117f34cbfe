"""The messages of people in danger that the net learns from."""

from __future__ import annotations

from pathlib import Path

import pytest

from spineline.content.danger_said import DangerSaid, load_danger_said
from spineline.content.library import ROOT
from spineline.danger.tiers import Tier
from spineline.errors import ContentError

TABLE = ROOT / "content/red_flags.yml"


def write(folder: Path, row: str) -> Path:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "somebody.yml").write_text(f"- {row}\n", encoding="utf-8")
    return folder


def test_each_message_has_its_tier_and_its_flag(tmp_path: Path) -> None:
    folder = write(tmp_path, '{lang: es, flag: RF07, tier: CALL_911, text: "me falta el aire"}')
    assert load_danger_said(folder, TABLE)[0] == DangerSaid("me falta el aire", Tier.CALL_911, "RF07")


def test_an_ordinary_message_has_none(tmp_path: Path) -> None:
    folder = write(tmp_path, '{lang: en, tier: null, text: "good morning"}')
    assert load_danger_said(folder, TABLE)[0] == DangerSaid("good morning", None)


def test_the_sentences_of_the_rules_and_the_examples_of_the_flags_are_among_them() -> None:
    said = load_danger_said(ROOT / "data/danger", TABLE)
    assert DangerSaid("my chest hurts", Tier.CALL_911, "RF01") in said
    assert DangerSaid("CHEST HURTS BAD CANT THINK", Tier.CALL_911, "RF01") in said
    assert sum(one.tier is None for one in said) > 2000


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{lang: en, flag: RF99, tier: CALL_911, text: "x"}', 'somebody.yml: there is no flag "RF99"'),
        ('{lang: en, tier: SOON, text: "x"}', "somebody.yml"),
        ('{lang: fr, tier: null, text: "x"}', "somebody.yml"),
    ],
)
def test_what_is_wrong_is_said_with_its_file(row: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=said):
        load_danger_said(write(tmp_path, row), TABLE)
