"""What the components share whose answer a committee gives: features of a message, training, keeping and loading."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from spineline.nlu.committee import Committee, Members, train_committee

_FILE = "committee.npz"
_Self = TypeVar("_Self", bound="CommitteeClassifier")


class CommitteeClassifier(RasaIntentClassifier, GraphComponent):
    """Ranks names by their chances; what the names are of, `LABEL` says, and who votes, `MEMBERS`."""

    LABEL: ClassVar[str]
    MEMBERS: ClassVar[Members]

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

    @classmethod
    def create(
        cls: type[_Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Self:
        """One that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: type[_Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> _Self:
        """As it was trained."""
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE) as arrays:
            return cls(config, model_storage, resource, Committee(**arrays))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every sentence that has the label, and store what was learnt."""
        messages = [m for m in training_data.training_examples if m.get(TEXT) and m.get(self.LABEL)]
        counts, vectors = zip(*map(features, messages))
        labels = (message.get(self.LABEL) for message in messages)
        names = [[label] if isinstance(label, str) else label for label in labels]
        self._committee = train_committee(vstack(counts).tocsr(), np.vstack(vectors), names, self.MEMBERS, tell=print)
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, **self._committee.as_arrays())
        return self._resource

    def ranking(self, message: Message) -> list[dict[str, Any]]:
        """The likeliest names for a message, the likeliest first."""
        if self._committee is None:
            raise RuntimeError(f"{type(self).__name__} is not trained: run `make train`.")
        chances = self._committee.chances(*features(message))
        order = np.argsort(-chances)[: self._ranking_length or None]
        return [{"name": str(self._committee.classes[i]), "confidence": float(chances[i])} for i in order]


def features(message: Message) -> tuple[csr_matrix, Any]:
    """How often a message has each term, and its sentence vector; no counts and None for a message without text.

    Message.get_sparse_features would copy the features deeply first.
    """
    found = [f for f in message.features if f.attribute == TEXT and f.type == FEATURE_TYPE_SENTENCE]
    counts = next((f.features.tocsr() for f in found if f.is_sparse()), None)
    vector = next((f.features[0] for f in found if f.is_dense()), None)
    return csr_matrix((1, 0)) if counts is None else counts, vector
