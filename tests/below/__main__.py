"""`make prove-faults`: what lies below a server fails, while people of every channel write: benchmarks/results/.

python -m tests.below [times] [seed] [words of faults ...]
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from stores import empty_postgresql  # noqa: E402

from benchmarks.machine import write_result  # noqa: E402
from tests.below.faults import FAULTS, OF_POSTGRESQL, Fault  # noqa: E402
from tests.below.rig import fail  # noqa: E402
from tests.below.server import running  # noqa: E402

_TIMES, _SEED = 100, 1


def prove(faults: Mapping[str, Fault], postgresql: str | None, times: int, seed: int) -> dict[str, Any]:
    """Each of these faults, one after the other, on one server."""
    found = dict[str, Any]()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), postgresql) as server:
        for name, fault in faults.items():
            found[name] = asyncio.run(fail(server, fault, times, random.Random(seed)))
            print(f"{name}: {found[name]}", flush=True)
    return found


def main(times: int = _TIMES, seed: int = _SEED, *words: str) -> int:
    """How many were not answered, or late."""
    some = {name: fault for name, fault in FAULTS.items() if not words or any(word in name for word in words)}
    others = {name: fault for name, fault in OF_POSTGRESQL.items() if not words or any(word in name for word in words)}
    before = round(os.getloadavg()[0], 1)  # of others too: what is late on a busy machine need not be on a quiet one
    found = prove(some, None, times, seed) if some else {}
    if others and os.environ.get("TEST_POSTGRESQL"):
        found |= prove(others, empty_postgresql(), times, seed)
    if not words:
        write_result("faults", {"seed": seed, "load": [before, round(os.getloadavg()[0], 1)], "faults": found})
    return sum(row["silent"] + row["late"] for row in found.values())


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:3]), *sys.argv[3:])))
