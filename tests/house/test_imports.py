"""The import directions of the house, read from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RASA_ROOMS = {"nlu", "server", "channels", "stores", "engine", "turns"}  # rooms of spineline that may import rasa
MODULES = sorted([*ROOT.glob("spineline/**/*.py"), *ROOT.glob("actions/**/*.py")])


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield f"{node.module}"


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "spineline" and parts[1] in RASA_ROOMS else parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_inwards(path: Path) -> None:
    here = room(path)
    for name in imports(path):
        top, *rest = name.split(".")
        assert top not in ("tests", "benchmarks"), f"{path}: nothing imports {name}"
        if here == "actions":
            assert top != "rasa", f"{path}: actions run without rasa installed; use rasa_sdk"
        if here == "spineline" and path.name != "__main__.py":
            assert top not in ("rasa", "rasa_sdk", "actions"), f"{path}: the core does not know Rasa ({name})"
        if here in ("spineline", "actions") and path.name != "__main__.py" and top == "spineline" and rest:
            assert rest[0] not in RASA_ROOMS, f"{path}: the core does not import {name}"
