"""Puts the verdict of the red-flag rules on each message; where only the classifier warns, the person is asked."""

from __future__ import annotations

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
_SIGNS_OF_PAIN = frozenset(("pain_anywhere", "severe_pain"))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagDetector(GraphComponent):
    """Sets `red_flag` ({id, tier, rule, words} or None) and, for an alarm, the intent.

    Where the rules saw nothing and the classifier says report_red_flag, `safety_vote` is set: the person is asked.
    Below the confidence `sure` the message then keeps the likeliest other intent.
    """

    def __init__(self, rules: RedFlagRules, sure: float) -> None:
        self._rules = rules
        self._sure = sure

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`rules`: the file of the rules; `sure`: from 0 to 1."""
        return {"rules": "content/red_flags.yml", "sure": 0.9}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagDetector:
        """Read and check the rules."""
        return cls(shared_red_flags(Path(config["rules"]).resolve()), float(config["sure"]))

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
                self._second_vote(message, assessment.dismissed)
            elif flag and not flag.takes_over and said == "report_mild_pain":
                _overrule(message, _SEVERE)
            elif said == _SEVERE["name"] and not _tells_of_severe_pain(message, assessment):
                _give_way(message)
        return messages

    def _judged(self, message: Message) -> Assessment:
        """The verdict that came with the message; what has none, as in /model/parse, is judged here."""
        told = (message.get("metadata") or {}).get("danger")
        return self._rules.assess(message.get(TEXT) or "") if told is None else Assessment.from_dict(told)

    def _second_vote(self, message: Message, dismissed: bool) -> None:
        """The classifier alone warns. Where the rules saw a denial or an idiom they are believed."""
        if dismissed or message.get(INTENT)["confidence"] < self._sure:
            _give_way(message)
        if not dismissed:
            message.set("safety_vote", True, add_to_output=True)


def _tells_of_severe_pain(message: Message, assessment: Assessment) -> bool:
    """Severe pain needs pain: a word for it that counts, and no "mild" or "none" beside it, unless a rule found it."""
    if any(not flag.takes_over for flag in assessment.all):
        return True
    levels = {entity["value"] for entity in message.get(ENTITIES, []) if entity["entity"] == _LEVEL}
    denied = _SIGNS_OF_PAIN.intersection(assessment.taken_back)
    stated = any(not _SIGNS_OF_PAIN.isdisjoint(signs) for signs in assessment.stated)
    return stated and not denied and levels.isdisjoint(_NOT_SEVERE)


def _give_way(message: Message) -> None:
    """The next likely intent takes the place of the first."""
    first = message.get(INTENT)["name"]
    others = [intent for intent in message.get(INTENT_RANKING_KEY) if intent["name"] != first]
    if others:
        message.set(INTENT, others[0], add_to_output=True)


def _overrule(message: Message, intent: dict[str, Any]) -> None:
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *message.get(INTENT_RANKING_KEY, [])], add_to_output=True)
