"""The parts of the red-flag layer: verdicts, memory, cancelling, and the checks on its content."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from spineline.danger.reading import RedFlagContent, read_red_flags
from spineline.danger.rules import Assessment, RedFlag, RedFlagRules, load_red_flags
from spineline.danger.scope import CUES
from spineline.danger.tiers import Tier
from spineline.errors import ContentError
from spineline.nlu.red_flags import LIGHT_TALK

CONTENT = Path(__file__).parents[3] / "content"
FILES = ("red_flags.yml", "red_flag_words.yml", "red_flag_signs.yml")


@pytest.fixture(scope="module")
def rules() -> RedFlagRules:
    return load_red_flags(CONTENT / "red_flags.yml")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(CONTENT / name, tmp_path / name)
    return tmp_path


def _alarm(assessment: Assessment) -> str | None:
    return next((flag.id for flag in assessment.all if flag.alarms), None)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_verdict_names_the_rule_and_the_words(rules: RedFlagRules) -> None:
    flag = rules.assess("since my back went out I can't pee").red_flag
    assert flag == RedFlag("RF11", Tier.ED_NOW, "cannot_pee", ("cant", "pee"))


def test_a_verdict_can_be_put_into_json(rules: RedFlagRules) -> None:
    flag = RedFlag("RF11", Tier.ED_NOW, "cannot_pee", ("cant", "pee"))
    assert flag.as_dict() == {"id": "RF11", "tier": "ED_NOW", "rule": "cannot_pee", "words": ["cant", "pee"]}


@pytest.mark.parametrize("text", ["", "   ", "?", "🙂", "\n\n", "0", "¿¡", "…", "\u200b", "a" * 500, "💥" * 50])
def test_text_without_words_says_nothing(rules: RedFlagRules, text: str) -> None:
    assert rules.assess(text) == Assessment()


def test_tiers_are_ordered_from_911_down() -> None:
    assert sorted(Tier, key=lambda tier: tier.rank) == list(Tier)
    assert Tier.CALL_911.outranks(Tier.CRISIS_988)
    assert not Tier.ROUTINE.outranks(Tier.ROUTINE)


@pytest.mark.parametrize(
    ("tier", "takes_over", "alarms"),
    [
        (Tier.ED_NOW, True, True),
        (Tier.CALL_TODAY, True, True),
        (Tier.CALL_TODAY, False, False),
        (Tier.ROUTINE, True, False),
    ],
)
def test_only_danger_signs_alarm(tier: Tier, takes_over: bool, alarms: bool) -> None:
    assert RedFlag("RF99", tier, "rule", (), takes_over).alarms is alarms


@pytest.mark.parametrize("text", ["my back pain is 10 out of 10", "el dolor de espalda es insoportable, 10 de 10"])
def test_severe_pain_is_no_alarm_under_whatever_name(text: str, copied: Path) -> None:
    _replace(copied / "red_flags.yml", "id: RF27", "id: RF98")
    flag = load_red_flags(copied / "red_flags.yml").assess(text).red_flag
    assert flag is not None
    assert (flag.id, flag.alarms) == ("RF98", False)


def test_the_most_urgent_flag_comes_first(rules: RedFlagRules) -> None:
    found = rules.assess("my leg is weak, I can't pee and my chest hurts").all
    assert [flag.tier for flag in found] == sorted((flag.tier for flag in found), key=lambda tier: tier.rank)
    assert found[0].id == "RF01"


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("weakness in my right leg", Tier.CALL_TODAY),
        ("since yesterday there is weakness in my right leg", Tier.ED_NOW),
        ("tengo débil la pierna derecha", Tier.CALL_TODAY),
        ("desde ayer tengo débil la pierna derecha", Tier.ED_NOW),
        ("my hands are clumsy", Tier.CALL_TODAY),
        ("suddenly my hands are clumsy", Tier.ED_NOW),
        ("I had breast cancer and my back hurts", Tier.CALL_TODAY),
        ("I had breast cancer, my back hurts and my legs are weak", Tier.ED_NOW),
        ("my incision is leaking", Tier.CALL_TODAY),
        ("my incision is leaking and I have chills", Tier.ED_NOW),
        ("kidney pain", Tier.CALL_TODAY),
        ("kidney pain and a fever", Tier.ED_NOW),
        ("my 10 year old has back pain", Tier.CALL_TODAY),
        ("my 10 year old has back pain and a fever", Tier.ED_NOW),
        ("I'm 70 and I fell on my hip", Tier.CALL_TODAY),
        ("I'm 70 and I fell, I can't stand up", Tier.ED_NOW),
    ],
)
def test_context_raises_the_tier(rules: RedFlagRules, text: str, tier: Tier) -> None:
    flag = rules.assess(text).red_flag
    assert flag is not None
    assert not tier.outranks(flag.tier)
    assert flag.tier is tier or flag.tier is Tier.CALL_911


def test_a_remembered_concept_completes_a_rule(rules: RedFlagRules) -> None:
    assert _alarm(rules.assess("I have a fever")) is None
    assert _alarm(rules.assess("I have a fever", remembered={"back_pain"})) == "RF17"


def test_memory_alone_raises_no_alarm(rules: RedFlagRules) -> None:
    assert _alarm(rules.assess("what time do you open", remembered={"back_pain", "fever"})) is None


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("my back hurts", "back_pain"),
        ("me duele la cintura", "back_pain"),
        ("I have a fever", "fever"),
        ("I'm pregnant", "pregnant"),
        ("I had cancer ten years ago", "cancer_history"),
        ("tengo 71 años", "age_65"),
        ("they operated on my spine two weeks ago, back surgery", "recent_spine_surgery"),
        ("I take blood thinners", "blood_thinner"),
    ],
)
def test_context_is_remembered_by_name(rules: RedFlagRules, text: str, concept: str) -> None:
    assert concept in rules.assess(text).concepts


@pytest.mark.parametrize("text", ["my back does not hurt", "no fever", "my dad had cancer", "what is a fever?"])
def test_what_does_not_count_is_not_remembered(rules: RedFlagRules, text: str) -> None:
    assert rules.assess(text).concepts.isdisjoint({"fever", "cancer_history"})


def test_text_beyond_the_limit_is_not_read(rules: RedFlagRules) -> None:
    assert _alarm(rules.assess("x " * 5_000 + "my chest hurts")) is None
    assert _alarm(rules.assess("x " * 4_900 + "my chest hurts")) == "RF01"


def test_every_problem_is_reported_with_its_file_and_a_fix(copied: Path) -> None:
    _replace(copied / "red_flags.yml", "cannot_pee: pee_cannot", "cannot_pee: pee_canot")
    _replace(copied / "red_flag_signs.yml", "nausea: [sick]", "nausea: [sik]")
    with pytest.raises(ContentError) as raised:
        load_red_flags(copied / "red_flags.yml")
    text = "\n".join(raised.value.problems)
    assert len(raised.value.problems) >= 2
    assert 'unknown name "pee_canot". Did you mean "pee_cannot"?' in text
    assert f'{copied / "red_flag_signs.yml"}: sign "nausea": unknown name "sik". Did you mean "sick"?' in text


def test_an_example_without_its_twin_is_a_problem(copied: Path) -> None:
    _replace(copied / "red_flags.yml", 'es: "me duele el pecho"', 'fr: "poitrine"')
    with pytest.raises(ContentError, match=r"flags\.RF01\.examples\.fire\.#1: no Spanish text"):
        load_red_flags(copied / "red_flags.yml")


def test_a_tier_that_is_none_is_a_problem(copied: Path) -> None:
    _replace(copied / "red_flags.yml", "tier: ED_NOW", "tier: ED_NWO")
    with pytest.raises(ContentError, match=r"tier: 'ED_NWO' is none of .* Did you mean 'ED_NOW'\?"):
        load_red_flags(copied / "red_flags.yml")


def test_a_missing_file_is_one_problem_not_one_for_each_name(copied: Path) -> None:
    (copied / "red_flag_words.yml").unlink()
    with pytest.raises(ContentError, match="this file is missing") as raised:
        load_red_flags(copied / "red_flags.yml")
    assert len(raised.value.problems) == 1


@pytest.mark.parametrize("pair", ["n0: true", "10: ten"])
def test_what_is_no_text_for_yaml_is_a_problem(pair: str, copied: Path) -> None:
    _replace(copied / "red_flag_words.yml", 'n0: "no"', pair)
    with pytest.raises(ContentError, match="Put both in quotes"):
        load_red_flags(copied / "red_flags.yml")


def test_a_missing_cue_is_a_problem(copied: Path) -> None:
    _replace(copied / "red_flag_words.yml", "  maybe_yes: si", "  maybe_yess: si")
    with pytest.raises(ContentError, match='cue "maybe_yes" is missing'):
        load_red_flags(copied / "red_flags.yml")


def _names_used(content: RedFlagContent) -> set[str]:
    """Every name that leads to a flag, is remembered, or tells the second vote that a message is light."""
    rules = [rule for flag in content.flags for rule in (*flag.rules, *(raised.rule for raised in flag.raise_if))]
    used = {name for rule in rules for name in (*rule.names, *rule.unless)}.union(content.remember, {LIGHT_TALK})
    waiting = list(used)
    while waiting:
        name = waiting.pop()
        new = {n for sign in content.signs if sign.name == name for p in sign.patterns for n in p.names} - used
        used |= new
        waiting += new
    return used


def test_every_word_and_sign_leads_to_a_flag() -> None:
    content = read_red_flags(CONTENT / "red_flags.yml")
    named = {sign.name for sign in content.signs} | content.concepts.keys()
    assert not named - _names_used(content) - CUES


@pytest.mark.parametrize("text", ["my back hurts, 12 yo", "my 9yo has back pain", "15-yo with back pain"])
def test_an_age_in_short_is_a_childs(text: str, rules: RedFlagRules) -> None:
    assert "minor" in rules.assess(text).concepts


@pytest.mark.parametrize(
    "text",
    ["back pain 4 I can walk", "back pain, 5 i guess", "back pain 2 i sleep", "dolor de espalda 6 yo puedo caminar"],
)
def test_a_score_and_who_speaks_are_no_age(text: str, rules: RedFlagRules) -> None:
    assert "minor" not in rules.assess(text).concepts


def test_plain_severe_pain_hides_no_alarm_beside_it() -> None:
    severe = RedFlag("RF27", Tier.CALL_TODAY, "severe", (), takes_over=False)
    other = RedFlag("RF15", Tier.CALL_TODAY, "weak_leg", ())
    assert Assessment((severe, other)).alarm == other
    assert Assessment((severe,)).alarm is None


@pytest.mark.parametrize(
    "text",
    ["", "hello", "my back hurts", "I have no fever", "i cant pee\nsince yesterday, no fever", "no siento las piernas"],
)
def test_a_verdict_travels_as_plain_data_and_comes_back_whole(text: str, rules: RedFlagRules) -> None:
    verdict = rules.assess(text)
    told = json.loads(json.dumps(verdict.as_dict()))
    assert Assessment.from_dict(told) == verdict
    assert bool(told) is bool(verdict.stated or verdict.taken_back)


def test_what_was_said_before_completes_a_verdict_without_the_text(rules: RedFlagRules) -> None:
    before, now = rules.assess("my back hurts").concepts, "since yesterday I have a fever"
    assert rules.assess(now).alarm is None
    found = rules.with_earlier(rules.assess(now), before)
    assert found.alarm is not None
    assert found.alarm.id == "RF17"
    assert found.alarm.tier == rules.assess(now, before).alarm.tier


def test_what_was_said_before_weakens_no_verdict(rules: RedFlagRules) -> None:
    alone = rules.assess("I am numb between my legs")
    assert rules.with_earlier(alone, rules.kept).alarm.tier in (Tier.ED_NOW, Tier.CALL_911)


@pytest.mark.parametrize(
    "text",
    ["my chest, it hurts", "no puedo ni orinar", "I want to die", "se me durmió la entrepierna", "can't pee at all"],
)
def test_what_alarms_could_alarm(text: str, rules: RedFlagRules) -> None:
    assert rules.assess(text).alarm
    assert rules.could_alarm(text)


def test_every_example_that_alarms_could_alarm(rules: RedFlagRules) -> None:
    table = yaml.safe_load((CONTENT / "red_flags.yml").read_text(encoding="utf-8"))
    texts = [text for flag in table["flags"] for twin in flag["examples"]["fire"] for text in twin.values()]
    alarming = [text for text in texts if rules.assess(text).alarm]
    assert len(alarming) > 100
    assert [text for text in alarming if not rules.could_alarm(text)] == []


@pytest.mark.parametrize("text", ["I can pee. Can't plank.", "I was told that saddle means numb"])
def test_what_could_alarm_is_told_by_the_words_alone(text: str, rules: RedFlagRules) -> None:
    assert rules.could_alarm(text)


@pytest.mark.parametrize("text", ["how many crunches a day", "gracias, ¿a qué hora abren?", ""])
def test_most_messages_could_not_alarm(text: str, rules: RedFlagRules) -> None:
    assert not rules.could_alarm(text)
