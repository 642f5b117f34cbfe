"""What one abuser costs everybody else: `python benchmarks/abuse.py`. Writes benchmarks/results/abuse.json.

A server of its own on loopback, as behind a reverse proxy that is trusted. Three people talk quietly from three
addresses while one address misbehaves in one way after the other; quiet times lie between, so that the machine's own
moods cancel out; ROUNDS times, and the middle counts. Then all kinds at once for a minute. The goal: no p95 is more
than twice the quiet one, and the server holds at most 50 MB more afterwards.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.machine import write_result  # noqa: E402

TOKEN = os.environ.get("TOKEN") or secrets.token_hex(16)
ABUSER = "203.0.113.66"
SECONDS = float(os.environ.get("SECONDS_EACH", "15"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
ALL_AT_ONCE_S = 60.0
GOAL, GOAL_MB = 2.0, 50
PEOPLE = 3
PAUSE_S = 0.25
QUESTIONS = (
    "how long do I hold a hamstring stretch",
    "why is a strong core good for my back",
    "¿cuántas veces hago la plancha?",
    "is ice or heat better for a sore back",
    "what is your phone number",
)

Attack = Callable[[aiohttp.ClientSession, int, float], Awaitable[int]]


def _headers(address: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": address}


async def _post(client: aiohttp.ClientSession, address: str, body: bytes, path: str = "/webhooks/rest/webhook") -> int:
    async with client.post(path, data=body, headers=_headers(address)) as answer:
        await answer.read()
        return answer.status


def _message(sender: str, text: str) -> bytes:
    return json.dumps({"sender": sender, "message": text}).encode()


async def _person(client: aiohttp.ClientSession, number: int, until: float) -> list[float]:
    """One quiet person; a new conversation now and then, as the limit for one conversation is the same for all."""
    times, asked = list[float](), 0
    while time.monotonic() < until:
        sender, started = f"person-{number}-{asked // 20}-{until:.0f}", time.perf_counter()
        status = await _post(client, f"198.51.100.{number}", _message(sender, QUESTIONS[asked % len(QUESTIONS)]))
        if status != 200:
            raise RuntimeError(f"a quiet person was answered {status}")
        times.append(time.perf_counter() - started)
        asked += 1
        await asyncio.sleep(PAUSE_S)
    return times


async def _repeat(work: Callable[[int], Awaitable[Any]], clients: int, until: float) -> int:
    """As fast as `clients` can; how often."""
    done = 0

    async def one(number: int) -> None:
        nonlocal done
        while time.monotonic() < until:
            with suppress(aiohttp.ClientError, OSError, asyncio.TimeoutError):
                await work(number)
            done += 1
            await asyncio.sleep(0.005)

    await asyncio.gather(*(one(number) for number in range(clients)))
    return done


async def _flood(client: aiohttp.ClientSession, port: int, until: float) -> int:
    return await _repeat(lambda n: _post(client, ABUSER, _message("flood", "my back hurts")), 8, until)


async def _sessions(client: aiohttp.ClientSession, port: int, until: float) -> int:
    """10,000 different conversations, or as many as fit in the time."""
    numbers = iter(range(10_000))

    async def next_one(_: int) -> None:
        number = next(numbers, None)
        if number is not None:
            await _post(client, ABUSER, _message(f"s{number}", "hello"))

    return min(await _repeat(next_one, 8, until), 10_000)


async def _large(client: aiohttp.ClientSession, port: int, until: float) -> int:
    body = _message("large", "pain numb leg " * 75_000)
    return await _repeat(lambda n: _post(client, ABUSER, body), 4, until)


async def _long(client: aiohttp.ClientSession, port: int, until: float) -> int:
    """Just small enough to be read."""
    body = _message("long", "pain numb leg " * 4_000)
    return await _repeat(lambda n: _post(client, ABUSER, body), 4, until)


async def _deep(client: aiohttp.ClientSession, port: int, until: float) -> int:
    return await _repeat(lambda n: _post(client, ABUSER, b"[" * 60_000), 4, until)


async def _slow(client: aiohttp.ClientSession, port: int, until: float) -> int:
    """300 connections that send a byte now and then and never finish."""
    lines = []
    for _ in range(300):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
            lines.append(writer)
    while time.monotonic() < until:
        for writer in lines:
            with suppress(OSError):
                writer.write(b" ")
        await asyncio.sleep(1)
    for writer in lines:
        writer.close()
    return len(lines)


async def _frames(client: aiohttp.ClientSession, port: int, until: float) -> int:
    """Websockets that bring frames as fast as they are taken, and begin again when they are sent away."""
    headers = {"Origin": f"http://127.0.0.1:{port}", "X-Forwarded-For": ABUSER}

    async def flood(_: int) -> None:
        async with client.post("/webhooks/web/session", json={"consent": True}, headers=headers) as answer:
            session = (await answer.json()).get("session", "")
        async with client.ws_connect("/webhooks/web/socket", headers=headers) as line:
            await line.send_json({"session": session, "since": 0})
            while not line.closed and time.monotonic() < until:
                await line.send_str("{}")

    return await _repeat(flood, 8, until)


async def _impatient(client: aiohttp.ClientSession, port: int, until: float) -> int:
    """Thousands of requests on one line that wait for no answer."""
    request = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n" * 5_000

    async def send(_: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        await reader.read()
        writer.close()

    return await _repeat(send, 8, until)


ATTACKS: dict[str, Attack] = {
    "flood of one conversation": _flood,
    "10,000 conversations": _sessions,
    "1 MB bodies": _large,
    "56 kB texts": _long,
    "60,000 brackets": _deep,
    "300 slow connections": _slow,
    "floods of frames": _frames,
    "requests without end": _impatient,
}


async def _abuse(attack: str, port: int, seconds: float) -> int:
    """Another process misbehaves, at the lowest priority: a real abuser does not use the server's processor."""
    command = ["nice", "-n", "19", sys.executable, __file__, attack, str(port), str(seconds)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, env={**os.environ, "TOKEN": TOKEN})
    output, _ = await process.communicate()
    return int(output)


