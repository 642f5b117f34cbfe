"""A short run of what `make prove-kills` does at each step of a turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kills.cut import SLOW, cut

EVERY = 5  # so that each step is met in one way or another


@pytest.mark.parametrize("slow", SLOW)
async def test_whoever_is_cut_off_anywhere_is_answered_and_stored_once(slow: str, tmp_path: Path) -> None:
    found, cuts = await cut(tmp_path, slow, list(SLOW).index(slow), EVERY)
    assert len(cuts) > 10
    for counted in found.values():
        assert counted.pop("answered") > 0
        counted.pop("answers repeated")  # by a messenger, at most once for each kill
    assert not any(any(counted.values()) for counted in found.values()), (found, cuts)
