"""A network with one hidden layer over a sparse and a dense part of each message, trained by Adam. No Rasa here.

scikit-learn's own knows neither a dense part beside a sparse one (it takes five times as long over these features) nor
messages for which one of several classes is right (docs/decisions/0015-the-answer-is-ranked.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

_BATCH = 512  # messages
_STEP = 4e-3  # the longest; shorter before, and ever shorter after (one cycle of a cosine)
_RISING = 0.1  # share of the steps until the longest
_DECAY, _SQUARE_DECAY, _TINY = np.float32(0.9), np.float32(0.999), np.float32(1e-8)  # Adam's usual ones


@dataclass(frozen=True)
class Shape:
    """How a network is made and trained.

    Attributes:
        hidden: units.
        passes: over all messages; more would learn them by heart.
        left_out: share of the units that sit out each step of training, so that none relies on another (dropout).
        blanked: share of the terms that each step does not see; of the vector a third of that.
    """

    hidden: int = 96
    passes: int = 12
    left_out: float = 0.3
    blanked: float = 0.0


@dataclass(frozen=True)
class Network:
    """The weights: from terms (n, h) and vector (d, h) to the hidden units, and from those (h, c) to the classes."""

    terms: Any
    vector: Any
    offset: Any
    outputs: Any
    output_offset: Any

    @property
    def dense(self) -> tuple[Any, ...]:
        """All but the weights of the terms, of which each message touches only a few."""
        return self.vector, self.offset, self.outputs, self.output_offset


class _Adam:
    """How fast each weight of one array is to change."""

    def __init__(self, weights: Any) -> None:
        self._weights, self._mean, self._square = weights, np.zeros_like(weights), np.zeros_like(weights)

    def change(self, gradient: Any, step: Any, rows: Any = slice(None)) -> None:
        """Take one step, of some rows only where the others are not touched. The gradient is used up."""
        mean, square = self._mean[rows], self._square[rows]
        mean *= _DECAY
        mean += (1 - _DECAY) * gradient
        np.square(gradient, out=gradient)
        gradient *= 1 - _SQUARE_DECAY
        square *= _SQUARE_DECAY
        square += gradient
        if not isinstance(rows, slice):  # then these are copies
            self._mean[rows], self._square[rows] = mean, square
        np.sqrt(square, out=gradient)
        gradient += _TINY
        np.divide(mean, gradient, out=gradient)
        gradient *= step
        self._weights[rows] -= gradient


def train_network(terms: csr_matrix, vectors: Any, right: Any, groups: Any, shape: Shape, start: int) -> Network:
    """Train one network.

    Args:
        terms: (messages, n), float32.
        vectors: (messages, d), float32.
        right: (messages, c), 1 where a class is right, else 0. Where several are, chance moves from the wrong ones to
            all of them alike, so that none of them swallows such messages.
        groups: (g, c), 1 where a class belongs to a group. What is learnt of one class helps the others of its group.
        shape: how it is made.
        start: of the random numbers.

    A term that is in none of the messages weighs nothing: what it began with would be noise.
    """
    chance = np.random.default_rng(start)
    shared = csr_matrix(np.vstack([np.eye(right.shape[1], dtype=np.float32), groups]))
    network = _untrained((terms.shape[1], vectors.shape[1], shape.hidden, shared.shape[0]), chance)
    sparse, dense = _Adam(network.terms), [_Adam(weights) for weights in network.dense]
    batches = _batches(len(right), shape.passes, chance)
    for number, batch in enumerate(batches, 1):
        seen, rows = _seen(terms[batch], shape.blanked, chance)
        vector = vectors[batch] * _kept(vectors[batch].shape, shape.blanked / 3, chance)
        kept = _kept((len(batch), shape.hidden), shape.left_out, chance)
        of_terms, of_dense = _gradients(network, rows, seen, vector, right[batch], kept, shared)
        step = _step(number, len(batches))
        sparse.change(of_terms, step, seen)
        for adam, gradient in zip(dense, of_dense):
            adam.change(gradient, step)
    return replace(
        network,
        terms=network.terms * (terms.getnnz(axis=0) > 0).astype(np.float32)[:, np.newaxis],
        outputs=network.outputs @ shared,
        output_offset=network.output_offset @ shared.toarray(),
    )


def _seen(terms: csr_matrix, blanked: float, chance: np.random.Generator) -> tuple[Any, csr_matrix]:
    """Which terms (k,) these messages have, and (messages, k) their weights, some of them blanked."""
    is_there = np.zeros(terms.shape[1], dtype=bool)
    is_there[terms.indices] = True
    places = np.cumsum(is_there, dtype=np.int32) - 1
    weights = terms.data * _kept(terms.data.shape, blanked, chance)
    return np.flatnonzero(is_there), csr_matrix(
        (weights, places[terms.indices], terms.indptr), shape=(terms.shape[0], int(is_there.sum()))
    )


def _kept(shape: tuple[int, ...], left_out: float, chance: np.random.Generator) -> Any:
    """0 for what is left out, and a little more than 1 for the rest, so that the sum stays."""
    return (chance.random(shape, dtype=np.float32) >= left_out) / np.float32(1 - left_out)


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
    done = number / steps
    size = _STEP * min(done / _RISING, 0.51 + 0.49 * np.cos(np.pi * max(0.0, done - _RISING) / (1 - _RISING)))
    return np.float32(size * np.sqrt(1 - _SQUARE_DECAY**number) / (1 - _DECAY**number))


def _gradients(
    network: Network, rows: Any, seen: Any, vectors: Any, right: Any, kept: Any, shared: Any
) -> tuple[Any, list[Any]]:
    units = np.maximum(rows @ network.terms[seen] + vectors @ network.vector + network.offset, 0) * kept
    chances = softmax((units @ network.outputs + network.output_offset) @ shared)
    taken = chances * right
    lacking = 1 - taken.sum(axis=1, keepdims=True)
    wanted = taken + lacking * right / right.sum(axis=1, keepdims=True)
    error = (chances - wanted) / np.float32(len(right)) @ shared.T
    back = (error @ network.outputs.T) * (units > 0) * kept
    return rows.T @ back, [vectors.T @ back, back.sum(axis=0), units.T @ error, error.sum(axis=0)]
