"""Nothing dead, nothing dangling: domain, data, cards and actions name the same things."""

import re
from pathlib import Path

import pytest

from spineline.content.library import Content
from spineline.text.yaml_file import read_yaml

ROOT = Path(__file__).parents[2]
DOMAIN = read_yaml(ROOT / "domain.yml")
RULES = "\n".join(p.read_text(encoding="utf8") for p in sorted((ROOT / "data/rules").glob("*.yml")))
LANGUAGES = ("en", "es")


def names(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


def test_every_intent_has_a_rule_and_every_rule_an_intent() -> None:
    assert set(DOMAIN["intents"]) == names(r"intent: (\w+)", RULES) - {"nlu_fallback"}


@pytest.mark.parametrize("folder", ["data/nlu", "tests/nlu"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_its_own_file_of_sentences(folder: str, language: str) -> None:
    assert {p.stem for p in (ROOT / folder / language).glob("*.yml")} == set(DOMAIN["intents"])


def test_every_action_is_written_once_and_used() -> None:
    code = "\n".join(p.read_text(encoding="utf8") for p in (ROOT / "actions").glob("*.py"))
    written = re.findall(r'return "(action_\w+)"', code)
    assert sorted(written) == sorted(DOMAIN["actions"])
    assert set(written) == names(r"action: (\w+)", RULES)


def test_every_intent_has_a_card_that_answers_it(content: Content) -> None:
    spoken_by_rules = {"report_red_flag"}  # alarms: content/tiers.yml
    assert set(content.default_cards) == set(DOMAIN["intents"]) - spoken_by_rules


def test_every_entity_label_is_in_the_domain_and_has_a_file() -> None:
    files = {p.stem for p in (ROOT / "content/entities").glob("*.yml")}
    assert files == set(DOMAIN["entities"]) - {"choice"}


def test_slots_are_those_that_the_actions_fill() -> None:
    from spineline.dialogue.recall import SLOTS

    assert set(DOMAIN["slots"]) == set(SLOTS.values())


def test_there_is_no_response_text_in_the_domain() -> None:
    assert "responses" not in DOMAIN, "what is said belongs into content/"
