"""A rare term counts more than a common one, and the length of a message does not matter."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer

from spineline.nlu.rarity import all_weighed, rarity, weighed

COUNTS = csr_matrix(np.array([[1, 0, 2], [1, 3, 0], [1, 0, 0], [0, 0, 0]]))


def test_weights_are_those_of_scikit_learn() -> None:
    theirs = TfidfTransformer(sublinear_tf=True).fit_transform(COUNTS).toarray()
    assert all_weighed(COUNTS, rarity(COUNTS)).toarray() == pytest.approx(theirs, abs=1e-6)


def test_one_message_weighs_what_it_weighs_among_others() -> None:
    rare, row = rarity(COUNTS), COUNTS[1]
    assert weighed(row.data, rare[row.indices]) == pytest.approx(all_weighed(COUNTS, rare)[1].data)


def test_a_message_without_terms_weighs_nothing() -> None:
    assert weighed(np.array([]), np.array([])).size == 0
