"""What a message costs on each channel beside REST: `python benchmarks/channels.py`, to results/channels.json.

One server as `make run` starts it, with an account for every channel; the same conversations go to each in turn, by
one client on a kept-alive connection, and the server's own CPU time is counted. Everything that belongs to a
conversation counts: beginning the website's session, the greeting of a call, and on Telegram every message until our
stand-in for Telegram has it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.bots import ENVIRONMENT, Bot  # noqa: E402
from benchmarks.client import Run, measure, wait_until_up  # noqa: E402
from benchmarks.load import QUIET, stop  # noqa: E402
from benchmarks.machine import write_result  # noqa: E402
from benchmarks.peers import ACCOUNTS, Calls, Channel, Rest, TelegramChats, Texts, Website, telegram  # noqa: E402
from spineline.environment import current_content  # noqa: E402

PORT, TELEGRAM_PORT = 5451, 5452
ROUNDS = int(os.environ.get("ROUNDS", "25"))
MESSAGES = 100
MOST = 1.3
Rounds = list[dict[str, Run]]


def server(folder: Path) -> Bot:
    peer = {"TELEGRAM_API": f"http://127.0.0.1:{TELEGRAM_PORT}"}
    environment = {"DATA_DIR": str(folder), "PORT": str(PORT), **ACCOUNTS, **peer}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.serve", "sqlite"]
    return Bot("spineline_sqlite", PORT, ROOT, [command], environment)


def is_answer(replies: list[dict[str, Any]]) -> bool:
    """Words, and not the text that stands in for an answer, as it is written or said."""
    failed = current_content().line("safe_text", "en").partition(",")[0]
    return bool(replies) and not any(failed in reply["text"] for reply in replies)


async def compare(channels: Sequence[Channel], pids: list[int]) -> Rounds:
    found = []
    for number in range(ROUNDS + 1):
        first = number % len(channels)
        runs = {}
        for channel in (*channels[first:], *channels[:first]):
            runs[channel.name] = await measure(channel.url, pids, QUIET, MESSAGES, 1, is_answer, channel.ask)
        if number:  # the first round warms up
            found.append(runs)
            print(number, {name: round(run.cpu, 2) for name, run in sorted(runs.items())}, flush=True)
    return found


def against_rest(found: Rounds, name: str) -> dict[str, Any]:
    pairs = [runs[name].cpu / runs["rest"].cpu for runs in found]
    spread = [round(min(pairs), 2), round(max(pairs), 2)]
    middle = round(median(pairs), 2)
    return {"median": middle, "range": spread, "wanted": f"<= {MOST}", "met": middle <= MOST}


def medians(found: Rounds, name: str) -> dict[str, float]:
    return {key: round(median(asdict(runs[name])[key] for runs in found), 2) for key in ("cpu", "p50", "p95", "wrong")}


async def bench(bot: Bot, pids: list[int], data: Path) -> dict[str, Any]:
    base = f"http://127.0.0.1:{PORT}"
    channels = [
        Rest(base),
        Website(base),
        TelegramChats(base, data / "spineline.db"),
        Texts(base, "sms"),
        Texts(base, "whatsapp"),
        Calls(base),
    ]
    await wait_until_up(bot.url)
    async with telegram(TELEGRAM_PORT):
        found = await compare(channels, pids)
    return {
        "rounds": ROUNDS,
        "messages_per_run": MESSAGES,
        "cpu against rest": {c.name: against_rest(found, c.name) for c in channels if c.name != "rest"},
        "medians, ms": {channel.name: medians(found, channel.name) for channel in channels},
    }


def main() -> None:
    os.environ.update(ENVIRONMENT)
    with tempfile.TemporaryDirectory() as name:
        bot = server(Path(name))
        processes = bot.start()
        try:
            numbers = asyncio.run(bench(bot, [process.pid for process in processes], Path(name)))
        finally:
            stop(processes)
    print(json.dumps(numbers, indent=1), write_result("channels", numbers), sep="\n")


if __name__ == "__main__":
    main()