async def _attack(name: str, port: int, seconds: float) -> None:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        print(await ATTACKS[name](client, port, time.monotonic() + seconds))


async def _under(
    attacks: Sequence[str], client: aiohttp.ClientSession, port: int, seconds: float = SECONDS
) -> dict[str, Any]:
    abusers = [asyncio.ensure_future(_abuse(attack, port, seconds)) for attack in attacks]
    await asyncio.sleep(2)
    until = time.monotonic() + seconds - 1
    times = await asyncio.gather(*(_person(client, number, until) for number in range(PEOPLE)))
    tried = sum(await asyncio.gather(*abusers))
    ms = sorted(1000 * t for person in times for t in person)
    return {"p50_ms": statistics.median(ms), "p95_ms": ms[int(0.95 * len(ms))], "answers": len(ms), "tried": tried}


async def _round(client: aiohttp.ClientSession, port: int, pid: int) -> dict[str, dict[str, Any]]:
    """Each attack between two quiet times, and what the server holds more after it."""
    found = dict[str, dict[str, Any]]()
    before, held_mb = await _under((), client, port), _memory_mb(pid)
    for name in ATTACKS:
        attacked, after = await _under((name,), client, port), await _under((), client, port)
        quiet = statistics.mean((before["p95_ms"], after["p95_ms"]))
        found[name] = {**attacked, "quiet_p95_ms": quiet, "p95_ratio": attacked["p95_ms"] / quiet}
        found[name]["grown_mb"] = _memory_mb(pid) - held_mb
        print(f"{name}: {found[name]}", flush=True)
        before, held_mb = after, _memory_mb(pid)
    return found


async def measure(port: int, pid: int) -> dict[str, Any]:
    """All rounds, then all attacks at once."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        await _under((), client, port)  # warms up
        before_mb = _memory_mb(pid)
        rounds = [await _round(client, port, pid) for _ in range(ROUNDS)]
        after_mb, quiet = _memory_mb(pid), await _under((), client, port)
        crowd = await _under(tuple(ATTACKS), client, port, ALL_AT_ONCE_S)
        await _under((), client, port)
    middle = {name: _middle([one[name] for one in rounds]) for name in ATTACKS}
    return {
        "grown_mb": after_mb - before_mb,
        "attacks": middle,
        "all_at_once": {
            **crowd,
            "seconds": ALL_AT_ONCE_S,
            "p95_ratio": crowd["p95_ms"] / quiet["p95_ms"],
            "grown_mb": _memory_mb(pid) - after_mb,
        },
    }


def _middle(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The middle of each number, and the ratio of every round."""
    numbers = {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
    return {**numbers, "p95_ratios": [round(one["p95_ratio"], 2) for one in rounds]}


def _serve(port: int, folder: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PORT": str(port),
        "DATA_DIR": folder,
        "REST_TOKEN": TOKEN,
        "TRUSTED_PROXIES": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-W", "ignore", "-m", "spineline", "serve"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def _memory_mb(pid: int) -> int:
    """What the server holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


async def _until_ready(port: int) -> None:
    async with aiohttp.ClientSession() as client:
        for _ in range(240):
            with suppress(aiohttp.ClientError):
                async with client.get(f"http://127.0.0.1:{port}/health/live") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(1)
    raise RuntimeError("the server did not start")


async def _main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        server = _serve(port, folder)
        try:
            await _until_ready(port)
            load = os.getloadavg()[0]
            found = await measure(port, server.pid)
        finally:
            server.terminate()
            server.wait(20)
    worst = max(row["p95_ratio"] for row in found["attacks"].values())
    about = {"goal_ratio": GOAL, "goal_mb": GOAL_MB, "load_at_begin": load, "rounds": ROUNDS, "seconds_each": SECONDS}
    print(write_result("abuse", _rounded({**about, "worst_ratio": worst, **found})))


def _rounded(numbers: Any) -> Any:
    if isinstance(numbers, dict):
        return {name: _rounded(one) for name, one in numbers.items()}
    return round(numbers, 2) if isinstance(numbers, float) else numbers


if __name__ == "__main__":
    asyncio.run(_attack(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])) if len(sys.argv) > 1 else _main())
