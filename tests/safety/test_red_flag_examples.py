"""Every example of the red-flag table and every sentence of this folder must come out right, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from spineline.danger.rules import Assessment, RedFlagRules, load_red_flags
from spineline.danger.tiers import Tier

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "content" / "red_flags.yml"
SAID = HERE.parents[1] / "data" / "danger"
LANGUAGES = ("en", "es")
RULES = load_red_flags(TABLE)


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


FLAGS = _read(TABLE)["flags"]
TIERS = {row["id"]: Tier(row["tier"]) for row in FLAGS}
OWN = {lang: _read(SAID / "rules" / f"{lang}.yml") for lang in LANGUAGES}
TWINS = _read(HERE / "twins.yml")


def _examples(key: str) -> list[tuple[str, str]]:
    return [(row["id"], twin[lang]) for row in FLAGS for twin in row["examples"][key] for lang in LANGUAGES]


def _sentences(key: str) -> list[tuple[str, str]]:
    return [(group, str(text)) for lang in LANGUAGES for group, texts in OWN[lang][key].items() for text in texts]


def _conversations() -> list[dict[str, Any]]:
    return [conversation for lang in LANGUAGES for conversation in OWN[lang]["conversations"]]


def _alarm_tier(assessment: Assessment) -> str | None:
    return next((flag.tier.value for flag in assessment.all if flag.alarms), None)


def _after(said: list[str], rules: RedFlagRules) -> set[str]:
    remembered: set[str] = set()
    for text in said:
        remembered |= rules.assess(text, remembered).concepts
    return remembered


@pytest.mark.parametrize(("flag_id", "text"), _examples("fire"))
def test_an_example_fires_at_its_tier_or_above(flag_id: str, text: str) -> None:
    flag = RULES.assess(text).red_flag
    assert flag is not None
    assert not TIERS[flag_id].outranks(flag.tier)


@pytest.mark.parametrize(("flag_id", "text"), _examples("not_fire"))
def test_a_counterexample_raises_no_alarm(flag_id: str, text: str) -> None:
    assert _alarm_tier(RULES.assess(text)) is None


@pytest.mark.parametrize(("flag_id", "text"), _sentences("fires"))
def test_a_sentence_fires_at_its_tier_or_above(flag_id: str, text: str) -> None:
    assessment = RULES.assess(text)
    assert _alarm_tier(assessment) is not None
    assert assessment.red_flag is not None
    assert not TIERS[flag_id].outranks(assessment.red_flag.tier)


def test_what_alarms_is_never_passed_over_as_harmless() -> None:
    texts = [text for _, text in (*_examples("fire"), *_sentences("fires"))]
    assert not [text for text in texts if RULES.assess(text).alarm and not RULES.could_alarm(text)]


@pytest.mark.parametrize(("trap", "text"), _sentences("quiet"))
def test_a_trap_raises_no_alarm(trap: str, text: str) -> None:
    assert _alarm_tier(RULES.assess(text)) is None


@pytest.mark.parametrize("conversation", _conversations(), ids=lambda conversation: conversation["now"])
def test_flags_combine_across_messages(conversation: dict[str, Any]) -> None:
    found = RULES.assess(conversation["now"], _after(conversation["said"], RULES))
    alarms = [flag.id for flag in found.all if flag.alarms]
    assert (conversation["flag"] in alarms) if conversation["flag"] else not alarms


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin["en"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_twins_get_the_same_tier(twin: dict[str, Any], lang: str) -> None:
    assert _alarm_tier(RULES.assess(twin[lang])) == twin["tier"]


def test_every_language_has_enough_sentences() -> None:
    for lang in LANGUAGES:
        groups = [*OWN[lang]["fires"].values(), *OWN[lang]["quiet"].values()]
        assert sum(map(len, groups)) >= 150


def test_every_alarming_flag_has_sentences() -> None:
    alarming = {row["id"] for row in FLAGS} - {"RF27", "RF28", "RF29"}
    for lang in LANGUAGES:
        assert alarming == set(OWN[lang]["fires"])


def test_no_sentence_of_this_folder_is_an_example_of_the_table() -> None:
    examples = {text for key in ("fire", "not_fire") for _, text in _examples(key)}
    twins = [twin[lang] for twin in TWINS for lang in LANGUAGES if twin["tier"]]
    own = [text for key in ("fires", "quiet") for _, text in _sentences(key)]
    assert not examples.intersection(own)
    assert len(examples.intersection(twins)) <= len(twins) // 10
