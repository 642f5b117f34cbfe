"""A short run of `make prove-faults`; tests/below/faults.py has them all."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.below.faults import FAULTS
from tests.below.rig import fail
from tests.below.server import running

TIMES = 6


@pytest.mark.trained
async def test_whatever_fails_below_everybody_is_answered(model: Path, tmp_path: Path) -> None:
    """How late is left to `make prove-faults`, on a quiet machine."""
    with running(tmp_path) as server:
        for name, fault in FAULTS.items():
            found = await fail(server, fault, TIMES, random.Random(name))
            assert found["silent"] == 0, (name, found)
