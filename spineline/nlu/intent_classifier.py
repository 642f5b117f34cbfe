"""The intent of a message, by a committee over its sentence vector and its character n-grams."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from spineline.nlu.committee import Committee, train_committee

_FILE = "committee.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Ranks the intents; who decides is in spineline/nlu/committee.py."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        committee: Committee | None = None,
    ) -> None:
        self._ranking_length = config["ranking_length"]
        self._storage = model_storage
        self._resource = resource
        self._committee = committee

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs the features of the components before it."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking_length`: how many intents are named; 0 = all."""
        return {"ranking_length": 10}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """One that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """As it was trained."""
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE) as arrays:
            return cls(config, model_storage, resource, Committee(**arrays))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every sentence that has an intent, and store what was learnt."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        counts, vectors = zip(*map(_features, messages))
        names = [message.get(INTENT) for message in messages]
        self._committee = train_committee(vstack(counts).tocsr(), np.vstack(vectors), names, tell=print)
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, **self._committee.as_arrays())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message, the likeliest first."""
        if self._committee is None:
            raise RuntimeError("The intent classifier is not trained: run `make train`.")
        for message in messages:
            chances = self._committee.chances(*_features(message))
            order = np.argsort(-chances)[: self._ranking_length or None]
            names = self._committee.classes
            ranking = [{"name": str(names[i]), "confidence": float(chances[i])} for i in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _features(message: Message) -> tuple[csr_matrix, Any]:
    """The n-gram counts of a message and its sentence vector; no counts and None for a message without text.

    Message.get_sparse_features would copy the features deeply first.
    """
    found = [f for f in message.features if f.attribute == TEXT and f.type == FEATURE_TYPE_SENTENCE]
    counts = next((f.features.tocsr() for f in found if f.is_sparse()), csr_matrix((1, 0)))
    return counts, next((f.features[0] for f in found if f.is_dense()), None)
