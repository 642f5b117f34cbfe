"""Deletes what is old while the server runs, and does what `python -m spineline forget` asked for."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import structlog

from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.settings import Settings
from spineline.stores.tracker import ConversationStore
from spineline.turns.wishes import Keeper

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
    """All that is kept of a session and of the chats connected with it, as JSON."""
    notices, together = Notices(settings.data_dir / "notices.db"), _links(settings).together(session)
    found = {
        "session": session,
        "connected": [other for other in together if other != session],
        "notice_given_at": notices.given_at(session),
        "events": asyncio.run(_read(together, settings)),
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


async def _read(sessions: Sequence[str], settings: Settings) -> list[dict[str, Any]]:
    store = open_store(settings)
    try:
        return [event for session in sessions for event in await store.export(session)]
    finally:
        await store.close()


def forget(session: str, settings: Settings) -> int:
    """Delete a session here, with the chats connected with it, and ask a running server to drop what it remembers;
    returns the number of events."""
    notices, links = Notices(settings.data_dir / "notices.db"), _links(settings)
    together = links.together(session)
    removed = asyncio.run(_delete(together, settings))
    for one in together:
        notices.forget(one)
        _ask_to_forget(one, settings.data_dir / "forget")
    links.forget(session)
    return removed


def _ask_to_forget(session: str, folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / hashlib.sha256(session.encode()).hexdigest()
    path.touch(mode=0o600)
    path.write_text(session, encoding="utf-8")


def _links(settings: Settings) -> Links:
    return Links(settings.data_dir / "links.db")


async def _delete(sessions: Sequence[str], settings: Settings) -> int:
    store = open_store(settings)
    try:
        return sum([await store.delete(session) for session in sessions])
    finally:
        await store.close()


def utc_now() -> datetime:
    """The clock of the server."""
    return datetime.now(timezone.utc)
