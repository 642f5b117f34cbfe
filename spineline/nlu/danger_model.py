"""How likely a message tells of an emergency, and which red flag it may be about. No Rasa here.

Two readers who see different things, whose chances are averaged: a logistic regression over character n-grams, words,
pairs of words and the sentence vector, and a small network over the vector alone. A third names the flag. Trained by
scikit-learn; kept as plain arrays, because its `predict_proba` copies the weights at each call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import normalize

from spineline.text.letters import words

_FEWEST = 2  # sentences that have a word or a pair of words, else it is not learnt
_INVERSE_REGULARISATION = 3.0
_FLAG_REGULARISATION = 10.0
_HIDDEN = 128


@dataclass(frozen=True)
class DangerModel:
    """What was learnt.

    Attributes:
        ngram_rarity, word_rarity: (n,) and (w,) how much a rare n-gram or word counts more than a common one.
        vocabulary: (w,) the words and pairs of words in UTF-8, sorted: a dictionary of them takes ten times the memory.
        weights: (n + w + d,) of the regression, `offset` (1,).
        hidden: (d, h), `hidden_offset` (h,), `output` (h,), `output_offset` (1,) of the network.
        flags: (f,) ids; `flag_weights` (d, f) and `flag_offset` (f,).
    """

    ngram_rarity: Any
    word_rarity: Any
    vocabulary: Any
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
        """What `of_arrays` needs; numbers and words only."""
        return {**vars(self), "vocabulary": np.char.decode(self.vocabulary, "utf-8")}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> DangerModel:
        """As it was kept."""
        return cls(**{**arrays, "vocabulary": np.char.encode(arrays["vocabulary"], "utf-8")})

    def chance(self, text: str, counts: csr_matrix, vector: Any) -> float:
        """How likely the message is one of somebody in danger, from 0 to 1.

        Args:
            counts: (1, n) its n-gram counts.
            vector: (d,) its sentence vector, of length 1.
        """
        known = Counter(self._known(_words(text)))
        places = np.fromiter(known, int, len(known))
        seen = np.fromiter(known.values(), np.float32, len(known))
        n, w = len(self.ngram_rarity), len(self.word_rarity)
        score = (
            _weighed(counts.data, self.ngram_rarity[counts.indices]) @ self.weights[counts.indices]
            + _weighed(seen, self.word_rarity[places]) @ self.weights[n + places]
            + vector @ self.weights[n + w :]
            + self.offset[0]
        )
        units = np.maximum(vector @ self.hidden + self.hidden_offset, 0)
        return float((_chance(score) + _chance(units @ self.output + self.output_offset[0])) / 2)

    def _known(self, said: Sequence[str]) -> list[int]:
        """Where the words stand that were learnt."""
        asked = np.array([word.encode() for word in said], dtype=bytes)
        places = np.minimum(np.searchsorted(self.vocabulary, asked), len(self.vocabulary) - 1)
        found: list[int] = places[self.vocabulary[places] == asked].tolist()
        return found

    def likely(self, vector: Any) -> list[tuple[str, float]]:
        """Each flag with its chance, the likeliest first; the chances add up to 1."""
        scores = vector @ self.flag_weights + self.flag_offset
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        return [(str(self.flags[at]), float(chances[at])) for at in np.argsort(-chances)]


def train_danger_model(
    texts: Sequence[str], counts: csr_matrix, vectors: Any, is_danger: Sequence[bool], flags: Sequence[str | None]
) -> DangerModel:
    """Train the readers.

    Args:
        texts: (m,) messages, `counts` (m, n) and `vectors` (m, d) of length 1 are their features.
        is_danger: (m,) whether they tell of an emergency.
        flags: (m,) the red flag of each, where it is known.
    """
    vocabulary = _vocabulary(texts)
    at = {word: place for place, word in enumerate(vocabulary)}
    word_counts = _count(texts, at)
    rarities = _rarity(counts), _rarity(word_counts)
    parts = [_all_weighed(c, rarity) for c, rarity in zip((counts, word_counts), rarities)]
    features = hstack([*parts, csr_matrix(vectors)]).tocsr()
    regression = LogisticRegression(
        C=_INVERSE_REGULARISATION, solver="liblinear", class_weight="balanced", max_iter=300
    ).fit(features, is_danger)
    network = MLPClassifier((_HIDDEN,), alpha=1e-3, early_stopping=True, random_state=0).fit(vectors, is_danger)
    known = [place for place, flag in enumerate(flags) if flag]
    naming = LogisticRegression(C=_FLAG_REGULARISATION, max_iter=500, class_weight="balanced")
    naming.fit(vectors[known], [flags[place] for place in known])
    return DangerModel(
        ngram_rarity=rarities[0].astype(np.float32),
        word_rarity=rarities[1].astype(np.float32),
        vocabulary=np.array([word.encode() for word in vocabulary]),
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


def _words(text: str) -> list[str]:
    """The words of a text and its pairs of neighbours."""
    single = words(text)
    return [*single, *(f"{one} {other}" for one, other in pairwise(single))]


def _vocabulary(texts: Sequence[str]) -> list[str]:
    """What several texts have."""
    seen = Counter(word for text in texts for word in set(_words(text)))
    return sorted(word for word, times in seen.items() if times >= _FEWEST)


def _count(texts: Sequence[str], at: Mapping[str, int]) -> csr_matrix:
    rows, columns = [], []
    for row, text in enumerate(texts):
        known = [at[word] for word in _words(text) if word in at]
        rows += [row] * len(known)
        columns += known
    return csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(texts), len(at)))


def _rarity(counts: csr_matrix) -> Any:
    """log((1 + m) / (1 + messages that have it)) + 1, scikit-learn's smooth inverse document frequency."""
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.log((1 + counts.shape[0]) / (1 + having)) + 1


def _weighed(seen: Any, rarity: Any) -> Any:
    """What is there, by how often and how rare, of length 1."""
    weighed = (1 + np.log(seen, dtype=np.float32)) * rarity
    return weighed / (np.linalg.norm(weighed) or np.float32(1))


def _all_weighed(counts: csr_matrix, rarity: Any) -> csr_matrix:
    weighed = counts.astype(np.float32)
    weighed.data = (1 + np.log(weighed.data)) * rarity[weighed.indices].astype(np.float32)
    return normalize(weighed).tocsr()


def _chance(score: Any) -> float:
    return float(1 / (1 + np.exp(-score)))
