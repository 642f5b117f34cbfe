"""The four classifiers behind the intent, on features small enough to see through."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spineline.nlu.committee import Committee, Members, train_committee


@pytest.fixture(scope="module")
def committee() -> Committee:
    """Class a has the first n-gram and the first direction, b the second, c both directions at once."""
    rows = [([3, 0], [1, 0], "a"), ([0, 1], [0, 1], "b"), ([1, 1], [0.7, 0.7], "c")] * 200
    counts, vectors, names = zip(*rows)
    told: list[str] = []
    dense = np.array(vectors, np.float32)
    trained = train_committee(csr_matrix(np.array(counts)), dense, [[name] for name in names], Members(), told.append)
    assert told == ["600 sentences, 4 features, 3 classes ..."]
    return trained


def chances(committee: Committee, counts: list[int], vector: list[float] | None) -> dict[str, float]:
    dense = None if vector is None else np.array(vector, np.float32)
    return dict(zip(committee.classes, committee.chances(csr_matrix([counts]), dense)))


def test_each_class_is_found_where_it_was_taught(committee: Committee) -> None:
    taught = {"a": ([3, 0], [1.0, 0.0]), "b": ([0, 1], [0.0, 1.0]), "c": ([1, 1], [0.7, 0.7])}
    for name, (counts, vector) in taught.items():
        found = chances(committee, counts, vector)
        assert max(found, key=found.__getitem__) == name
        assert found[name] > 0.6


def test_chances_add_up_to_one(committee: Committee) -> None:
    assert sum(chances(committee, [1, 0], [0.3, 0.9]).values()) == pytest.approx(1, abs=1e-5)


def test_twice_the_text_is_no_other_text(committee: Committee) -> None:
    once, twice = chances(committee, [1, 1], [0.7, 0.7]), chances(committee, [2, 2], [0.7, 0.7])
    assert once == pytest.approx(twice, abs=1e-6)


def test_without_text_there_is_still_an_answer(committee: Committee) -> None:
    assert sum(chances(committee, [0, 0], None).values()) == pytest.approx(1, abs=1e-5)


def test_it_survives_being_written_and_read(committee: Committee, tmp_path: Path) -> None:
    np.savez(tmp_path / "committee.npz", **committee.as_arrays())
    with np.load(tmp_path / "committee.npz") as arrays:
        again = Committee(**arrays)
    assert chances(again, [3, 0], [1.0, 0.0]) == chances(committee, [3, 0], [1.0, 0.0])
