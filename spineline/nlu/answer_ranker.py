"""The answers that a message asks for: "plank/how_long", by a committee over all answers."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from spineline.nlu.answer_sentences import ASKED_FOR
from spineline.nlu.committee import Members
from spineline.nlu.committee_classifier import CommitteeClassifier
from spineline.nlu.network import Shape

ANSWERS = "answers"  # of a message: the likeliest answers with their chances


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerRanker(CommitteeClassifier):
    """Sets `answers`: the likeliest answers. Each was learnt from its own ways of being asked.

    No regression votes: hundreds of classes would be most of the model, and many sentences fit several answers.
    """

    LABEL = ASKED_FOR
    MEMBERS = Members(networks=3, shape=Shape(hidden=128, passes=6, blanked=0.3), regression=False)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking_length`: how many answers are named."""
        return {"ranking_length": 6}

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the answers for each message, the likeliest first."""
        for message in messages:
            message.set(ANSWERS, self.ranking(message), add_to_output=True)
        return messages
