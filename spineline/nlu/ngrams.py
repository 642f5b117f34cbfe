"""Counts of the character sequences of a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceNgrams(CountVectorsFeaturizer):
    """Rasa's featurizer for whole messages only; it counts each word apart too, which nothing here reads."""

    def _create_features(self, attribute: str, all_tokens: list[list[str]]) -> tuple[list[Any], list[Any]]:
        nothing = [None] * len(all_tokens)
        if attribute != TEXT or not self.vectorizers.get(TEXT):
            return nothing, nothing
        return nothing, [self._counts(tokens) if tokens else None for tokens in all_tokens]

    def _counts(self, tokens: list[str]) -> Any:
        return self.vectorizers[TEXT].transform([" ".join(tokens)]).tocoo()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the counts to each message that has words."""
        for message in messages:
            tokens = self._get_processed_message_tokens_by_attribute(message, TEXT)
            _, sentence = self._create_features(TEXT, [tokens])
            self.add_features_to_message(None, sentence[0], TEXT, message)
        return messages
