"""What one abuser costs everybody else: `python benchmarks/abuse.py`. Writes benchmarks/results/abuse.json.

A server of its own on loopback, as behind a reverse proxy that is trusted. Three people talk quietly from three
addresses while one address misbehaves in one way after the other; quiet times lie between, so that the machine's own
moods cancel out. The goal: nobody's p95 is more than twice the quiet one, and the server holds at most 50 MB more
afterwards.
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
from collections.abc import Awaitable, Callable
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


async def _abuse(attack: str, port: int) -> int:
    """Another process misbehaves, at the lowest priority: a real abuser does not use the server's processor."""
    command = ["nice", "-n", "19", sys.executable, __file__, attack, str(port)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, env={**os.environ, "TOKEN": TOKEN})
    output, _ = await process.communicate()
    return int(output)


async def _attack(name: str, port: int) -> None:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        print(await ATTACKS[name](client, port, time.monotonic() + SECONDS))


async def _under(attack: str | None, client: aiohttp.ClientSession, port: int) -> dict[str, Any]:
    abuser = asyncio.ensure_future(_abuse(attack, port)) if attack else None
    await asyncio.sleep(2)
    until = time.monotonic() + SECONDS - 1
    times = await asyncio.gather(*(_person(client, number, until) for number in range(PEOPLE)))
    tried = await abuser if abuser else 0
    ms = sorted(1000 * t for person in times for t in person)
    return {"p50_ms": statistics.median(ms), "p95_ms": ms[int(0.95 * len(ms))], "answers": len(ms), "tried": tried}


async def measure(port: int) -> dict[str, Any]:
    """Each attack between two quiet times."""
    found = dict[str, Any]()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        await _under(None, client, port)
        before = await _under(None, client, port)
        for name in ATTACKS:
            attacked, after = await _under(name, client, port), await _under(None, client, port)
            quiet = statistics.mean((before["p95_ms"], after["p95_ms"]))
            found[name] = {**attacked, "quiet_p95_ms": quiet, "p95_ratio": attacked["p95_ms"] / quiet}
            print(f"{name}: p95 {attacked['p95_ms']:.0f} ms, quiet {quiet:.0f}, {attacked['tried']} tries", flush=True)
            before = after
    return found


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
            before = _memory_mb(server.pid)
            attacks = await measure(port)
            grown_mb = _memory_mb(server.pid) - before
        finally:
            server.terminate()
            server.wait(20)
    rounded = {name: {key: round(value, 2) for key, value in row.items()} for name, row in attacks.items()}
    worst = max(row["p95_ratio"] for row in rounded.values())
    goals = {"goal_ratio": GOAL, "goal_mb": GOAL_MB}
    result: dict[str, Any] = {**goals, "worst_ratio": worst, "seconds_each": SECONDS, "grown_mb": grown_mb}
    result["attacks"] = rounded
    print(write_result("abuse", result))


if __name__ == "__main__":
    asyncio.run(_attack(sys.argv[1], int(sys.argv[2])) if len(sys.argv) > 1 else _main())
