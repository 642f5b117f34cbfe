"""A server that is killed at each step of a turn, before and after it, fast and slow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

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
    yield from (Case(*one) for one in product(KINDS, (0, 3), STEPS))


@pytest.mark.parametrize("slow", SLOW)
async def test_whoever_is_cut_off_anywhere_is_answered_and_stored_once(slow: str, tmp_path: Path) -> None:
    cut: dict[str, list[str]] = {}
    async with served(tmp_path, people=1) as (rig, found):
        (tmp_path / "slow").write_text(json.dumps(SLOW[slow]))
        for at, case in enumerate(cases()):
            if await _was_cut_off(rig, case, 4 * at):
                cut.setdefault(case.kind, []).append(f"{4 * at + case.number}: {case.step}")
        (tmp_path / "slow").unlink()
    for counted in found.values():
        assert counted.pop("answered") > 0
        counted.pop("answers repeated")
    assert not any(any(counted.values()) for counted in found.values()), (found, cut)


async def _was_cut_off(rig: Rig, case: Case, before: int) -> bool:
    """Whether the message came by that step."""
    (person,) = rig.crowd[case.kind]
    kill, number = rig.folder / "kill", before + case.number
    kill.write_text(case.step)
    await person.ask(number, person.text(number))
    person.told.append(person.text(number))
    was_cut_off = not kill.exists()
    kill.unlink(missing_ok=True)
    return was_cut_off
