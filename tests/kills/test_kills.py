"""A short run of `make prove-kills`."""

from __future__ import annotations

from pathlib import Path

from tests.kills.rig import run


async def test_kill_9_under_load_loses_nothing_and_stores_nothing_twice(tmp_path: Path) -> None:
    found = await run(tmp_path, kills=4, seed=7, people=1)
    for kind, counted in found.items():
        assert counted.pop("answered") > 0, kind
        counted.pop("answers repeated")  # by a messenger, at most once for each person and kill
        assert not any(counted.values()), (kind, counted)
