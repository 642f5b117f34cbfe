"""The intent of a message, by logistic regression over sentence vector and character n-grams."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.preprocessing import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Rasa's classifier with three changes that the measurements asked for (docs/decisions/0002-nlu-pipeline.md).

    The n-gram counts of each message are scaled to length 1, like the sentence vector; the regularisation `C`
    can be set; classes weigh as much as they have sentences, so that the large out_of_scope class is heard.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's options plus `C`, the inverse strength of regularisation."""
        return {**LogisticRegressionClassifier.get_default_config(), "C": 10.0, "max_iter": 100, "tol": 1e-3}

    def __init__(self, config: dict[str, Any], name: str, model_storage: Any, resource: Any) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf.set_params(C=self.config["C"], class_weight=None)

    def _create_X(self, messages: list[Message]) -> csr_matrix:  # noqa: N802 - Rasa's name
        rows = [self._row(message) for message in messages]
        width = next((row.shape[1] for row in rows if row is not None), None) or self.clf.n_features_in_
        empty = csr_matrix((1, width))
        return vstack([empty if row is None else row for row in rows]).tocsr()

    def _row(self, message: Message) -> csr_matrix | None:
        """The features of one message; None for a message without text."""
        sparse = message.get_sparse_features(attribute=TEXT)[1]
        dense = message.get_dense_features(attribute=TEXT)[1]
        if dense is None:
            return None
        if sparse is None:
            counts = csr_matrix((1, self.clf.n_features_in_ - dense.features.shape[1]))
        else:
            counts = normalize(sparse.features.astype(np.float64))
        return hstack([counts, csr_matrix(dense.features)])
