"""No test depends on how fast or how busy the machine is: time is measured in benchmarks/, not asserted in tests."""

import ast
from collections.abc import Iterator

import pytest

from spineline.content.library import ROOT

CLOCKS = {"perf_counter", "process_time", "thread_time", "perf_counter_ns", "process_time_ns", "monotonic_ns"}
SHORTEST_S = 30  # for whatever a test waits for, so that a busy machine does not miss it
WAITS = {"timeout", "deadline_s"}


def faults(source: str) -> Iterator[str]:
    """What in a test depends on the speed of the machine."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            yield f"line {node.lineno}: {node.attr} measures; that belongs into benchmarks/"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and "monotonic" in ast.unparse(node.left):
            yield f"line {node.lineno}: a time is measured; that belongs into benchmarks/"
        if isinstance(node, ast.keyword) and node.arg in WAITS and _is_short(node.value):
            yield f"line {node.value.lineno}: {node.arg} is short; say by a name of patience.py what for"
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("wait_for")
            and any(map(_is_short, node.args[1:]))
        ):
            yield f"line {node.lineno}: wait_for waits a short time; use patience.without_hanging"


def _is_short(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, (int, float)) and value.value < SHORTEST_S


def test_nothing_waits_too_short_or_measures() -> None:
    files = (path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts)
    read = {str(path.relative_to(ROOT)): list(faults(path.read_text(encoding="utf8"))) for path in files}
    assert not {name: found for name, found in read.items() if found}


@pytest.mark.parametrize(
    "source",
    [
        "assert time.perf_counter() - began < 2",
        "assert time.monotonic() - began < 2",
        "make_turns(content, deadline_s=0.2)",
        "urlopen(url, timeout=5)",
        "asyncio.wait_for(answer, 2)",
    ],
)
def test_the_check_catches_what_it_is_for(source: str) -> None:
    assert list(faults(source))


@pytest.mark.parametrize("source", ["urlopen(url, timeout=60)", "make_turns(content, deadline_s=SHORT_S)"])
def test_it_leaves_alone_what_waits_long_or_says_what_for(source: str) -> None:
    assert not list(faults(source))
