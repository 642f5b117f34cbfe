"""A network on features small enough to see through: clear messages, and such that may be of several classes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spineline.nlu.network import Network, Shape, softmax, train_network

SHAPE = Shape(hidden=24, passes=20, left_out=0.0)
NO_GROUPS = np.zeros((0, 3), np.float32)


def chances(network: Network, terms: list[float], vector: list[float]) -> Any:
    units = np.maximum(np.array([terms]) @ network.terms + np.array([vector]) @ network.vector + network.offset, 0)
    return softmax(units @ network.outputs + network.output_offset)[0]


def train(
    rows: list[tuple[list[float], list[float], list[int]]], shape: Shape = SHAPE, groups: Any = NO_GROUPS
) -> Network:
    terms, vectors, right = (np.array(part * 150, np.float32) for part in map(list, zip(*rows)))
    return train_network(csr_matrix(terms), vectors, right.astype(np.uint8), groups, shape, start=0)


CLEAR = [([6, 0], [5, 0], [1, 0, 0]), ([0, 6], [0, 5], [0, 1, 0]), ([6, 0], [0, 5], [0, 0, 1])]


@pytest.mark.parametrize("left_out", [0.0, 0.3])
@pytest.mark.parametrize("groups", [NO_GROUPS, np.array([[1, 1, 0], [0, 0, 1]], np.float32)], ids=["apart", "grouped"])
def test_it_learns_from_both_parts_of_a_message(left_out: float, groups: Any) -> None:
    network = train(CLEAR, replace(SHAPE, left_out=left_out, blanked=left_out / 3), groups)
    for terms, vector, right in CLEAR:
        assert chances(network, terms, vector).argmax() == right.index(1)


def test_a_message_of_one_of_two_classes_teaches_that_it_is_not_the_third() -> None:
    unclear = ([3, 3], [5, 5], [1, 1, 0])
    network = train([*CLEAR, unclear])
    first, second, third = chances(network, unclear[0], unclear[1])
    assert first + second > 0.9 > 0.1 > third


def test_the_same_start_gives_the_same_network() -> None:
    one, other = train(CLEAR), train(CLEAR)
    assert np.array_equal(one.terms, other.terms)


def test_chances_add_up_to_one_in_each_row() -> None:
    assert softmax(np.array([[1.0, 2.0], [900.0, 0.0]])).sum(axis=1) == pytest.approx([1, 1])


def test_an_n_gram_that_was_never_seen_weighs_nothing() -> None:
    wide = [([*terms, 0], vector, right) for terms, vector, right in CLEAR]
    weights = train(wide).terms
    assert not weights[2].any()
    assert weights[:2].any()
