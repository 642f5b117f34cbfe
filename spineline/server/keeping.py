"""Deletes what is old while the server runs, and does what `python -m spineline forget` asked for."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from spineline.errors import ConfigError
from spineline.failures import Counter, note
from spineline.keep.deliveries import Deliveries
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.keep.outbox import Outbox
from spineline.settings import Settings
from spineline.stores.tracker import FILE, ConversationStore
from spineline.turns.wishes import Keeper, patiently

PURGE_EVERY_S = 3600.0
TIDY_AGAIN_S = 60.0  # when deleted words still stand in a file that another program reads
LOOK_EVERY_S = 5.0

logger = structlog.get_logger("spineline.keeping")


async def purge_old(keeper: Keeper, now: Callable[[], datetime], counter: Counter | None = None) -> None:
    """Delete what ended longer than `kept_days` ago; a database that fails is tried again next time."""
    try:
        count = await keeper.purge(now() - timedelta(days=keeper.kept_days))
    except Exception as error:
        note(error, "purge", counter)
        return
    logger.info("purged", count=count)


async def forget_asked(keeper: Keeper, data_dir: Path, noted: set[str], counter: Counter | None = None) -> None:
    """Forget those for whom there is a file in DATA_DIR/forget, also in the memory of this process.

    A file that cannot be obeyed stays and is tried again next time; `noted` holds those that were logged already.
    """
    for path in sorted((data_dir / "forget").glob("*")):
        try:
            await keeper.forget(path.read_text(encoding="utf-8"))
            path.unlink()
        except Exception as error:
            if path.name not in noted:
                note(error, "forget", counter, file=path.name[:8])
            noted.add(path.name)
        else:
            noted.discard(path.name)


async def keep_tidy(
    keeper: Keeper, data_dir: Path, now: Callable[[], datetime], counter: Counter | None = None
) -> None:
    """Purge and forget, again and again, until the server stops."""
    loop, noted = asyncio.get_running_loop(), set[str]()
    purged_at = loop.time() - PURGE_EVERY_S
    while True:
        if loop.time() - purged_at >= (TIDY_AGAIN_S if keeper.is_unfinished else PURGE_EVERY_S):
            purged_at = loop.time()
            await purge_old(keeper, now, counter)
        await forget_asked(keeper, data_dir, noted, counter)
        await asyncio.sleep(LOOK_EVERY_S)


def open_store(settings: Settings) -> ConversationStore:
    """The conversations in DATA_DIR."""
    return ConversationStore(host=f"sqlite:///{settings.data_dir / FILE}")


def export(session: str, settings: Settings) -> str:
    """All that is kept of a session and of the chats connected with it, as JSON."""
    _check_that_something_is_kept(settings)
    files = _Files(settings.data_dir)
    together = files.links.together(session)
    found = {
        "session": session,
        "connected": [other for other in together if other != session],
        **files.everything(session),
        "chats": {other: files.everything(other) for other in together if other != session},
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
    """Delete a session from every file, with the chats connected with it, and ask a running server to drop what it
    remembers; returns the number of events. Who wants no more messages stays opted out. WordsRemainError when another
    program keeps deleted words in a file."""
    _check_that_something_is_kept(settings)
    files = _Files(settings.data_dir)
    together = files.links.together(session)
    for one in together:
        _ask_to_forget(one, settings.data_dir / "forget")
    removed = len(asyncio.run(_read(together, settings)))
    _do_all([partial(_delete, together, settings), *(step for one in together for step in files.deletions(one))])
    _do_all([partial(patiently, files.links.forget, session)])  # last, so that all of it can be tried again
    return removed


def _check_that_something_is_kept(settings: Settings) -> None:
    """Else a wrong DATA_DIR would make a new, empty folder, and "nothing found" would sound like the truth."""
    folder = settings.data_dir
    if not (folder / FILE).is_file():
        raise ConfigError([f"DATA_DIR={folder}: nothing is kept in {folder.absolute()}. Name the server's folder."])


def _do_all(steps: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """What fails does not keep the rest from being deleted."""
    problems = []
    for step in steps:
        try:
            asyncio.run(step())
        except Exception as error:
            problems.append(error)
    if problems:
        raise problems[0]


class _Files:
    """The small files in DATA_DIR; those of channels that were never set up are not made."""

    def __init__(self, folder: Path) -> None:
        self.links, self._notices = Links(folder / "links.db"), Notices(folder / "notices.db")
        self._outbox = Outbox(folder / "outbox.db") if (folder / "outbox.db").is_file() else None
        self._deliveries = Deliveries(folder / "deliveries.db") if (folder / "deliveries.db").is_file() else None

    def everything(self, sender: str) -> dict[str, Any]:
        """All that is kept of one chat beside its messages."""
        channel, _, session = sender.partition(":")
        return {
            "notice_given_at": self._notices.given_at(sender),
            "links": self.links.everything(sender),
            "website": self._outbox.everything(session) if self._outbox and channel == "web" else None,
            "messenger": self._deliveries.everything(sender) if self._deliveries and channel != "web" else None,
        }

    def deletions(self, sender: str) -> Iterator[Callable[[], Coroutine[Any, Any, None]]]:
        """What deletes that, but for the wish to get no messages, which protects the person."""
        channel, _, session = sender.partition(":")
        yield partial(patiently, self._notices.forget, sender)
        if self._outbox and channel == "web":
            yield partial(patiently, self._outbox.forget, session)
        if self._deliveries:
            yield partial(patiently, self._deliveries.forget, sender)


def _ask_to_forget(session: str, folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / hashlib.sha256(session.encode()).hexdigest()
    path.touch(mode=0o600)
    path.write_text(session, encoding="utf-8")


async def _delete(sessions: Sequence[str], settings: Settings) -> None:
    store = open_store(settings)
    try:
        for session in sessions:
            await patiently(store.delete, session)
    finally:
        await store.close()


def utc_now() -> datetime:
    """The clock of the server."""
    return datetime.now(timezone.utc)
