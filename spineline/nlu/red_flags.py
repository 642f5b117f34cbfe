"""Puts the verdict of the red-flag rules on each message; where only the classifier warns, the person is asked."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from spineline.danger.rules import Assessment, RedFlagRules, shared_red_flags

_DANGER = {"name": "report_red_flag", "confidence": 1.0}
_SEVERE = {"name": "report_severe_pain", "confidence": 1.0}
_LEVEL, _NOT_SEVERE = "pain_level", frozenset(("none", "mild"))
LIGHT_TALK = "light_talk"  # a sign of content/red_flag_signs.yml
_REPORTS_OF_PAIN = ("report_mild_pain", "report_severe_pain")
_SIGNS_OF_PAIN = frozenset(("pain_anywhere", "severe_pain"))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagDetector(GraphComponent):
    """Sets `red_flag` ({id, tier, rule, words} or None) and, for an alarm, the intent.

    Where the rules saw nothing and the classifier says report_red_flag, `safety_vote` is set: the person is asked.
    Below the confidence `sure` the message then keeps the likeliest other intent. `least` and `light` were chosen on
    195 emergencies that the rules had missed at first sight and 468 ordinary messages (November 2026): of the former
    69 % are asked, of the latter 5 %; without a least chance it was 77 % and 12 %.
    """

    def __init__(self, rules: RedFlagRules, sure: float, least: float, light: float) -> None:
        self._rules = rules
        self._sure, self._least, self._light = sure, least, light

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`rules`: their file. Chances from 0 to 1: `sure`; to be heard, `least`, and `light` in a light message."""
        return {"rules": "content/red_flags.yml", "sure": 0.9, "least": 0.55, "light": 0.8}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagDetector:
        """Read and check the rules."""
        chances = (float(config[name]) for name in ("sure", "least", "light"))
        return cls(shared_red_flags(Path(config["rules"]).resolve()), *chances)

    def process(self, messages: list[Message]) -> list[Message]:
        """Put each message's verdict on it."""
        for message in messages:
            assessment = self._judged(message)
            flag = assessment.red_flag
            message.set("red_flag", flag and flag.as_dict(), add_to_output=True)
            said = message.get(INTENT, {}).get("name")
            if flag and flag.alarms:
                _overrule(message, _DANGER)
            elif said == _DANGER["name"]:
                self._second_vote(message, assessment)
            elif flag and not flag.takes_over and said == "report_mild_pain":
                _overrule(message, _SEVERE)
            elif said == _SEVERE["name"] and not _tells_of_severe_pain(message, assessment):
                _give_way(message)
        return messages

    def _judged(self, message: Message) -> Assessment:
        """The verdict that came with the message; what has none, as in /model/parse, is judged here."""
        told = (message.get("metadata") or {}).get("danger")
        return self._rules.assess(message.get(TEXT) or "") if told is None else Assessment.from_dict(told)

    def _second_vote(self, message: Message, assessment: Assessment) -> None:
        """The classifier alone warns. Where the rules saw a danger denied or past they are believed."""
        chance = message.get(INTENT)["confidence"]
        is_believed = not assessment.silenced and chance >= (self._light if _is_light(assessment) else self._least)
        if not is_believed or chance < self._sure:
            _give_way(message, () if is_believed or _states_pain(assessment) else _REPORTS_OF_PAIN)
        if is_believed:
            message.set("safety_vote", True, add_to_output=True)


def _is_light(assessment: Assessment) -> bool:
    """Whether a message speaks of training, laughs, or tells of long ago."""
    return any(LIGHT_TALK in signs for signs in (assessment.taken_back, *assessment.stated))


def _tells_of_severe_pain(message: Message, assessment: Assessment) -> bool:
    """Severe pain needs pain: a word for it that counts, and no "mild" or "none" beside it, unless a rule found it."""
    if any(not flag.takes_over for flag in assessment.all):
        return True
    levels = {entity["value"] for entity in message.get(ENTITIES, []) if entity["entity"] == _LEVEL}
    denied = _SIGNS_OF_PAIN.intersection(assessment.taken_back)
    return _states_pain(assessment) and not denied and levels.isdisjoint(_NOT_SEVERE)


def _states_pain(assessment: Assessment) -> bool:
    return any(not _SIGNS_OF_PAIN.isdisjoint(signs) for signs in assessment.stated)


def _give_way(message: Message, but_not: Collection[str] = ()) -> None:
    """The next likely intent takes the place of the first."""
    first = message.get(INTENT)["name"]
    others = [intent for intent in message.get(INTENT_RANKING_KEY) if intent["name"] not in (first, *but_not)]
    if others:
        message.set(INTENT, others[0], add_to_output=True)


def _overrule(message: Message, intent: dict[str, Any]) -> None:
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *message.get(INTENT_RANKING_KEY, [])], add_to_output=True)
