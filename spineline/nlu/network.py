"""A network with one hidden layer over a sparse and a dense part of each message, trained by Adam. No Rasa here.

scikit-learn's own knows neither a dense part beside a sparse one (it takes five times as long over these features) nor
messages for which one of several classes is right (docs/decisions/0015-the-answer-is-ranked.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

_BATCH = 256  # messages
_STEP = 2e-3
_LAST_STEP = 6e-4  # in the last third of the passes
_DECAY, _SQUARE_DECAY, _TINY = np.float32(0.9), np.float32(0.999), np.float32(1e-8)  # Adam's usual ones


@dataclass(frozen=True)
class Network:
    """The weights: from n-grams (n, h) and vector (d, h) to the hidden units, and from those (h, c) to the classes."""

    ngrams: Any
    vector: Any
    offset: Any
    outputs: Any
    output_offset: Any

    @property
    def dense(self) -> tuple[Any, ...]:
        """All but the weights of the n-grams, of which each message touches only a few."""
        return self.vector, self.offset, self.outputs, self.output_offset


class _Adam:
    """How fast each weight of one array is to change."""

    def __init__(self, weights: Any) -> None:
        self._weights, self._mean, self._square = weights, np.zeros_like(weights), np.zeros_like(weights)

    def change(self, gradient: Any, step: Any, rows: Any = slice(None)) -> None:
        """Take one step, of some rows only where the others are not touched."""
        mean = self._mean[rows] * _DECAY + (1 - _DECAY) * gradient
        square = self._square[rows] * _SQUARE_DECAY + (1 - _SQUARE_DECAY) * gradient * gradient
        self._mean[rows], self._square[rows] = mean, square
        self._weights[rows] -= step * mean / (np.sqrt(square) + _TINY)


def train_network(
    ngrams: csr_matrix, vectors: Any, right: Any, hidden: int, passes: int, left_out: float, start: int
) -> Network:
    """Train one network.

    Args:
        ngrams: (messages, n), float32.
        vectors: (messages, d), float32.
        right: (messages, c), 1 where a class is right, else 0. Where several are, chance moves from the wrong ones to
            all of them alike, so that none of them swallows such messages.
        hidden: units.
        passes: over all messages.
        left_out: share of hidden units that sit out each step, so that none relies on another (dropout).
        start: of the random numbers.
    """
    chance = np.random.default_rng(start)
    network = _untrained((ngrams.shape[1], vectors.shape[1], hidden, right.shape[1]), chance)
    sparse, dense = _Adam(network.ngrams), [_Adam(weights) for weights in network.dense]
    batches = _batches(len(right), passes, chance)
    for number, batch in enumerate(batches, 1):
        seen, at = np.unique(ngrams[batch].indices, return_inverse=True)
        rows = csr_matrix((ngrams[batch].data, at, ngrams[batch].indptr), shape=(len(batch), len(seen)))
        kept = (chance.random((len(batch), hidden), dtype=np.float32) >= left_out) / np.float32(1 - left_out)
        of_ngrams, of_dense = _gradients(network, rows, seen, vectors[batch], right[batch], kept)
        step = _step(number, len(batches))
        sparse.change(of_ngrams, step, seen)
        for adam, gradient in zip(dense, of_dense):
            adam.change(gradient, step)
    return network


def softmax(scores: Any) -> Any:
    """Chances that add up to 1 in each row."""
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)


def _untrained(sizes: tuple[int, int, int, int], chance: np.random.Generator) -> Network:
    n, d, h, c = sizes

    def random(inputs: int, outputs: int, *shape: int) -> Any:
        bound = np.sqrt(6 / (inputs + outputs))
        return chance.uniform(-bound, bound, shape).astype(np.float32)

    return Network(
        random(n + d, h, n, h), random(n + d, h, d, h), random(n + d, h, h), random(h, c, h, c), random(h, c, c)
    )


def _batches(messages: int, passes: int, chance: np.random.Generator) -> Sequence[Any]:
    orders = [chance.permutation(messages) for _ in range(passes)]
    return [order[at : at + _BATCH] for order in orders for at in range(0, messages, _BATCH)]


def _step(number: int, steps: int) -> Any:
    size = _STEP if number <= steps * 2 / 3 else _LAST_STEP
    return np.float32(size * np.sqrt(1 - _SQUARE_DECAY**number) / (1 - _DECAY**number))


def _gradients(network: Network, rows: Any, seen: Any, vectors: Any, right: Any, kept: Any) -> tuple[Any, list[Any]]:
    units = np.maximum(rows @ network.ngrams[seen] + vectors @ network.vector + network.offset, 0) * kept
    chances = softmax(units @ network.outputs + network.output_offset)
    taken = chances * right
    lacking = 1 - taken.sum(axis=1, keepdims=True)
    wanted = taken + lacking * right / right.sum(axis=1, keepdims=True)
    error = (chances - wanted) / np.float32(len(right))
    back = (error @ network.outputs.T) * (units > 0) * kept
    return rows.T @ back, [vectors.T @ back, back.sum(axis=0), units.T @ error, error.sum(axis=0)]
