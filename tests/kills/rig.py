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
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
from fake_bot_api import FakeBotApi
from servers import free_port
from texting import FakeTwilio

from spineline.settings import DATABASE_FILE
from tests.kills.people import Person, RestPerson, TelegramPerson, TextPerson, WebPerson, lost_and_repeated

_KINDS: dict[str, type[Person]] = {"rest": RestPerson, "web": WebPerson, "telegram": TelegramPerson, "sms": TextPerson}
_SERVER = Path(__file__).with_name("server.py")
_STARTS_WITHIN_S = 300


async def run(folder: Path, kills: int, seed: int, people: int = 3) -> dict[str, dict[str, int]]:
    """Kill so often; what was answered, lost, stored twice, out of order or told again, of each channel."""
    api, twilio, port = FakeBotApi(), FakeTwilio(), free_port()
    command = [sys.executable, "-W", "ignore", str(_SERVER), str(port), str(folder), api.address, twilio.address]
    with (folder / "log.txt").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)  # noqa: ASYNC220
        try:
            crowd = await _talk(f"http://127.0.0.1:{port}", folder, kills, random.Random(seed), people)
        finally:
            server.terminate()
            server.wait(60)
    found = {kind: _count(kind, crowd[kind], folder) for kind in _KINDS}
    for kind, stranger in (("telegram", api), ("sms", twilio)):
        for person in crowd[kind]:
            lost, again = lost_and_repeated(person.told, person.answers(stranger))  # type: ignore[attr-defined]
            found[kind]["answers lost"] += lost
            found[kind]["answers repeated"] += again
        stranger.close()
    return found


async def _talk(base: str, folder: Path, kills: int, chance: random.Random, people: int) -> dict[str, list[Person]]:
    is_over, crowd = asyncio.Event(), dict[str, list[Person]]()
    async with aiohttp.ClientSession() as session:
        await _wait_for(base, session)
        for kind, person in _KINDS.items():
            crowd[kind] = [person(f"{kind}{at}", base, session) for at in range(people)]
        for at, one in enumerate(crowd["telegram"]):
            one.chat = 1000 + at  # type: ignore[attr-defined]
        for at, one in enumerate(crowd["sms"]):
            one.number = f"+1310556{at:04d}"  # type: ignore[attr-defined]
        talking = [asyncio.ensure_future(one.talk(is_over)) for several in crowd.values() for one in several]
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.1, 1.0))
            os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
            await _wait_for(base, session)
        is_over.set()
        await asyncio.gather(*talking)
        await _until_sent(folder)
    return crowd


async def _wait_for(base: str, session: aiohttp.ClientSession) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until:
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


def _count(kind: str, people: Sequence[Person], folder: Path) -> dict[str, int]:
    stored = _stored(folder)
    counted = {"answered": 0, "lost": 0, "stored twice": 0, "out of order": 0, "answers lost": 0}
    for person in people:
        texts = stored[person.name]
        counted["answered"] += len(person.told)
        counted["lost"] += len(set(person.told) - set(texts))
        counted["stored twice"] += len(texts) - len(set(texts))
        counted["out of order"] += sum(texts[at] < texts[at - 1] for at in range(1, len(texts)))
    again = sum(person.repeated + person.differing for person in people)
    return {**counted, "answers repeated": again}


def _stored(folder: Path) -> dict[str, list[str]]:
    """What people said, by their names, in the order of the conversation."""
    found: dict[str, list[str]] = defaultdict(list)
    query = "SELECT data FROM conversation_events WHERE type_name = 'user' ORDER BY sender_id, number"
    with closing(sqlite3.connect(folder / DATABASE_FILE, timeout=30)) as database:
        for (data,) in database.execute(query):
            text: Any = json.loads(data)["text"]
            found[text.split(" ", 1)[0]].append(text)
    return found
