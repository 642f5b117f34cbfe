"""Deletes what is old while the server runs, and does what `python -m spineline forget` asked for."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import structlog

from spineline.channels.wishes import Keeper
from spineline.notices import Notices
from spineline.settings import Settings
from spineline.stores.tracker import ConversationStore

PURGE_EVERY_S = 3600.0
LOOK_EVERY_S = 5.0

logger = structlog.get_logger("spineline.keeping")


async def purge_old(keeper: Keeper, now: Callable[[], datetime]) -> None:
    """Delete what ended longer than `kept_days` ago; a database that fails is tried again next time."""
    try:
        count = await keeper.purge(now() - timedelta(days=keeper.kept_days))
    except Exception as error:
        logger.error("failed", where="purge", error=type(error).__name__)
        return
    logger.info("purged", count=count)


async def forget_asked(keeper: Keeper, data_dir: Path) -> None:
    """Forget those for whom there is a file in DATA_DIR/forget, also in the memory of this process."""
    for path in sorted((data_dir / "forget").glob("*")):
        try:
            await keeper.forget(path.read_text(encoding="utf-8"))
        except Exception as error:
            logger.error("failed", where="forget", error=type(error).__name__)
            return
        path.unlink()


async def keep_tidy(keeper: Keeper, data_dir: Path, now: Callable[[], datetime]) -> None:
    """Both, again and again, until the server stops."""
    loop = asyncio.get_running_loop()
    purged_at = loop.time() - PURGE_EVERY_S
    while True:
        if loop.time() - purged_at >= PURGE_EVERY_S:
            purged_at = loop.time()
            await purge_old(keeper, now)
        await forget_asked(keeper, data_dir)
        await asyncio.sleep(LOOK_EVERY_S)


def open_store(settings: Settings) -> ConversationStore:
    """The conversations in DATA_DIR."""
    return ConversationStore(host=f"sqlite:///{settings.data_dir / 'conversations.db'}")


def export(session: str, settings: Settings) -> str:
    """All that is kept of a session, as JSON."""
    events, notices = asyncio.run(_read(session, settings)), Notices(settings.data_dir / "notices.db")
    found = {"session": session, "notice_given_at": notices.given_at(session), "events": events}
    return json.dumps(found, ensure_ascii=False, indent=1)


async def _read(session: str, settings: Settings) -> list[dict[str, Any]]:
    store = open_store(settings)
    try:
        return await store.export(session)
    finally:
        await store.close()


def forget(session: str, settings: Settings) -> int:
    """Delete a session here, and ask a running server to drop what it remembers; returns the number of events."""
    Notices(settings.data_dir / "notices.db").forget(session)
    removed = asyncio.run(_delete(session, settings))
    folder = settings.data_dir / "forget"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / hashlib.sha256(session.encode()).hexdigest()
    path.touch(mode=0o600)
    path.write_text(session, encoding="utf-8")
    return removed


async def _delete(session: str, settings: Settings) -> int:
    store = open_store(settings)
    try:
        return await store.delete(session)
    finally:
        await store.close()


def utc_now() -> datetime:
    """The clock of the server."""
    return datetime.now(timezone.utc)
