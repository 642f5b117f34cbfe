"""How likely a message tells of an emergency, and which red flag it may be about. No Rasa here.

Two readers who see different things, whose chances are averaged: a logistic regression over the terms of a message and
its sentence vector, and a small network over the vector alone. A third names the flag. Trained by
scikit-learn; kept as plain arrays, because its `predict_proba` copies the weights at each call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from spineline.nlu.rarity import all_weighed, rarity, weighed

_INVERSE_REGULARISATION = 3.0
_FLAG_REGULARISATION = 10.0
_HIDDEN = 128


@dataclass(frozen=True)
class DangerModel:
    """What was learnt.

    Attributes:
        rarity: (n,) how much a rare term counts more than a common one.
        weights: (n + d,) of the regression, `offset` (1,).
        hidden: (d, h), `hidden_offset` (h,), `output` (h,), `output_offset` (1,) of the network.
        flags: (f,) ids; `flag_weights` (d, f) and `flag_offset` (f,).
    """

    rarity: Any
    weights: Any
    offset: Any
    hidden: Any
    hidden_offset: Any
    output: Any
    output_offset: Any
    flags: Any
    flag_weights: Any
    flag_offset: Any

    def as_arrays(self) -> dict[str, Any]:
        """What `DangerModel(**arrays)` needs; numbers and names only."""
        return dict(vars(self))

    def chance(self, counts: csr_matrix, vector: Any) -> float:
        """How likely the message is one of somebody in danger, from 0 to 1.

        Args:
            counts: (1, n) how often it has each term.
            vector: (d,) its sentence vector, of length 1.
        """
        score = (
            weighed(counts.data, self.rarity[counts.indices]) @ self.weights[counts.indices]
            + vector @ self.weights[len(self.rarity) :]
            + self.offset[0]
        )
        units = np.maximum(vector @ self.hidden + self.hidden_offset, 0)
        return float((_chance(score) + _chance(units @ self.output + self.output_offset[0])) / 2)

    def likely(self, vector: Any) -> list[tuple[str, float]]:
        """Each flag with its chance, the likeliest first; the chances add up to 1."""
        scores = vector @ self.flag_weights + self.flag_offset
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        return [(str(self.flags[at]), float(chances[at])) for at in np.argsort(-chances)]


def train_danger_model(
    counts: csr_matrix, vectors: Any, is_danger: Sequence[bool], flags: Sequence[str | None]
) -> DangerModel:
    """Train the readers.

    Args:
        counts: (m, n) how often each message has each term.
        vectors: (m, d) sentence vectors of length 1.
        is_danger: (m,) whether they tell of an emergency.
        flags: (m,) the red flag of each, where it is known.
    """
    rare = rarity(counts)
    features = hstack([all_weighed(counts, rare), csr_matrix(vectors)]).tocsr()
    regression = LogisticRegression(
        C=_INVERSE_REGULARISATION, solver="liblinear", class_weight="balanced", max_iter=300
    ).fit(features, is_danger)
    network = MLPClassifier((_HIDDEN,), alpha=1e-3, early_stopping=True, random_state=0).fit(vectors, is_danger)
    known = [place for place, flag in enumerate(flags) if flag]
    naming = LogisticRegression(C=_FLAG_REGULARISATION, max_iter=500, class_weight="balanced")
    naming.fit(vectors[known], [flags[place] for place in known])
    return DangerModel(
        rarity=rare,
        weights=regression.coef_[0].astype(np.float32),
        offset=regression.intercept_.astype(np.float32),
        hidden=network.coefs_[0].astype(np.float32),
        hidden_offset=network.intercepts_[0].astype(np.float32),
        output=network.coefs_[1][:, 0].astype(np.float32),
        output_offset=network.intercepts_[1].astype(np.float32),
        flags=naming.classes_.astype(str),
        flag_weights=naming.coef_.T.astype(np.float32),
        flag_offset=naming.intercept_.astype(np.float32),
    )


def _chance(score: Any) -> float:
    return float(1 / (1 + np.exp(-score)))
