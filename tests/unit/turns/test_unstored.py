"""A turn that was told before it was stored waits on the disk until it is, and no longer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from engines import EngineOf
from faulty import DANGER
from patience import SHORT_S, until

from spineline.content.library import Content
from spineline.dialogue.alarms import raise_alarm
from spineline.dialogue.turn import Memory
from spineline.keep.database import Database
from spineline.keep.notices import Notices
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say
from spineline.turns.metrics import Metrics
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

    database, spool = Database(), tmp_path / "turns.spool"
    engine, parts = EngineOf(slowly), {"database": database, "spool": spool}
    turns = Turns(content, Settings(), engine, Notices(database), Metrics(), alarm_wait_s=SHORT_S, **parts)
    assert await turns.answer(DANGER[language], "rest:anna", "rest")
    assert spool.exists()
    is_stored.set()
    await until(lambda: not spool.exists())
    assert engine.recorded == []
