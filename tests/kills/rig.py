"""Kills a server again and again under load, and counts what became of every message."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
from servers import free_port

from spineline.settings import DATABASE_FILE
from tests.kills.people import (
    BotLine,
    Caller,
    Person,
    RestPerson,
    TelegramPerson,
    TextLine,
    TextPerson,
    WebPerson,
    beyond,
    lost,
    repeated,
)
from tests.kills.steps import KILLED

KINDS: dict[str, type[Person]] = {
    "rest": RestPerson,
    "web": WebPerson,
    "telegram": TelegramPerson,
    "sms": TextPerson,
    "voice": Caller,
}
BEYOND = "repeated beyond one for each kill"  # of a person; on the website and for programs, any
_SERVER = Path(__file__).with_name("server.py")
_STARTS_WITHIN_S = 300


class Rig:
    """A server that comes back when it is killed, and people of every channel who talk to it."""

    def __init__(self, folder: Path, base: str, session: aiohttp.ClientSession, people: int) -> None:
        self.folder, self.base, self._session = folder, base, session
        self.crowd = {
            kind: [person(f"{kind}{at}", base, session, at) for at in range(people)] for kind, person in KINDS.items()
        }

    async def until_up(self, server: subprocess.Popen[bytes] | None = None) -> None:
        """It answers, perhaps again."""
        await _wait_for(self.base, self._session, server)


@asynccontextmanager
async def served(folder: Path, people: int) -> AsyncIterator[tuple[Rig, dict[str, dict[str, int]]]]:
    """A server for a while; when it is over, the numbers say what was answered, lost, stored twice, out of order or
    told again, and how much of that no kill explains, of each channel."""
    api, twilio, port = BotLine(), TextLine(), free_port()
    command = [sys.executable, "-W", "ignore", str(_SERVER), str(port), str(folder), api.address, twilio.address]
    found: dict[str, dict[str, int]] = {}
    with (folder / "log.txt").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)  # noqa: ASYNC220
        try:
            async with aiohttp.ClientSession() as session:
                rig = Rig(folder, f"http://127.0.0.1:{port}", session, people)
                await rig.until_up(server)
                yield rig, found
                await _until_sent(folder)
        finally:
            server.terminate()
            server.wait(60)
    found |= {kind: _count(several, folder) for kind, several in rig.crowd.items()}
    for kind, stranger in (("telegram", api), ("sms", twilio)):
        for person in rig.crowd[kind]:
            answers = person.answers(stranger)  # type: ignore[attr-defined]
            again = repeated(person, answers)
            found[kind]["answers lost"] += lost(person, answers)
            found[kind]["answers repeated"] += len(again)
            found[kind][BEYOND] += beyond(again, _kills(folder))
        stranger.close()


async def run(folder: Path, kills: int, seed: int, people: int = 3) -> dict[str, dict[str, int]]:
    """Kill so often, at any moment, while everybody talks."""
    is_over, chance = asyncio.Event(), random.Random(seed)
    async with served(folder, people) as (rig, found):
        talking = [asyncio.ensure_future(one.talk(is_over)) for several in rig.crowd.values() for one in several]
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.1, 1.0))
            with (folder / KILLED).open("a") as killed:
                print(time.time(), file=killed)
            os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
            await rig.until_up()
        is_over.set()
        await asyncio.gather(*talking)
    return found


async def _wait_for(base: str, session: aiohttp.ClientSession, server: subprocess.Popen[bytes] | None) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until and not (server and server.poll()):
        try:
            async with session.get(f"{base}/health/live", timeout=aiohttp.ClientTimeout(total=2)) as answer:
                if answer.status == 200:
                    return
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            pass
        await asyncio.sleep(0.02)
    raise AssertionError("the server did not come up")


async def _until_sent(folder: Path) -> None:
    """What waits for a messenger is given to it."""
    for _ in range(600):
        with closing(sqlite3.connect(folder / DATABASE_FILE, timeout=30)) as database:
            if database.execute("SELECT 1 FROM outgoing").fetchone() is None:
                break
        await asyncio.sleep(0.1)
    await asyncio.sleep(3)  # what was said on the disk is stored


def _count(people: Sequence[Person], folder: Path) -> dict[str, int]:
    stored = _stored(folder)
    counted = {"answered": 0, "lost": 0, "stored twice": 0, "out of order": 0, "answers lost": 0}
    for person in people:
        texts = stored[person.name]
        counted["answered"] += len(person.told)
        counted["lost"] += len(set(person.told) - set(texts))
        counted["stored twice"] += len(texts) - len(set(texts))
        counted["out of order"] += sum(texts[at] < texts[at - 1] for at in range(1, len(texts)))
    again = sum(person.repeated + person.differing for person in people)
    return {**counted, "answers repeated": again, BEYOND: again}


def _kills(folder: Path) -> list[float]:
    """When the server was killed, in seconds since 1970."""
    killed = folder / KILLED
    return [float(at) for at in killed.read_text().split()] if killed.is_file() else []


def _stored(folder: Path) -> dict[str, list[str]]:
    """What people said, by their names, in the order of the conversation."""
    found: dict[str, list[str]] = defaultdict(list)
    query = "SELECT data FROM conversation_events WHERE type_name = 'user' ORDER BY sender_id, number"
    with closing(sqlite3.connect(folder / DATABASE_FILE, timeout=30)) as database:
        for (data,) in database.execute(query):
            text: Any = json.loads(data)["text"]
            found[text.split(" ", 1)[0]].append(text)
    return found
