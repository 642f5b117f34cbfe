"""Classifiers that judge the same features and whose chances are averaged. No Rasa here.

Small networks that differ only in where they started, and where wanted a logistic regression: what one of them learnt
by accident, the others outvote. Their numbers are kept as plain arrays, so that a message costs two products of
matrices. What it won: docs/decisions/0010-committee.md
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from spineline.nlu.network import Network, Shape, softmax, train_network
from spineline.nlu.rarity import all_weighed, rarity, weighed

_INVERSE_REGULARISATION = 0.3  # of the logistic regression
_ITERATIONS = 60  # of it: 200 took three times as long for the same 83.2 % of held-out sentences
_VECTOR_WEIGHT, _TERM_WEIGHT = 5.0, 7.0  # both are of length 1 before; networks learn slowly from small numbers


@dataclass(frozen=True)
class Members:
    """Who sits in a committee.

    Attributes:
        networks: how many.
        shape: of each network.
        regression: whether a logistic regression votes too.
    """

    networks: int = 3
    shape: Shape = field(default_factory=Shape)
    regression: bool = True


@dataclass(frozen=True)
class Committee:
    """The trained classifiers side by side.

    Attributes:
        classes: (c,) the names that can be chosen.
        rarity: (n,) how much a rare term counts more than a common one.
        terms: (n, w) weights of the terms; w = c for a regression + the hidden units of all networks.
            In half precision: they are most of the memory, and each is multiplied only once.
        vector: (d, w) weights of the sentence vector.
        offset: (w,) what is added to both.
        outputs: (networks, hidden, c) and `output_offset` (networks, c): from the hidden units to the classes.
    """

    classes: Any
    rarity: Any
    terms: Any
    vector: Any
    offset: Any
    outputs: Any
    output_offset: Any

    def chances(self, counts: csr_matrix, vector: Any | None) -> Any:
        """How likely each class is.

        Args:
            counts: (1, n) how often one message has each term.
            vector: (d,) its sentence vector; None for a message without text.

        Returns:
            (c,) numbers from 0 to 1 that add up to 1, in the order of `classes`.
        """
        scaled = weighed(counts.data, self.rarity[counts.indices]) * np.float32(_TERM_WEIGHT)
        first = scaled @ self.terms[counts.indices].astype(np.float32) + self.offset
        if vector is not None:
            first += (vector * np.float32(_VECTOR_WEIGHT)) @ self.vector
        direct = first[: len(first) - self.outputs.shape[0] * self.outputs.shape[1]]
        hidden = np.maximum(first[len(direct) :], 0).reshape(len(self.outputs), 1, -1)
        networks = (hidden @ self.outputs)[:, 0] + self.output_offset
        return softmax(np.vstack([direct, networks]) if len(direct) else networks).mean(axis=0)

    def as_arrays(self) -> dict[str, Any]:
        """What `Committee(**arrays)` needs; numbers and names only."""
        return asdict(self)


def train_committee(
    counts: csr_matrix,
    vectors: Any,
    names: list[Collection[str]],
    members: Members,
    tell: Callable[[str], None],
) -> Committee:
    """Train all members, two at a time, in processes of their own: threads would wait for each other.

    Args:
        counts: (messages, n) how often each has each term.
        vectors: (messages, d) sentence vectors.
        names: the right classes of each message; one for a regression.
        members: who sits in it.
        tell: is given a line of progress now and then.
    """
    rare = rarity(counts)
    terms = (all_weighed(counts, rare) * np.float32(_TERM_WEIGHT)).tocsr()
    dense = (vectors * _VECTOR_WEIGHT).astype(np.float32)
    classes = np.array(sorted({name for right in names for name in right}), dtype=str)
    tell(f"{len(names)} sentences, {terms.shape[1] + dense.shape[1]} features, {len(classes)} classes ...")
    right, groups = _as_rows(names, classes), _groups(classes)
    starts = range(members.networks)
    work = [delayed(train_network)(terms, dense, right, groups, members.shape, start) for start in starts]
    regression = [delayed(_train_regression)(terms, dense, right.argmax(axis=1))] if members.regression else []
    trained = Parallel(n_jobs=2)([*regression, *work])
    return _committee(classes, rare, trained[len(regression) :], trained[: len(regression)])


def _as_rows(names: list[Collection[str]], classes: Any) -> Any:
    """(messages, c), 1 where a class is right."""
    at = {str(name): place for place, name in enumerate(classes)}
    rows = np.zeros((len(names), len(classes)), dtype=np.uint8)
    for row, right in zip(rows, names):
        row[[at[name] for name in right]] = 1
    return rows


def _groups(classes: Any) -> Any:
    """(g, c), 1 where a class belongs to a group: "plank/how_long" to "plank/" and to "/how_long"."""
    halves = [{f"{card}/", f"/{kind}"} if kind else set() for card, _, kind in (str(c).partition("/") for c in classes)]
    names = sorted(set().union(*halves))
    return np.array([[name in half for half in halves] for name in names], dtype=np.float32).reshape(-1, len(classes))


def _train_regression(terms: csr_matrix, vectors: Any, right: Any) -> tuple[Any, Any]:
    features = hstack([terms, csr_matrix(vectors)]).tocsr()
    trained = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=_ITERATIONS).fit(features, right)
    return trained.coef_.T, trained.intercept_


def _committee(classes: Any, rare: Any, networks: list[Network], regressions: list[tuple[Any, Any]]) -> Committee:
    width = len(rare)
    return Committee(
        classes=classes,
        rarity=rare,
        terms=np.hstack([*(w[:width] for w, _ in regressions), *(n.terms for n in networks)]).astype(np.float16),
        vector=np.hstack([*(w[width:] for w, _ in regressions), *(n.vector for n in networks)]).astype(np.float32),
        offset=np.hstack([*(o for _, o in regressions), *(n.offset for n in networks)]).astype(np.float32),
        outputs=np.ascontiguousarray(np.stack([n.outputs for n in networks])),
        output_offset=np.stack([n.output_offset for n in networks]),
    )
