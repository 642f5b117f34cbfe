"""How much the terms of a message count: by how often it has each and how rare that is. No Rasa here."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize


def rarity(counts: csr_matrix) -> Any:
    """(n,) log((1 + m) / (1 + messages that have it)) + 1, scikit-learn's smooth inverse document frequency.

    Args:
        counts: (m, n) how often each message has each term.
    """
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + having)) + 1).astype(np.float32)


def weighed(seen: Any, rare: Any) -> Any:
    """(k,) the weights of the terms that a message has, as a vector of length 1.

    Args:
        seen: (k,) how often it has each.
        rare: (k,) their rarity.
    """
    weights = (1 + np.log(seen, dtype=np.float32)) * rare
    return weights / (np.linalg.norm(weights) or np.float32(1))


def all_weighed(counts: csr_matrix, rare: Any) -> csr_matrix:
    """(m, n) the same for many messages; `counts` (m, n), `rare` (n,)."""
    weights = counts.astype(np.float32)
    weights.data = (1 + np.log(weights.data)) * rare[weights.indices]
    return normalize(weights).tocsr()
