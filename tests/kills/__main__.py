"""`make prove-kills`: kill -9 under load, many times, drawn by a seed, and at each step of a turn. Writes
benchmarks/results/kills.json.

python -m tests.kills [kills] [seed]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from benchmarks.machine import write_result  # noqa: E402
from tests.kills.cut import SLOW, cut  # noqa: E402
from tests.kills.rig import run  # noqa: E402

_KILLS, _SEED = 200, 1
_NO_FAULT = ("answered", "answers repeated")  # what is told again beyond what a kill explains is counted apart

Found = dict[str, dict[str, int]]


def _under_load(kills: int, seed: int) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(Path(folder), kills, seed))


def _at_each_step() -> dict[str, Any]:
    found = {}
    for slow in SLOW:
        with tempfile.TemporaryDirectory() as folder:
            channels, cuts = asyncio.run(cut(Path(folder), slow))
        found[slow] = {"kills": len(cuts), "channels": channels}
        print(f"{slow}: {found[slow]}", flush=True)
    return found


def main(kills: int = _KILLS, seed: int = _SEED) -> int:
    """How much went wrong."""
    found = _under_load(kills, seed)
    for kind, counted in found.items():
        print(f"{kind}: {counted}", flush=True)
    steps = _at_each_step()
    write_result("kills", {"kills": kills, "seed": seed, "channels": found, "at each step": steps})
    return sum(map(_faults, [found, *(one["channels"] for one in steps.values())]))


def _faults(found: Found) -> int:
    return sum(count for counted in found.values() for name, count in counted.items() if name not in _NO_FAULT)


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
