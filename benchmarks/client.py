"""People who talk to a server over its REST channel, and what that costs the server."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import aiohttp

Replies = list[dict[str, Any]]
IsAnswer = Callable[[Replies], bool]
Ask = Callable[[aiohttp.ClientSession, str, str, str], Awaitable[Replies]]  # url, sender and text in
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """One measurement. Times are in ms and for each message; `wrong` counts messages without a real answer."""

    per_s: float
    cpu: float
    p50: float
    p95: float
    p99: float
    wrong: int


async def ask(session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Replies:
    """One message and its answers; none when the server says anything but 200."""
    async with session.post(url, json={"sender": sender, "message": text}) as response:
        return await response.json() if response.status == 200 else []


async def measure(
    url: str,
    pids: Sequence[int],
    said: Sequence[Sequence[str]],
    messages: int,
    clients: int,
    is_answer: IsAnswer,
    ask: Ask = ask,
) -> Run:
    """Let `clients` people at once say `messages` in all; each conversation of `said` is a new person."""
    times: list[float] = []
    wrong = 0
    todo = iter(range(messages))

    async def person(session: aiohttp.ClientSession, first: int) -> None:
        nonlocal wrong
        conversation = first
        while True:
            sender = uuid.uuid4().hex
            for text in said[conversation % len(said)]:
                if next(todo, None) is None:
                    return
                started = perf_counter()
                wrong += not is_answer(await ask(session, url, sender, text))
                times.append((perf_counter() - started) * 1000)
            conversation += 1

    async with connected() as session:
        cpu, started = cpu_seconds(pids), perf_counter()
        await asyncio.gather(*(person(session, n) for n in range(clients)))
        seconds, cpu = perf_counter() - started, cpu_seconds(pids) - cpu
    return Run(len(times) / seconds, cpu * 1000 / len(times), *percentiles(times), wrong)


async def grow(url: str, said: Sequence[str], turns: int) -> dict[str, float]:
    """Median ms of a turn early and late in one conversation."""
    times = []
    async with connected() as session:
        sender = uuid.uuid4().hex
        for turn in range(turns):
            started = perf_counter()
            await ask(session, url, sender, said[turn % len(said)])
            times.append((perf_counter() - started) * 1000)
    around = len(said)
    early, late = median(times[10 - around // 2 : 10 + around - around // 2]), median(times[-around:])
    return {"turn_10": round(early, 2), f"turn_{turns}": round(late, 2), "ratio": round(late / early, 2)}


def connected() -> aiohttp.ClientSession:
    """Kept-alive connections, as many as there are people."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60))


async def wait_until_up(url: str, longest_s: float = 600) -> None:
    """Until a first message is answered."""
    async with connected() as session:
        for _ in range(int(longest_s)):
            try:
                if await ask(session, url, uuid.uuid4().hex, "hello"):
                    return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(1)
    raise TimeoutError(f"{url} does not answer.")


def percentiles(times: Iterable[float]) -> list[float]:
    """The 50th, 95th and 99th."""
    ordered = sorted(times)
    return [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99)]


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of processes."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(f[11]) + int(f[12]) for f in fields) / TICKS


def memory_mb(pids: Iterable[int]) -> float:
    """Resident memory of processes."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)
