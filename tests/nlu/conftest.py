from __future__ import annotations

from pathlib import Path

import pytest
from understood import Reader


@pytest.fixture(scope="session")
def reader(model: Path) -> Reader:
    return Reader(model)
