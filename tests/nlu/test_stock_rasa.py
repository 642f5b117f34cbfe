"""Spineline without TensorFlow understands and answers as stock Rasa does with it, to the last digit."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from spineline.content.library import ROOT
from spineline.text.yaml_file import read_yaml

pytestmark = pytest.mark.trained

STOCK = ROOT / ".venv-stock/bin/python"
# Intents whose answers do not depend on the time of day; both languages, danger included.
INTENTS = "affirm ask_core ask_crunches ask_lifting ask_soothing greet out_of_scope report_mild_pain report_red_flag"


def sentences() -> list[str]:
    """The first five held-out sentences of each intent and language."""
    files = [ROOT / "tests/nlu" / language / f"{intent}.yml" for language in ("en", "es") for intent in INTENTS.split()]
    entries = [entry for file in files for entry in read_yaml(file)["sentences"][:5]]
    return [entry if isinstance(entry, str) else entry["text"] for entry in entries]


def answers_of(python: str, model: Path) -> dict[str, Any]:
    command = [python, "-W", "ignore", str(Path(__file__).with_name("answers_of.py")), str(model)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input="\n".join(sentences()), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_answers_are_those_of_stock_rasa(model: Path) -> None:
    if not STOCK.exists():
        pytest.skip("Stock Rasa is not there to compare with: `make .venv-stock/stamp` installs it beside ours.")
    if "tensorflow" in importlib.metadata.packages_distributions():
        pytest.skip("TensorFlow is installed here (`make stock-rasa`): there is only one way to compare.")
    ours, stock = answers_of(sys.executable, model), answers_of(str(STOCK), model)
    assert (ours.pop("tensorflow"), stock.pop("tensorflow")) == (None, "2.12.0")
    assert len(ours["understood"]) == len(ours["answered"]) == len(sentences()) > 80
    assert all(ours["answered"])
    assert ours == stock
