"""`make prove-kills`: kill -9 under load, many times, drawn by a seed. Writes benchmarks/results/kills.json.

python -m tests.kills [kills] [seed]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from benchmarks.machine import write_result  # noqa: E402
from tests.kills.rig import run  # noqa: E402

_KILLS, _SEED = 200, 1


def main(kills: int = _KILLS, seed: int = _SEED) -> int:
    """How much went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(run(Path(folder), kills, seed))
    for kind, counted in found.items():
        print(f"{kind}: {counted}")
    write_result("kills", {"kills": kills, "seed": seed, "channels": found})
    return sum(sum(count for name, count in counted.items() if name != "answered") for counted in found.values())


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
