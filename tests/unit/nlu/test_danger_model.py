"""The net: what it learns of tiers and flags, and that it survives being kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from spineline.nlu.danger_model import NO_DANGER, DangerModel, train_danger_model

DANGER = ["my chest is crushed", "she turned blue", "he fell and lies still", "no puedo respirar", "se puso morada"]
ORDINARY = ["how long is a plank", "thanks a lot", "cuánto dura la plancha", "where do i park", "gracias"]
TEXTS = [f"{text} {word}" for text in (*DANGER, *ORDINARY) for word in ("now", "ok", "hoy", "well", "so")]
IS_DANGER = [text.startswith(tuple(DANGER)) for text in TEXTS]
TIERS = [
    ("ED_NOW" if "fell" in text else "CALL_911") if danger else NO_DANGER for text, danger in zip(TEXTS, IS_DANGER)
]
FLAGS = [
    ("RF01" if "chest" in text else "RF06" if "fell" in text else "RF07") if danger else None
    for text, danger in zip(TEXTS, IS_DANGER)
]
COUNTER = CountVectorizer(analyzer="char_wb", ngram_range=(1, 3)).fit(TEXTS)


def vectors(texts: list[str]) -> np.ndarray:
    """(m, 8), each of length 1: the same for the same text."""
    rows = np.array([[(hash_of(text) >> place) % 7 + 1 for place in range(0, 24, 3)] for text in texts], np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def hash_of(text: str) -> int:
    return sum(ord(letter) * (at + 1) ** 3 for at, letter in enumerate(text))


@pytest.fixture(scope="module")
def model() -> DangerModel:
    return train_danger_model(COUNTER.transform(TEXTS).tocsr(), vectors(TEXTS), TIERS, FLAGS, range(len(TEXTS)))


def chance(text: str, model: DangerModel) -> float:
    counts: csr_matrix = COUNTER.transform([text]).tocsr()
    return sum(model.chances(counts, vectors([text])[0]).values())


def test_danger_is_likelier_than_what_is_ordinary(model: DangerModel) -> None:
    assert min(chance(f"{text} now", model) for text in DANGER) > max(chance(f"{text} now", model) for text in ORDINARY)


def test_a_chance_is_a_number_from_0_to_1_even_for_no_words(model: DangerModel) -> None:
    assert 0 <= chance("", model) <= 1
    assert 0 <= chance("zzz qqq", model) <= 1


def test_it_tells_how_urgent_an_emergency_is(model: DangerModel) -> None:
    counts: csr_matrix = COUNTER.transform(["he fell and lies still ok"]).tocsr()
    chances = model.chances(counts, vectors(["he fell and lies still ok"])[0])
    assert set(chances) == {"CALL_911", "ED_NOW"}
    assert chances["ED_NOW"] > chances["CALL_911"]


def test_flags_come_with_chances_the_likeliest_first(model: DangerModel) -> None:
    likely = model.likely(vectors([TEXTS[0]])[0])
    assert {flag for flag, _ in likely} == {"RF01", "RF06", "RF07"}
    assert sum(share for _, share in likely) == pytest.approx(1)
    assert likely[0][1] >= likely[1][1]


def test_it_survives_being_written_and_read(model: DangerModel, tmp_path: Path) -> None:
    np.savez(tmp_path / "danger.npz", **model.as_arrays())
    with np.load(tmp_path / "danger.npz") as arrays:
        again = DangerModel.of_arrays(arrays)
    assert [chance(text, again) for text in TEXTS] == [chance(text, model) for text in TEXTS]
