"""Four classifiers that judge the same features and whose chances are averaged. No Rasa here.

A logistic regression and three small networks that differ only in where they started: what one of them learnt by
accident, the others outvote. scikit-learn trains them; their numbers are kept as plain arrays, so that a message
costs two products of matrices. What it won: docs/decisions/0010-committee.md
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import normalize

_NETWORKS = 3
_HIDDEN = 96  # units of each network
_PASSES = 12  # of each network over the sentences; more would learn them by heart
_INVERSE_REGULARISATION = 0.3  # of the logistic regression
_VECTOR_WEIGHT, _NGRAM_WEIGHT = 5.0, 6.0  # both are of length 1 before; networks learn slowly from small numbers


@dataclass(frozen=True)
class Committee:
    """The trained classifiers side by side.

    Attributes:
        classes: (c,) the names that can be chosen.
        ngrams: (n, w) weights of the n-gram counts; w = c for the regression + the hidden units of all networks.
            In half precision: they are most of the memory, and each is multiplied only once.
        vector: (d, w) weights of the sentence vector.
        offset: (w,) what is added to both.
        outputs: (networks, hidden, c) and `output_offset` (networks, c): from the hidden units to the classes.
    """

    classes: Any
    ngrams: Any
    vector: Any
    offset: Any
    outputs: Any
    output_offset: Any

    def chances(self, counts: csr_matrix, vector: Any | None) -> Any:
        """How likely each class is.

        Args:
            counts: (1, n) the n-gram counts of one message.
            vector: (d,) its sentence vector; None for a message without text.

        Returns:
            (c,) numbers from 0 to 1 that add up to 1, in the order of `classes`.
        """
        length = np.sqrt(np.square(counts.data, dtype=np.float32).sum()) or np.float32(1)
        scaled = counts.data.astype(np.float32) * (np.float32(_NGRAM_WEIGHT) / length)
        first = scaled @ self.ngrams[counts.indices].astype(np.float32) + self.offset
        if vector is not None:
            first += (vector * np.float32(_VECTOR_WEIGHT)) @ self.vector
        regression, units = np.split(first, [len(self.classes)])
        hidden = np.maximum(units, 0).reshape(len(self.outputs), 1, -1)
        networks = (hidden @ self.outputs)[:, 0] + self.output_offset
        return _softmax(np.vstack([regression, networks])).mean(axis=0)

    def as_arrays(self) -> dict[str, Any]:
        """What `Committee(**arrays)` needs; numbers and names only."""
        return asdict(self)


def train_committee(counts: csr_matrix, vectors: Any, names: list[str], tell: Callable[[str], None]) -> Committee:
    """Train all four, two at a time.

    Args:
        counts: (messages, n) n-gram counts.
        vectors: (messages, d) sentence vectors.
        names: the right class of each message.
        tell: is given a line of progress now and then.
    """
    scaled = [normalize(counts.astype(np.float32)) * _NGRAM_WEIGHT, csr_matrix(vectors * _VECTOR_WEIGHT)]
    features = hstack(scaled).tocsr().astype(np.float32)
    untrained = [LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=200), *map(_network, range(_NETWORKS))]
    tell(f"{len(names)} sentences, {features.shape[1]} features: {len(untrained)} classifiers ...")
    work = (delayed(_train)(model, features, names) for model in untrained)
    regression, *networks = Parallel(n_jobs=2, prefer="threads")(work)
    first = np.hstack([regression.coef_.T, *(network.coefs_[0] for network in networks)])
    return Committee(
        classes=np.array(regression.classes_, dtype=str),
        ngrams=first[: counts.shape[1]].astype(np.float16),
        vector=np.ascontiguousarray(first[counts.shape[1] :], dtype=np.float32),
        offset=np.hstack([regression.intercept_, *(n.intercepts_[0] for n in networks)]).astype(np.float32),
        outputs=np.stack([network.coefs_[1] for network in networks]).astype(np.float32),
        output_offset=np.stack([network.intercepts_[1] for network in networks]).astype(np.float32),
    )


def _network(start: int) -> MLPClassifier:
    return MLPClassifier((_HIDDEN,), alpha=1e-3, max_iter=_PASSES, random_state=start)


def _train(model: Any, features: csr_matrix, names: list[str]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the number of passes is chosen, not reached
        return model.fit(features, names)


def _softmax(scores: Any) -> Any:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)
