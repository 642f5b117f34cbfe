"""Kills a server at each step of a turn, before and after it, while all is fast, and while parts are slow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from tests.kills.rig import KINDS, Rig, served
from tests.kills.steps import STEPS, UNREAD

LATE_S = 0.4  # longer than an emergency waits for the engine's words, stored
SLOW: dict[str, Mapping[str, float]] = {
    "fast": {},
    "late answer": {"before answer": LATE_S, "before spool": LATE_S},
    "late commit": {"before commit": LATE_S, "before spool": LATE_S / 2},
    "unread": {UNREAD: 1},
}


class Case(NamedTuple):
    """Who is cut off, with what, and where. A number of 3 is an emergency."""

    kind: str
    number: int
    step: str


def cases() -> Iterator[Case]:
    """Every step of everybody."""
    yield from (Case(*one) for one in product(KINDS, (0, 3), STEPS))


async def cut(folder: Path, slow: str, first: int = 0, every: int = 1) -> tuple[dict[str, dict[str, int]], list[str]]:
    """What became of the messages of each channel, and who was cut off where.

    Args:
        slow: one of SLOW.
        first, every: which cases; all of them unless given.
    """
    cuts = list[str]()
    async with served(folder, people=1) as (rig, found):
        (folder / "slow").write_text(json.dumps(SLOW[slow]))
        for at, case in enumerate(islice(cases(), first, None, every)):
            if await _was_cut_off(rig, case, 4 * at):
                cuts.append(f"{case.kind} {4 * at + case.number}: {case.step}")
        (folder / "slow").unlink()
    return found, cuts


async def _was_cut_off(rig: Rig, case: Case, before: int) -> bool:
    """Whether the message came by that step."""
    (person,) = rig.crowd[case.kind]
    kill, number = rig.folder / "kill", before + case.number
    kill.write_text(case.step)
    await person.have(number)
    was_cut_off = not kill.exists()
    kill.unlink(missing_ok=True)
    return was_cut_off
