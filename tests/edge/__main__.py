"""`make prove-edge`: many examples for each route, and of raw bytes. Writes benchmarks/results/edge.json.

python -m tests.edge [examples of each] [seed]
"""

from __future__ import annotations

import logging
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

import structlog  # noqa: E402
from hypothesis import HealthCheck, seed, settings  # noqa: E402

from benchmarks.machine import write_result  # noqa: E402
from spineline.content.library import load_content  # noqa: E402
from tests.edge import raw, routes  # noqa: E402
from tests.edge.served import Served, served  # noqa: E402

_EXAMPLES, _SEED = 500, 1
_RAW = 10  # times as many examples of raw bytes, which are quick


def _tried(name: str, tries: Callable[[], None], examples: int, number: int, seen: Counter[int]) -> dict[str, Any]:
    started, many, failures = perf_counter(), settings(max_examples=examples, deadline=None, database=None), 0
    try:
        seed(number)(settings(many, suppress_health_check=list(HealthCheck))(tries))()
    except Exception as problem:
        failures = 1
        print(f"\n{name}\n{problem}")
    answers = {str(status): count for status, count in sorted(seen.items())}
    told = {"answers": answers, "failures": failures, "seconds": round(perf_counter() - started, 1)}
    print(f"{name}: {told}", flush=True)
    return told


def _all(server: Served, examples: int, number: int) -> dict[str, dict[str, Any]]:
    told = {}
    for name, operation in routes.operations(server).items():
        seen = Counter[int]()
        told[name] = _tried(name, routes.tries(server, operation, seen), examples, number, seen)
    seen = Counter[int]()
    told["raw bytes"] = _tried("raw bytes", raw.tries(server, seen), _RAW * examples, number, seen)
    return told


def main(examples: int = _EXAMPLES, number: int = _SEED) -> int:
    """How many properties failed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder, served(load_content(ROOT, "spine_institute"), Path(folder)) as server:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = _all(server, examples, number)
        grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        assert server.answers_somebody_else()
        left = len(server.edge.server_state.connections)
    result = {"seed": number, "examples": examples, "lines_left": left, "grown_mb": grown_mb, "properties": told}
    print(f"Written to {write_result('edge', result)}")
    return sum(numbers["failures"] for numbers in told.values())


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
