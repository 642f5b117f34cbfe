"""The intent of a message, by a committee over its sentence vector and its terms."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from spineline.nlu.committee import Members
from spineline.nlu.committee_classifier import CommitteeClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(CommitteeClassifier):
    """Ranks the intents; who decides is in spineline/nlu/committee.py."""

    LABEL = INTENT
    MEMBERS = Members()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking_length`: how many intents are named; 0 = all."""
        return {"ranking_length": 10}

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message, the likeliest first."""
        for message in messages:
            ranking = self.ranking(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
