"""Questions with the answers that are right: tests/answers/<language>.yml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spineline.text.yaml_file import read_yaml


@dataclass(frozen=True)
class Expected:
    """A question, and the answers that are right: "plank/how_long"; none where nothing here answers it."""

    text: str
    language: str
    answers: tuple[str, ...]


def load_expected(folder: Path) -> Iterator[Expected]:
    """Every question of the folder."""
    for path in sorted(folder.glob("*.yml")):
        for row in read_yaml(path):
            yield Expected(row["question"], path.stem, tuple(row["answers"]))
