"""Sentence vectors are the same whether one process makes them or two."""

from __future__ import annotations

import numpy as np
import pytest

from spineline.nlu import encoding

TEXTS = ["how long is a plank", "¿cuánto dura la plancha?", "my back hurts", "thanks", "no puedo respirar"]


def test_two_processes_encode_like_one_and_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    one = encoding.encode(TEXTS, threads=1)
    monkeypatch.setattr(encoding, "_MANY", 2)
    monkeypatch.setattr(encoding, "cpu_count", lambda: 2)
    np.testing.assert_allclose(encoding.encode(TEXTS, threads=1), one, atol=1e-4)


def test_a_vector_is_512_numbers_and_alike_in_both_languages() -> None:
    rows = encoding.encode(TEXTS, threads=1)
    assert rows.shape == (5, 512)
    alike = rows / np.linalg.norm(rows, axis=1, keepdims=True) @ (rows[0] / np.linalg.norm(rows[0]))
    assert alike[1] > alike[3]
