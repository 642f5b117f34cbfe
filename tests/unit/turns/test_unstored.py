"""A turn that was told before it was stored waits on the disk until it is, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from engines import Answers, EngineOf
from faulty import DANGER
from patience import LONG_S, NEVER_S, SHORT_S, until
from replies import says

from spineline.content.library import Content
from spineline.dialogue.alarms import raise_alarm
from spineline.dialogue.turn import Memory, Message
from spineline.keep.database import Database
from spineline.keep.notices import Notices
from spineline.keep.writes import Write
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say
from spineline.turns.metrics import Metrics
from spineline.turns.said import Said
from spineline.turns.turns import Turns


@pytest.mark.parametrize("language", ["en", "es"])
async def test_what_the_engine_stores_late_waits_no_longer(content: Content, tmp_path: Path, language: str) -> None:
    """Else it would be stored a second time at the next start, when the engine does not know it any more."""
    is_stored = asyncio.Event()

    async def slowly(asked: Asked, say: Say) -> None:
        flag = asked.intake.red_flag
        assert flag
        say(raise_alarm(flag.tier, flag.id, Memory(language), content).messages[0])
        asked.beside()  # the commit has begun
        await is_stored.wait()

    engine, spool = EngineOf(slowly), tmp_path / "turns.spool"
    turns = _turns(content, engine, spool)
    assert await turns.answer(DANGER[language], "rest:anna", "rest")
    assert spool.exists()
    is_stored.set()
    await until(lambda: not spool.exists())
    assert engine.recorded == []


async def test_nobody_overtakes_whoever_waits_for_what_was_said_before(content: Content, tmp_path: Path) -> None:
    """Two emergencies, and one before them that is still being written down: they are answered in their order."""
    may_end, asked_for = asyncio.Event(), list[str]()

    async def never(_: Asked, __: Say) -> None:
        await asyncio.sleep(NEVER_S)

    async def answer(asked: Asked, _: Say) -> None:
        asked_for.append(asked.text)

    spool = tmp_path / "turns.spool"
    before = _turns(content, EngineOf(never), spool)
    await before.answer(f"{DANGER['en']} one", "rest:anna", "rest")
    engine = _Slow(answer, may_end)
    turns = _turns(content, engine, spool)
    talking = [
        asyncio.ensure_future(turns.answer(f"{DANGER['en']} {n}", "rest:anna", "rest")) for n in ("two", "three")
    ]
    await asyncio.gather(*talking)
    assert asked_for == []
    may_end.set()
    await until(lambda: len(asked_for) == 2)
    assert [text.split()[-1] for text in asked_for] == ["two", "three"]


@pytest.mark.parametrize("is_taken", [True, False], ids=["a store has it", "no store has it yet"])
def test_what_is_written_before_the_turn_stays_in_its_commit(is_taken: bool) -> None:
    """Else a kill after that commit would leave a message without the note that it has its answer."""
    note, mark = Write("notices", [{"sender": "anna", "told": 1}]), Write("spooled", [{"id": "1", "at": 1.0}], "first")
    said = Said(lambda told, _: (list(told), [note]), lambda _: True)
    said(says("Go."))
    if is_taken:
        assert said.beside() == [note]
    said.decide(said.messages)
    apart = said.take_apart(mark)
    assert list(apart) == ([] if is_taken else [mark, note])
    assert list(said.beside()) == ([note] if is_taken else [mark, note])


async def test_a_disk_that_hangs_keeps_nobody_in_danger_waiting(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: Any) -> None:
        await asyncio.sleep(NEVER_S)

    monkeypatch.setattr("spineline.turns.unstored.Unstored.put", hang)
    turns = _turns(content, EngineOf(hang), None)
    (said, *_) = await asyncio.wait_for(turns.answer(DANGER["en"], "rest:anna", "rest"), LONG_S)
    assert said.tier


class _Slow(EngineOf):
    """Writes down what was said only when it may."""

    def __init__(self, answers: Answers, may_end: asyncio.Event) -> None:
        super().__init__(answers)
        self._may_end = may_end

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        await self._may_end.wait()
        await super().record(asked, said)


def _turns(content: Content, engine: EngineOf, spool: Path | None) -> Turns:
    database = Database()
    parts: dict[str, Any] = {"database": database, "spool": spool, "alarm_wait_s": SHORT_S}
    return Turns(content, Settings(), engine, Notices(database), Metrics(), **parts)
