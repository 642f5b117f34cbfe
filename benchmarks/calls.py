"""How much of our own code one message runs: `python benchmarks/calls.py`. Writes benchmarks/results/calls.json.

The whole server in this process, asked as the website's script does. Counted are calls of
functions of `spineline/` and `actions/` that have a name, a generator once; how often a text is folded (a raw reading
and a reading for danger are two); how often danger is judged. A count is the same on every machine.
`python benchmarks/calls.py only` writes nothing; `SHOW=1` lists the functions on stderr, the most called first.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median_high
from types import FrameType
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402

from benchmarks.machine import write_result  # noqa: E402
from benchmarks.setup import free_port  # noqa: E402

if TYPE_CHECKING:
    from spineline.settings import Settings

OURS = tuple(f"{ROOT}/{folder}/" for folder in ("spineline", "actions"))
BEFORE = ("hello", "how long should I hold a plank?", "¿qué hago si me duele el cuello?")
ASKED = {
    "question": (
        "why do people say a strong core protects the spine",
        "how many days a week is it good to train",
        "is it better to put ice or something warm on it",
        "¿cómo se hace bien una sentadilla?",
        "¿a qué hora abren los sábados?",
    ),
    "pain": ("my lower back has been aching for two weeks",),
    "alarm": ("since this morning my legs are numb and I can't pee",),
}
UNANSWERED = ("safe_text", "busy", "too_fast", "not_understood_first", "not_understood_again")
ONCE = {"folds": "text/letters.py:_folded", "judgements": "danger/rules.py:assess"}
Calls = Counter[str]


class Counting:
    """Counts the calls of our own functions while it is entered; of folds those of the text that is said."""

    def __init__(self, said: str) -> None:
        self._said, self.calls = said, Calls()

    def __enter__(self) -> Calls:
        sys.setprofile(self._count)
        return self.calls

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _count(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        is_new = event == "call" and frame.f_lasti < 0  # later ones are a generator that goes on
        if is_new and code.co_name[0] != "<" and code.co_filename.startswith(OURS):
            name = code.co_filename.removeprefix(f"{ROOT}/").removeprefix("spineline/")
            if code.co_name != "_folded" or frame.f_locals.get("text") == self._said:
                self.calls[f"{name}:{code.co_name}"] += 1


class Chat:
    """One session of the website, on the line that its script opens."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line, self._said = line, 0

    async def say(self, text: str) -> str:
        """Say something and wait for the whole answer; the card of its last message."""
        self._said += 1
        await self._line.send_json({"id": f"{self._said:08}", "text": text})
        while not (event := await self._line.receive_json()).get("last"):
            pass
        return str(event["reply"].get("card"))


@asynccontextmanager
async def begun(client: aiohttp.ClientSession, address: str) -> AsyncIterator[Chat]:
    """A chat in which something was said already."""
    headers = {"Origin": address}
    async with client.post("/webhooks/web/session", json={"consent": True}, headers=headers) as answer:
        session = (await answer.json())["session"]
    async with client.ws_connect("/webhooks/web/socket", headers=headers) as line:
        await line.send_json({"session": session, "since": 0})
        await line.receive_json()
        chat = Chat(line)
        for said in BEFORE:
            await chat.say(said)
        yield chat


async def count(settings: Settings) -> dict[str, list[Calls]]:
    """The calls of each message of each kind, in a conversation of its own that has begun."""
    from spineline.server.app import create_app
    from spineline.server.edge import Edge

    found: dict[str, list[Calls]] = {kind: [] for kind in ASKED}
    ready = asyncio.Event()
    edge = Edge(create_app(settings), settings, ready.set)
    serving = asyncio.ensure_future(edge.serve())
    await ready.wait()
    async with aiohttp.ClientSession(address := f"http://{settings.host}:{settings.port}") as client:
        said = [(kind, text) for kind, texts in ASKED.items() for text in texts]
        for number, (kind, text) in enumerate(said * 2):
            async with begun(client, address) as chat:
                with Counting(text) as calls:
                    card = await chat.say(text)
                    await asyncio.sleep(0.2)
            assert card not in UNANSWERED, f"{card} was answered to {text!r}"
            if number >= len(said):  # what is made of content, once in a process, was made in the first round
                found[kind].append(calls)
    edge.should_exit = True
    await serving
    return found


def told(found: list[Calls]) -> dict[str, int]:
    """For the message in the middle."""
    counts = {"calls": [sum(calls.values()) for calls in found]}
    counts |= {name: [calls[of] for calls in found] for name, of in ONCE.items()}
    return {name: median_high(count) for name, count in counts.items()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, PORT=str(free_port()), RATE_PER_SESSION="0", RATE_PER_ADDRESS="0")
        from spineline.environment import calm_libraries, settings_of_environment

        calm_libraries()
        from spineline.turns.logs import configure_logs

        settings = settings_of_environment()
        configure_logs(settings.log_level)
        found = asyncio.run(count(settings))
    numbers = {kind: told(calls) for kind, calls in found.items()}
    if os.environ.get("SHOW"):
        for kind, (*_, calls) in found.items():
            print(kind, *(f"{number:5} {name}" for name, number in calls.most_common()), sep="\n", file=sys.stderr)
    print(json.dumps(numbers))
    if sys.argv[1:] != ["only"]:
        print(write_result("calls", numbers))


if __name__ == "__main__":
    main()
