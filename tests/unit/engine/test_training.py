"""A model is made anew when something it was taught has changed, and only then."""

import os
import shutil
from pathlib import Path

import pytest

from spineline.content.library import ROOT
from spineline.engine.training import TAUGHT, check_sentences, is_fresh
from spineline.errors import ContentError

OLD, MADE, NEW = 1_000, 2_000, 3_000


def put(path: Path, at: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (at, at))
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """All that a model is taught, older than the model."""
    for name in TAUGHT:
        put(tmp_path / name if Path(name).suffix else tmp_path / name / "deep" / "file.yml", OLD)
    put(tmp_path / "model.tar.gz", MADE)
    return tmp_path


def test_all_that_is_taught_is_there() -> None:
    assert [name for name in TAUGHT if not (ROOT / name).exists()] == []


def test_a_model_that_is_newer_than_everything_is_fresh(checkout: Path) -> None:
    assert is_fresh(checkout / "model.tar.gz", checkout)


@pytest.mark.parametrize("name", TAUGHT)
def test_a_change_makes_it_old(checkout: Path, name: str) -> None:
    put(checkout / name if Path(name).suffix else checkout / name / "deep" / "new.yml", NEW)
    assert not is_fresh(checkout / "model.tar.gz", checkout)


def test_what_python_writes_for_itself_is_no_change(checkout: Path) -> None:
    put(checkout / "spineline" / "nlu" / "__pycache__" / "x.pyc", NEW)
    assert is_fresh(checkout / "model.tar.gz", checkout)


def test_a_model_that_is_not_there_is_not_fresh(checkout: Path) -> None:
    assert not is_fresh(checkout / "none.tar.gz", checkout)


def test_a_sentence_that_cannot_be_learnt_is_named_before_rasa_begins(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    folder = tmp_path / "data/danger"
    folder.mkdir(parents=True)
    (folder / "somebody.yml").write_text(
        "- {lang: en, flag: RF99, tier: CALL_911, text: he is gone}\n", encoding="utf-8"
    )
    with pytest.raises(ContentError, match="RF99"):
        check_sentences(tmp_path)
