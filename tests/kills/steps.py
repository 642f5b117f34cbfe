"""The steps of a turn, where a server can be cut off, slowed down, or kept from reading in time.

Two files in the server's folder say what happens: DIR/kill names the step at which it is killed, once; DIR/slow says
how long which steps take, in seconds. `unread` among them: no read that is asked for in time comes in time. DIR/killed
notes when it was killed.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from spineline.channels.messengers.courier import Courier
from spineline.channels.web.chats import Chats
from spineline.keep.database import Database
from spineline.keep.deliveries import Deliveries
from spineline.keep.spool import Spool
from spineline.turns.aside import Aside
from spineline.turns.turns import Turns

UNREAD, KILLED = "unread", "killed"
_WAYS: dict[str, tuple[type, str]] = {
    "take in": (Turns, "take_in"),
    "commit": (Database, "commit_now"),
    "spool": (Spool, "put_all"),
    "unspool": (Spool, "drop"),
    "write apart": (Aside, "write_apart"),
    "record": (Aside, "record"),
    "tell": (Turns, "_finished"),
    "hand over": (Chats, "_hand_over"),
    "send": (Courier, "_try"),
    "sent": (Deliveries, "done"),
}
STEPS = tuple(f"{when} {name}" for name in ("answer", *_WAYS) for when in ("before", "after"))


def watch(folder: Path, engine: type) -> None:
    """Let the files of this folder decide from here on."""
    for name, (owner, method) in {"answer": (engine, "answer"), **_WAYS}.items():
        setattr(owner, method, _watched(name, getattr(owner, method), folder))
    read = Database.read

    async def late(self: Database, work: Any, within_s: float | None = None) -> Any:
        if within_s and UNREAD in _slow(folder):
            raise asyncio.TimeoutError
        return await read(self, work, within_s)

    Database.read = late  # type: ignore[method-assign, assignment]


def _watched(name: str, act: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    @wraps(act)
    async def later(*given: Any, **named: Any) -> Any:
        await asyncio.sleep(_arrived(f"before {name}", folder))
        found = await act(*given, **named)
        await asyncio.sleep(_arrived(f"after {name}", folder))
        return found

    @wraps(act)
    def at_once(*given: Any, **named: Any) -> Any:
        time.sleep(_arrived(f"before {name}", folder))
        found = act(*given, **named)
        time.sleep(_arrived(f"after {name}", folder))
        return found

    return later if iscoroutinefunction(act) else at_once


def _arrived(step: str, folder: Path) -> float:
    """How long this step takes; the end, when it is the one."""
    kill = folder / "kill"
    if kill.is_file() and kill.read_text() == step:
        kill.unlink()
        with (folder / KILLED).open("a") as killed:
            print(time.time(), file=killed)
        os.kill(os.getpid(), signal.SIGKILL)
    return float(_slow(folder).get(step, 0))


def _slow(folder: Path) -> dict[str, float]:
    slow = folder / "slow"
    return json.loads(slow.read_text()) if slow.is_file() else {}  # type: ignore[no-any-return]
