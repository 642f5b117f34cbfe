"""Our count of character n-grams is scikit-learn's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from sklearn.feature_extraction.text import CountVectorizer

from spineline.nlu.ngrams import SentenceNgrams

TAUGHT = ["how long should i hold a plank", "¿cuánto tiempo aguanto la plancha?", "ice or heat"]


@pytest.fixture(scope="module")
def vectorizer() -> CountVectorizer:
    return CountVectorizer(analyzer="char_wb", ngram_range=(1, 4)).fit(TAUGHT)


@pytest.mark.parametrize("text", [*TAUGHT, "Plank plank PLANK", "ñandú", "x", "what is this"])
def test_counts_are_those_of_scikit_learn(text: str, vectorizer: CountVectorizer, tmp_path: Path) -> None:
    config = {**SentenceNgrams.get_default_config(), "analyzer": "char_wb"}
    context = ExecutionContext(GraphSchema({}))
    ngrams = SentenceNgrams(config, LocalModelStorage(tmp_path), Resource("n"), context, {TEXT: vectorizer})
    counts, theirs = ngrams._counts(text.split()), vectorizer.transform([" ".join(text.split())])
    assert counts.shape == theirs.shape
    assert np.array_equal(counts.indices, theirs.indices)
    assert np.array_equal(counts.data, theirs.data)
