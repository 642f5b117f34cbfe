"""Counts of what a message is made of: sequences of characters, words, and pairs of neighbouring words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from spineline.text.letters import fold, words

_WORD = "="  # before a word or a pair, which is then no sequence of characters


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceTerms(CountVectorsFeaturizer):
    """Rasa's featurizer, for whole messages only, with words and pairs beside the sequences of characters."""

    @classmethod
    def _create_independent_vocab_vectorizers(
        cls, parameters: dict[str, Any], vocabulary: Any = None
    ) -> dict[str, CountVectorizer]:
        made: dict[str, CountVectorizer] = super()._create_independent_vocab_vectorizers(parameters, vocabulary)
        for vectorizer in made.values():
            vectorizer.analyzer = Terms(vectorizer.build_analyzer())
        return made

    def _create_features(self, attribute: str, all_tokens: list[list[str]]) -> tuple[list[Any], list[Any]]:
        nothing = [None] * len(all_tokens)
        if attribute != TEXT or not self.vectorizers.get(TEXT):
            return nothing, nothing
        return nothing, [self._counts(tokens) if tokens else None for tokens in all_tokens]

    def _counts(self, tokens: list[str]) -> csr_matrix:
        """As scikit-learn's `transform` counts them, which looks through its own settings first."""
        vectorizer = self.vectorizers[TEXT]
        places = map(vectorizer.vocabulary_.get, vectorizer.analyzer(" ".join(tokens)))
        counted = Counter(place for place in places if place is not None)
        at = sorted(counted)
        values = np.array([counted[place] for place in at], dtype=vectorizer.dtype)
        return csr_matrix((values, at, [0, len(at)]), shape=(1, len(vectorizer.vocabulary_)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the counts to each message that has words."""
        for message in messages:
            tokens = self._get_processed_message_tokens_by_attribute(message, TEXT)
            _, sentence = self._create_features(TEXT, [tokens])
            self.add_features_to_message(None, sentence[0], TEXT, message)
        return messages


class Terms:
    """Takes a text apart: what `sequences` makes of it, its words and its pairs."""

    def __init__(self, sequences: Callable[[str], list[str]]) -> None:
        self._sequences = sequences

    def __call__(self, text: str) -> Iterator[str]:
        """Its terms, each as often as it has it."""
        said = words(fold(text))
        yield from self._sequences(text)
        yield from (f"{_WORD}{word}" for word in said)
        yield from (f"{_WORD}{one} {other}" for one, other in pairwise(said))
