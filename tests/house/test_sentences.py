"""Training and held-out sentences: enough of them, none twice, none in both."""

import re
from pathlib import Path

import pytest

from spineline.text.yaml_file import read_yaml

ROOT = Path(__file__).parents[2]
FEWEST = {"en": 60, "es": 30}
FEWEST_SMALL_TALK = {"en": 30, "es": 15}
TRAINING = sorted((ROOT / "data/nlu").glob("*/*.yml"))
HELD_OUT = sorted((ROOT / "tests/nlu").glob("*/*.yml"))


def training(path: Path) -> list[str]:
    (entry,) = read_yaml(path)["nlu"]
    assert entry["intent"] == path.stem, f"{path}: the file name is the intent"
    return [line[2:].strip() for line in entry["examples"].splitlines() if line.startswith("- ")]


def held_out(path: Path) -> list[str]:
    data = read_yaml(path)
    assert data["intent"] == path.stem, f"{path}: the file name is the intent"
    return [s if isinstance(s, str) else s["text"] for s in data["sentences"]]


def norm(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


@pytest.mark.parametrize("path", TRAINING, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_there_are_enough_training_sentences(path: Path) -> None:
    fewest = FEWEST if path.stem.startswith(("ask_", "report_")) else FEWEST_SMALL_TALK
    assert len(training(path)) >= fewest[path.parent.name]


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_there_are_enough_held_out_sentences(path: Path) -> None:
    assert len(held_out(path)) >= 12


def test_no_sentence_is_taught_twice() -> None:
    seen: dict[str, Path] = {}
    for path in TRAINING:
        for sentence in training(path):
            other = seen.setdefault(norm(sentence), path)
            assert other is path or not norm(sentence), f"{path}: '{sentence}' also stands in {other}"


def test_no_held_out_sentence_is_taught() -> None:
    taught = {norm(sentence) for path in TRAINING for sentence in training(path)}
    both = [f"{path}: {s}" for path in HELD_OUT for s in held_out(path) if norm(s) in taught]
    assert not both, "remove them from one side:\n" + "\n".join(both)


def test_sentences_carry_no_entity_marks() -> None:
    for path in TRAINING:
        marked = [s for s in training(path) if re.search(r"\]\s*[({]", s)]
        assert not marked, f"{path}: the ruler finds entities, remove the marks from {marked[:3]}"
