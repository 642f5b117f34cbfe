"""What a message is made of, and that our count of it is scikit-learn's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from sklearn.feature_extraction.text import CountVectorizer

from spineline.nlu.terms import SentenceTerms

TAUGHT = ["how long should i hold a plank", "¿cuánto tiempo aguanto la plancha?", "ice or heat"]


CONFIG = {**SentenceTerms.get_default_config(), "analyzer": "char_wb", "max_ngram": 4}


@pytest.fixture(scope="module")
def vectorizer() -> CountVectorizer:
    vectorizer: CountVectorizer = SentenceTerms._create_independent_vocab_vectorizers(CONFIG)[TEXT]
    return vectorizer.fit(TAUGHT)


def test_sequences_words_and_pairs_are_terms(vectorizer: CountVectorizer) -> None:
    assert {"pla", "=plank", "=a plank", "=cuanto tiempo"} <= set(vectorizer.vocabulary_)
    assert "=ice heat" not in vectorizer.vocabulary_


@pytest.mark.parametrize("text", [*TAUGHT, "Plank plank PLANK", "ñandú", "x", "what is this"])
def test_counts_are_those_of_scikit_learn(text: str, vectorizer: CountVectorizer, tmp_path: Path) -> None:
    context = ExecutionContext(GraphSchema({}))
    terms = SentenceTerms(CONFIG, LocalModelStorage(tmp_path), Resource("n"), context, {TEXT: vectorizer})
    counts, theirs = terms._counts(text.split()), vectorizer.transform([" ".join(text.split())])
    assert counts.shape == theirs.shape
    assert np.array_equal(counts.indices, theirs.indices)
    assert np.array_equal(counts.data, theirs.data)
