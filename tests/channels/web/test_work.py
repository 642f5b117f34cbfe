"""How much of our own code one message on the website runs, in calls: the same on every machine."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from spineline.content.library import ROOT

pytestmark = pytest.mark.trained
MOST_CALLS = {"question": 890, "pain": 1380, "alarm": 1010}  # with some forty that the clock wakes meanwhile

MOST_FOLDS = {"question": 4, "pain": 4, "alarm": 2}  # once for danger, once for all else, and the joined tokens


@pytest.fixture(scope="module")
def counted(model: object) -> dict[str, dict[str, int]]:
    command = [sys.executable, "-W", "ignore", "benchmarks/calls.py", "only"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("kind", MOST_CALLS)
def test_a_text_is_folded_no_more_often_than_need_be(kind: str, counted: dict[str, dict[str, int]]) -> None:
    assert counted[kind]["folds"] <= MOST_FOLDS[kind]


@pytest.mark.parametrize("kind", MOST_CALLS)
def test_danger_is_judged_once(kind: str, counted: dict[str, dict[str, int]]) -> None:
    assert counted[kind]["judgements"] == 1


@pytest.mark.parametrize("kind", MOST_CALLS)
def test_no_more_of_our_functions_are_called_than_need_be(kind: str, counted: dict[str, dict[str, int]]) -> None:
    assert counted[kind]["calls"] <= MOST_CALLS[kind]
