"""What keeping conversations costs: `python benchmarks/kept.py`. Writes benchmarks/results/kept.json.

The server's own parts in this process, on a SQLite file. Measured: CPU of a turn whose conversation nobody has in
memory against the same turn in memory, in turn, at turns 10 and 300; how long people wait (p95) while 250,000 old
events are deleted, against before; how much longer a start takes with 100,000 stored conversations than with none.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import structlog  # noqa: E402

from benchmarks.machine import write_result  # noqa: E402

STORED = int(os.environ.get("STORED", "100000"))  # conversations
OLD_EVENTS = int(os.environ.get("OLD_EVENTS", "250000"))
PAIRS = int(os.environ.get("PAIRS", "40"))
EVENTS_EACH = 10
ASKED = ("why is a strong core good for my back", "how long do I hold a plank", "¿cómo estiro los isquiotibiales?")
OLD = datetime.now(timezone.utc) - timedelta(days=400)


def parts_in(folder: Path) -> Any:
    from spineline.server.app import build
    from spineline.settings import Settings

    return build(Settings(data_dir=folder, rate_per_session="", rate_per_address=""))


async def say(parts: Any, sender: str, number: int) -> None:
    assert await parts.turns.answer(ASKED[number % len(ASKED)], sender, "rest")


async def cold_against_warm(parts: Any, turns: int) -> float:
    """Ratio of CPU, median of pairs; each pair one after the other in a conversation of that length."""
    sender, ratios = f"rest:{turns}", list[float]()
    for number in range(turns):
        await say(parts, sender, number)
    for number in range(PAIRS):
        spent = []
        for is_cold in (number % 2 == 0, number % 2 == 1):
            if is_cold:
                parts.agent.tracker_store.drop(sender)
            begun = time.process_time()
            await say(parts, sender, 0)
            spent.append((is_cold, time.process_time() - begun))
        cost = dict(spent)
        ratios.append(cost[True] / cost[False])
    return median(ratios)


def old_rows(conversations: int) -> Iterator[list[dict[str, Any]]]:
    """Events of long ago, a conversation at a time."""
    event = {"event": "slot", "timestamp": OLD.timestamp(), "name": "x", "value": "y" * 200}
    for number in range(conversations):
        sender, data = f"rest:old{number}", json.dumps(event)
        at = OLD.timestamp()
        yield [
            {"sender_id": sender, "number": n, "type_name": "slot", "timestamp": at, "data": data}
            for n in range(EVENTS_EACH)
        ]


async def fill(database: Any, conversations: int) -> None:
    from spineline.keep.writes import Write

    rows = old_rows(conversations)
    while several := [row for _, conversation in zip(range(200), rows) for row in conversation]:
        await database.commit([Write("conversation_events", several)])


async def waits(parts: Any, until: asyncio.Event, least: int = 60) -> float:
    """p95 in ms of people who talk one after the other until then."""
    found = list[float]()
    while len(found) < least or not until.is_set():
        begun = time.perf_counter()
        await say(parts, f"rest:somebody{len(found) % 5}", len(found))
        found.append(1000 * (time.perf_counter() - begun))
        await asyncio.sleep(0.02)
    return quantiles(found, n=20)[-1]


async def purge_against_before(parts: Any) -> dict[str, float]:
    await fill(parts.turns.database, OLD_EVENTS // EVENTS_EACH)
    over = asyncio.Event()
    over.set()
    before = await waits(parts, over)
    over.clear()

    async def purge() -> None:
        await parts.turns.keeper.purge(datetime.now(timezone.utc) - timedelta(days=30))
        over.set()

    begun = time.perf_counter()
    purging = asyncio.ensure_future(purge())
    during = await waits(parts, over)
    await purging
    lasted = time.perf_counter() - begun
    return {"before_ms": before, "during_ms": during, "ratio": during / before, "purge_s": lasted}


async def start_s(folder: Path) -> float:
    """From nothing to the first answer, in this process, the model's libraries loaded already."""
    begun = time.perf_counter()
    parts = parts_in(folder)
    await say(parts, "rest:first", 0)
    lasted = time.perf_counter() - begun
    await parts.stop()
    return lasted


async def starts(folder: Path) -> dict[str, float]:
    empty, full = folder / "empty", folder / "full"
    parts = parts_in(full)
    await fill(parts.turns.database, STORED)
    await parts.stop()
    found: dict[str, list[float]] = {"empty": [], "full": []}
    for number in range(6):
        for name, where in (("empty", empty), ("full", full)):
            lasted = await start_s(where)
            if number:
                found[name].append(lasted)
    seconds = {name: round(median(times), 2) for name, times in found.items()}
    return {**seconds, "more_s": round(seconds["full"] - seconds["empty"], 2)}


async def bench(folder: Path) -> dict[str, Any]:
    parts = parts_in(folder / "turns")
    cold = {str(turns): round(await cold_against_warm(parts, turns), 2) for turns in (10, 300)}
    purge = {name: round(value, 2) for name, value in (await purge_against_before(parts)).items()}
    await parts.stop()
    return {"cold_against_warm": cold, "purge": {"events": OLD_EVENTS, **purge}, "start": await starts(folder)}


def main() -> None:
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name:
        numbers = asyncio.run(bench(Path(name)))
    print(numbers, write_result("kept", numbers), sep="\n")


if __name__ == "__main__":
    main()
