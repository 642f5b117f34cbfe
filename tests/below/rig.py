"""Lets one thing after the other fail while people of every channel write."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from itertools import product
from typing import Any

import aiohttp

from tests.below.faults import Fault
from tests.below.people import People, timed
from tests.below.server import Server

CHANNELS = ("rest", "web", "telegram", "sms", "voice")
LONGEST_S = 14.0  # nobody waits longer for an answer: Twilio ends a request after 15
LATE_S = 0.5  # for an emergency
ALARMS = ("emergency", "911", "emergencia")
EMERGENCY = {"en": "I feel numb between my legs and I can't pee", "es": "se me durmió la entrepierna y no puedo orinar"}
HELLO = {"en": "hello", "es": "hola"}
SAID = {
    "ordinary": {"en": "how long do i hold a hamstring stretch", "es": "cuánto mantengo el estiramiento"},
    "emergency": EMERGENCY,
    "deletion": {"en": "delete my data", "es": "borra mis datos"},
    "open alarm": {"en": "how long do i hold a hamstring stretch", "es": "cuánto mantengo el estiramiento"},
}


async def fail(server: Server, fault: Fault, times: int, chance: random.Random) -> dict[str, Any]:
    """How often somebody had no answer while it lasted, and how late emergencies were; channels and kinds of messages
    by turns, in an order that chance draws."""
    cases = [case for _, case in zip(range(times), _by_turns(chance))]
    silent, late, worst_s = Counter[str](), Counter[str](), 0.0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=120)) as client:
        people = People(server, client)
        for channel, kind, language in cases:
            say = await people.somebody(channel)
            await say(EMERGENCY[language] if kind == "open alarm" else HELLO[language])
            with fault(server):
                lasted, answer, reason = await timed(say(SAID[kind][language]), LONGEST_S)
            is_urgent = kind == "emergency"
            is_wrong = is_urgent and not any(word in answer for word in ALARMS)
            silent[f"{channel}, {kind}, {language}: {reason}"] += not answer or is_wrong
            late[f"{channel}, {language}: {lasted:.2f} s"] += is_urgent and lasted > LATE_S
            worst_s = max(worst_s, lasted if is_urgent else 0)
            await _healthy(people)
    return {
        "times": times,
        "silent": sum(silent.values()),
        "late": sum(late.values()),
        "slowest emergency s": round(worst_s, 2),
        "where": {name: count for name, count in (silent + late).items() if count},
    }


def _by_turns(chance: random.Random) -> Any:
    while True:
        cases = list(product(CHANNELS, SAID, ("en", "es")))
        chance.shuffle(cases)
        yield from cases


async def _healthy(people: People) -> None:
    """Somebody else is answered as ever, and what failed is over."""
    say = await people.somebody("rest")
    for _ in range(60):
        _, answer, _ = await timed(say("hello"), LONGEST_S)
        if answer:
            return
        await asyncio.sleep(0.5)
    raise AssertionError("the server did not come back")
