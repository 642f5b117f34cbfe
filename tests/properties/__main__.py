"""`make prove-properties`: many examples of each property, drawn by a seed. Writes benchmarks/results/properties.json.

python -m tests.properties [examples of each] [seed]
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

import structlog  # noqa: E402

from benchmarks.machine import write_result  # noqa: E402
from tests.properties.all_of_them import PROPERTIES  # noqa: E402
from tests.properties.prop import Property  # noqa: E402

_EXAMPLES, _SEED = 1000, 1


def _tried(fact: Property, examples: int, number: int) -> tuple[dict[str, Any], bool]:
    started = perf_counter()
    tried, problem = fact.hold_long(examples, number)
    if problem:
        print(f"\n{fact.name}\n{problem}")
    numbers = {"examples": tried, "failures": int(bool(problem)), "seconds": round(perf_counter() - started, 1)}
    print(f"{fact.name}: {numbers}")
    return numbers, bool(problem)


def main(examples: int = _EXAMPLES, number: int = _SEED) -> int:
    """The number of properties that failed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))  # faults are planned
    results = {fact.name: _tried(fact, examples, number) for fact in PROPERTIES}
    told = {name: numbers for name, (numbers, _) in results.items()}
    print(f"Written to {write_result('properties', {'seed': number, 'properties': told})}")
    return sum(failed for _, failed in results.values())


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
