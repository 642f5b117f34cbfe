"""What the rules' verdict does to the classifier's: an alarm overrules it, and severe pain needs pain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from spineline.danger.rules import load_red_flags
from spineline.nlu.red_flags import Chances, RedFlagDetector

RANKING = [("report_severe_pain", 0.6), ("ask_stretching", 0.3), ("report_mild_pain", 0.1)]


@pytest.fixture(scope="module")
def detector() -> RedFlagDetector:
    return RedFlagDetector(load_red_flags(Path(__file__).parents[3] / "content" / "red_flags.yml"), Chances())


def read(text: str, detector: RedFlagDetector, level: str | None = None) -> str:
    ranking = [{"name": name, "confidence": confidence} for name, confidence in RANKING]
    entities = [{"entity": "pain_level", "value": level}] if level else []
    data: dict[str, Any] = {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": entities}
    (message,) = detector.process([Message(data=data)])
    return str(message.get("intent")["name"])


@pytest.mark.parametrize(
    "text",
    [
        "my pain is unbearable",
        "the pain is a 9 out of 10",
        "me duele muchísimo la espalda",
        "it hurts so much i am crying",
    ],
)
def test_severe_pain_stays_severe(text: str, detector: RedFlagDetector) -> None:
    assert read(text, detector) == "report_severe_pain"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("i have no pain", "none"),
        ("no pain, just want to prevent it", None),
        ("it is not severe", None),
        ("puedo caminar", None),
        ("3 out of 10", "mild"),
        ("me duele un poquito", "mild"),
        ("estuve mucho tiempo sentado", None),
        ("i only have 3 days", None),
        ("no me duele nada", "none"),
    ],
)
def test_what_tells_of_no_severe_pain_is_something_else(
    text: str, level: str | None, detector: RedFlagDetector
) -> None:
    assert read(text, detector, level) == "ask_stretching"


def test_a_rule_is_believed_before_a_word_that_makes_it_small(detector: RedFlagDetector) -> None:
    assert read("it started with a little ache, now i can't get out of bed from the pain", detector, "mild") == (
        "report_severe_pain"
    )


def test_an_alarm_overrules_the_classifier(detector: RedFlagDetector) -> None:
    assert read("my chest hurts", detector) == "report_red_flag"


def read_by_net(
    text: str, chance: float, detector: RedFlagDetector, flag: str = "RF03", tier: str = "CALL_911"
) -> Message:
    """A message of which the net says that it is of this tier with this chance, and above all about this flag."""
    ranking = [("report_red_flag", chance), ("report_mild_pain", 0.2), ("ask_stretching", 0.1)]
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    net = {"danger_tiers": {tier: chance}, "danger_flags": [(flag, 0.75), ("RF14", 0.2)]}
    (message,) = detector.process([Message(data={"text": text, "intent": ranked[0], "intent_ranking": ranked, **net})])
    return message


def vote(text: str, chance: float, detector: RedFlagDetector) -> tuple[bool, str]:
    """Whether the person is asked, and the intent."""
    message = read_by_net(text, chance, detector)
    return bool(message.get("safety_vote")), str(message.get("intent")["name"])


@pytest.mark.parametrize("text", ["it is all a bit off", "algo no cuadra"])
def test_a_warning_is_heard_from_its_least_chance_on(text: str, detector: RedFlagDetector) -> None:
    assert vote(text, 0.95, detector) == (True, "report_red_flag")
    assert vote(text, 0.35, detector)[0]
    assert vote(text, 0.29, detector) == (False, "ask_stretching")


@pytest.mark.parametrize(
    "text", ["that gym class was something lol", "qué rutina la de hoy jaja", "all that was years ago"]
)
def test_a_light_message_needs_a_surer_warning(text: str, detector: RedFlagDetector) -> None:
    assert not vote(text, 0.55, detector)[0]
    assert vote(text, 0.65, detector)[0]


@pytest.mark.parametrize(
    "text", ["my neck is sore and the words come out as soup", "me duele la nuca y las letras me bailan"]
)
def test_the_net_alarms_where_it_is_sure_and_a_rule_knows_a_sign(text: str, detector: RedFlagDetector) -> None:
    message = read_by_net(text, 0.9, detector)
    assert message.get("net_alarm") == {"tier": "CALL_911", "flag": "RF03"}
    assert message.get("intent")["name"] == "report_red_flag"
    assert not message.get("safety_vote")
    assert read_by_net(text, 0.55, detector).get("net_alarm") is None


@pytest.mark.parametrize("text", ["something is off today", "something was off in the gym", "algo no cuadra desde hoy"])
def test_the_net_alone_alarms_nobody(text: str, detector: RedFlagDetector) -> None:
    message = read_by_net(text, 0.99, detector)
    assert message.get("net_alarm") is None
    assert message.get("safety_vote")


@pytest.mark.parametrize("text", ["i sorted my drawers for my sister", "ordené los cajones para mi hermana"])
def test_a_hint_at_suicide_is_asked_about_directly(text: str, detector: RedFlagDetector) -> None:
    message = read_by_net(text, 0.9, detector, "RF08", "CRISIS_988")
    assert message.get("net_alarm") == {"tier": "CRISIS_988", "flag": "RF40"}


def test_a_flag_that_is_not_sure_is_not_named(detector: RedFlagDetector) -> None:
    message = Message(
        data={
            "text": "my back hurts and all is strange",
            "danger_tiers": {"CALL_911": 0.2, "ED_NOW": 0.7},
            "danger_flags": [("RF10", 0.3), ("RF14", 0.3)],
        }
    )
    detector.process([message])
    assert message.get("net_alarm") == {"tier": "ED_NOW", "flag": None}


@pytest.mark.parametrize("text", ["I don't have chest pain", "no tengo dolor de pecho", "my dad had a stroke in 2015"])
def test_a_danger_that_was_taken_back_is_not_asked_about(text: str, detector: RedFlagDetector) -> None:
    assert not vote(text, 0.99, detector)[0]
    assert read_by_net(text, 0.99, detector).get("net_alarm") is None


@pytest.mark.parametrize(
    "text",
    [
        "I don't have chest pain any more but somebody ought to look at this, it all began again while I was eating",
        "ya no tengo dolor de pecho pero me siento rarísimo desde la comida y mi esposa dice que no me veo nada bien",
    ],
)
def test_in_more_words_than_a_denial_takes_the_signs_are_shown(text: str, detector: RedFlagDetector) -> None:
    assert vote(text, 0.85, detector)[0]
    assert not vote(text, 0.75, detector)[0]
    assert read_by_net(text, 0.99, detector).get("net_alarm") is None


@pytest.mark.parametrize("text", ["you can have my thursday slot back", "ya no voy a ocupar la cita"])
def test_what_may_be_about_suicide_is_asked_directly_from_a_lower_chance(text: str, detector: RedFlagDetector) -> None:
    message = read_by_net(text, 0.35, detector, "RF40", "CRISIS_988")
    assert message.get("net_alarm") == {"tier": "CRISIS_988", "flag": "RF40"}
    assert read_by_net(text, 0.25, detector, "RF40", "CRISIS_988").get("net_alarm") is None


def test_in_doubt_between_two_tiers_it_is_the_ambulance(detector: RedFlagDetector) -> None:
    net = {"danger_tiers": {"CALL_911": 0.35, "ED_NOW": 0.6}, "danger_flags": [("RF06", 0.5)]}
    message = Message(data={"text": "my back hurts and all is strange", **net})
    detector.process([message])
    assert message.get("net_alarm") == {"tier": "CALL_911", "flag": "RF06"}


@pytest.mark.parametrize("text", ["i have a fever and my back hurts", "tengo fiebre y me duele la espalda"])
def test_of_an_emergency_the_net_knows_a_worse_one_where_that_is_likely_by_itself(
    text: str, detector: RedFlagDetector
) -> None:
    assert read_by_net(text, 0.75, detector, "RF36").get("net_alarm") == {"tier": "CALL_911", "flag": "RF36"}
    assert read_by_net(text, 0.65, detector, "RF36").get("net_alarm") is None


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to die, or do I, honestly I could not tell you any more after these nights",
        "no me quiero morir, o quién sabe, la verdad ya ni yo sé qué quiero después de tantas noches",
    ],
)
def test_a_long_denial_of_suicide_is_asked_about_where_the_net_is_sure(text: str, detector: RedFlagDetector) -> None:
    message = read_by_net(text, 0.85, detector, "RF08", "CRISIS_988")
    assert message.get("net_alarm") == {"tier": "CRISIS_988", "flag": "RF40"}
    assert read_by_net(text, 0.75, detector, "RF08", "CRISIS_988").get("net_alarm") is None


@pytest.mark.parametrize("text", ["i am not suicidal, just tired", "no me quiero morir, nomás dormir"])
def test_a_plain_denial_of_suicide_is_believed(text: str, detector: RedFlagDetector) -> None:
    assert read_by_net(text, 0.99, detector, "RF08", "CRISIS_988").get("net_alarm") is None


def test_the_net_raises_what_the_rules_find_less_urgent_and_never_lowers_it(detector: RedFlagDetector) -> None:
    text = "my foot drags since monday"
    assert read_by_net(text, 0.98, detector).get("net_alarm") == {"tier": "CALL_911", "flag": "RF03"}
    assert read_by_net("my chest hurts", 0.9, detector, "RF10", "ED_NOW").get("net_alarm") is None


@pytest.mark.parametrize("text", ["my left foot drags and I trip over it", "arrastro el pie izquierdo y me tropiezo"])
def test_what_a_rule_judged_is_believed_unless_the_net_is_surer(text: str, detector: RedFlagDetector) -> None:
    assert read_by_net(text, 0.8, detector).get("net_alarm") is None
    assert read_by_net(text, 0.8, detector, "RF15", "ED_NOW").get("net_alarm") is None
    assert read_by_net(text, 0.9, detector, "RF15", "ED_NOW").get("net_alarm") == {"tier": "ED_NOW", "flag": None}


@pytest.mark.parametrize("text", ["is it the new bed", "no more of it"])
def test_what_was_taken_back_and_is_no_danger_silences_nothing(text: str, detector: RedFlagDetector) -> None:
    assert vote(text, 0.99, detector)[0]


def test_an_unheard_warning_becomes_a_report_of_pain_only_where_pain_is_told(detector: RedFlagDetector) -> None:
    assert vote("my back is a bit sore", 0.2, detector) == (False, "report_mild_pain")
    assert vote("my back is fine", 0.2, detector) == (False, "ask_stretching")
