"""YAML files are read as their editors expect, and errors say which file and which line."""

from pathlib import Path

import pytest

from spineline.errors import ContentError
from spineline.text.yaml_file import did_you_mean, read_yaml


def written(folder: Path, text: str) -> Path:
    path = folder / "card.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "y", "n", "On", "NO"])
def test_words_that_older_yaml_takes_for_booleans_stay_words(word: str, tmp_path: Path) -> None:
    assert read_yaml(written(tmp_path, f"{word}: {word}")) == {word: word}


@pytest.mark.parametrize(("word", "value"), [("true", True), ("false", False)])
def test_true_and_false_are_booleans(word: str, value: bool, tmp_path: Path) -> None:
    assert read_yaml(written(tmp_path, f"call: {word}")) == {"call": value}


def test_spanish_letters_are_read(tmp_path: Path) -> None:
    assert read_yaml(written(tmp_path, "es: ¿Cuántas señales?")) == {"es": "¿Cuántas señales?"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere\.yml: this file is missing"):
        read_yaml(tmp_path / "nowhere.yml")


def test_broken_yaml_is_reported_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"card\.yml: not readable as YAML: (.|\n)*line 2"):
        read_yaml(written(tmp_path, "title: ok\nen: [never closed\n"))


def test_a_file_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "latin.yml"
    path.write_bytes("es: señal".encode("latin-1"))
    with pytest.raises(ContentError, match=r"latin\.yml: not readable"):
        read_yaml(path)


def test_code_in_a_file_is_not_run(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        read_yaml(written(tmp_path, "en: !!python/object/apply:os.getcwd []"))


@pytest.mark.parametrize(
    ("word", "hint"), [("buttns", " Did you mean 'buttons'?"), ("zzz", "")], ids=["close", "nothing close"]
)
def test_the_closest_known_word_is_suggested(word: str, hint: str) -> None:
    assert did_you_mean(word, ["buttons", "sources"]) == hint
