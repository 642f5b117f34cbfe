"""The intent of a message, by logistic regression over sentence vector and character n-grams."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Rasa's classifier with three changes that the measurements asked for (docs/decisions/0002-nlu-pipeline.md).

    The n-gram counts of each message are scaled to length 1, like the sentence vector; the regularisation `C`
    can be set; classes weigh as much as they have sentences, so that the large out_of_scope class is heard.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's options plus `C`, the inverse strength of regularisation."""
        return {**LogisticRegressionClassifier.get_default_config(), "C": 10.0, "max_iter": 200}

    def __init__(self, config: dict[str, Any], name: str, model_storage: Any, resource: Any) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf.set_params(C=self.config["C"], class_weight=None)

    def _create_X(self, messages: list[Message]) -> csr_matrix:  # noqa: N802 - Rasa's name
        rows = [hstack([counts, csr_matrix(vector)]) for counts, vector in map(_features, messages)]
        return vstack(rows).tocsr().astype(np.float32)  # half the memory, and half the time to train

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message, the likeliest first; a message without text by the intercepts alone."""
        for message in messages:
            probability = self._probabilities(message)
            order = np.argsort(-probability)[: self.config["ranking_length"] or None]
            ranking = [{"name": str(self.clf.classes_[i]), "confidence": float(probability[i])} for i in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _probabilities(self, message: Message) -> Any:
        """scikit-learn's predict_proba for one row, without its copy of all weights on every call."""
        score = self.clf.intercept_.astype(np.float64)
        if message.get(TEXT):
            counts, vector = _features(message)
            score = score + counts.data @ self._weights[counts.indices] + vector[0] @ self._weights[-vector.shape[1] :]
        exponents = np.exp(score - score.max())
        return exponents / exponents.sum()

    @cached_property
    def _weights(self) -> Any:
        """One row for each feature, in the order in which they are looked up."""
        return np.ascontiguousarray(self.clf.coef_.T)


def _features(message: Message) -> tuple[Any, Any]:
    """The n-gram counts of a message, scaled to length 1, and its sentence vector.

    Message.get_sparse_features would copy the features deeply first.
    """
    found = [f for f in message.features if f.attribute == TEXT and f.type == FEATURE_TYPE_SENTENCE]
    counts = next((f.features.tocsr() for f in found if f.is_sparse()), csr_matrix((1, 0)))
    length = np.sqrt(np.square(counts.data, dtype=np.float64).sum()) or 1.0
    scaled = csr_matrix((counts.data / length, counts.indices, counts.indptr), counts.shape)
    return scaled, next(f.features for f in found if f.is_dense())
