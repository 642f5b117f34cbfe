"""How fast Spineline is beside Rasa's starter bot: `make bench`. Linux only (it reads /proc).

All servers run all the time; in each round each of them is measured once, in turn, by the same client. The result is
the median over the rounds of the ratios within a round, in benchmarks/results/load.json.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.bots import Bot, make_bots  # noqa: E402
from benchmarks.client import Run, grow, measure, memory_mb, wait_until_up  # noqa: E402
from benchmarks.machine import write_result  # noqa: E402

STARTER = [["hello", "not very good", "yes", "bye"], ["hi", "i am great", "are you a bot?", "goodbye"]]
QUIET = [
    ["hello", "why is the core important", "how long should I hold a plank", "thanks, bye"],
    ["hi", "what mistakes do people make at the gym", "is ice or heat better for my back", "thank you"],
]
MIXED = [
    *QUIET,
    ["hola", "¿cómo estiro los isquiotibiales?", "¿y cuánto tiempo?", "gracias"],
    ["my low back aches since the weekend", "8", "no", "what should i do tonight"],
    ["do you take my insurance and where are you", "asdf qwer", "can a person call me", "ok"],
]
LIMITS = {  # server, compared with, number, clients, at least (or at most) that ratio
    "memory against init": ("spineline_memory", "init_memory", "per_s", 32, ">=", 5),
    "sqlite against init": ("spineline_sqlite", "init_memory", "per_s", 32, ">=", 4.5),
    "sqlite against init on sqlite": ("spineline_sqlite", "init_sqlite", "per_s", 32, ">=", 4),
    "memory against init with actions": ("spineline_memory", "init_actions", "per_s", 32, ">=", 7),
    "sqlite against init with actions": ("spineline_sqlite", "init_actions", "per_s", 32, ">=", 4),
    "cpu against init": ("spineline_memory", "init_memory", "cpu", 32, "<=", 0.19),
}
Rounds = list[dict[str, Run]]


def is_answer(replies: list[dict[str, Any]]) -> bool:
    """Words, and not the text that stands in for an answer."""
    cards = [reply.get("metadata", {}).get("card") for reply in replies]
    return bool(replies) and all(reply.get("text") for reply in replies) and "safe_text" not in cards


async def compare(bots: Sequence[Bot], pids: dict[str, list[int]], rounds: int, messages: int) -> dict[str, Rounds]:
    found: dict[str, Rounds] = {}
    for number in range(rounds + 1):
        for clients, kind, said in ((1, "quiet", QUIET), (32, "quiet", QUIET), (32, "mixed", MIXED)):
            runs = {}
            for bot in bots:
                theirs = said if bot.name.startswith("spineline") else STARTER
                runs[bot.name] = await measure(bot.url, pids[bot.name], theirs, messages, clients, is_answer)
            if number:  # the first round warms up
                found.setdefault(f"{clients} {kind}", []).append(runs)
                print(number, clients, kind, {name: round(run.per_s, 1) for name, run in runs.items()}, flush=True)
    return found


def medians(rounds: Rounds) -> dict[str, dict[str, float]]:
    return {
        name: {key: round(median(asdict(r[name])[key] for r in rounds), 2) for key in asdict(run)}
        for name, run in rounds[0].items()
    }


def ratios(found: dict[str, Rounds]) -> dict[str, Any]:
    """Every limit of LIMITS with what was measured, for quiet and mixed conversations."""
    results = {}
    for title, (name, base, key, clients, sign, limit) in LIMITS.items():
        for kind in ("quiet", "mixed"):
            pairs = [getattr(r[name], key) / getattr(r[base], key) for r in found[f"{clients} {kind}"]]
            met = median(pairs) >= limit if sign == ">=" else median(pairs) <= limit
            spread = [round(min(pairs), 2), round(max(pairs), 2)]
            results[f"{title}, {kind}"] = {
                "median": round(median(pairs), 2), "range": spread, "wanted": f"{sign} {limit}", "met": met
            }  # fmt: skip
    return results


async def bench(bots: Sequence[Bot], pids: dict[str, list[int]], rounds: int, messages: int) -> dict[str, Any]:
    for bot in bots:
        await wait_until_up(bot.url)
    resting = {bot.name: memory_mb(pids[bot.name]) for bot in bots}
    found = await compare(bots, pids, rounds, messages)
    long = {bot.name: await grow(bot.url, QUIET[0], 300) for bot in bots if bot.name.startswith("spineline")}
    return {
        "rounds": rounds,
        "messages_per_run": messages,
        "ratios": ratios(found),
        "p99 against p50, 1 client": {n: round(v["p99"] / v["p50"], 2) for n, v in medians(found["1 quiet"]).items()},
        "medians": {kind: medians(found[kind]) for kind in found},
        "memory_mb": {"after start": resting, "at the end": {bot.name: memory_mb(pids[bot.name]) for bot in bots}},
        "one long conversation, ms": long,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=192, help="in each measurement")
    parser.add_argument("--bots", type=Path, help="a folder that keeps the trained starter bots")
    parser.add_argument("--only", nargs="*", help="names of servers, to try things out; writes no result")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bots = [bot for bot in make_bots(options.bots or Path(folder)) if not options.only or bot.name in options.only]
        processes = {bot.name: bot.start() for bot in bots}
        try:
            pids = {name: [process.pid for process in started] for name, started in processes.items()}
            if options.only:
                print({k: medians(v) for k, v in asyncio.run(_try(bots, pids, options)).items()})
                return
            numbers = asyncio.run(bench(bots, pids, options.rounds, options.messages))
        finally:
            stop([process for started in processes.values() for process in started])
    print(numbers["ratios"], write_result("load", numbers), sep="\n")


async def _try(bots: Sequence[Bot], pids: dict[str, list[int]], options: argparse.Namespace) -> dict[str, Rounds]:
    for bot in bots:
        await wait_until_up(bot.url)
    return await compare(bots, pids, options.rounds, options.messages)


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    main()
