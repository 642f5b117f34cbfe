"""Deletes what is old while the server runs, and does what `python -m spineline forget` asked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import structlog

from spineline.errors import ConfigError
from spineline.failures import Counter, note
from spineline.keep.database import PATIENT_S, Database
from spineline.keep.deliveries import Deliveries
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.keep.outbox import Outbox
from spineline.keep.persons import WEB, delete_for_good, forgotten, rows_of
from spineline.keep.serving import is_served
from spineline.keep.tables import COUNTERS, FACTS, TOLD
from spineline.keep.takeover import old_files, open_database
from spineline.settings import DATABASE_FILE, Settings
from spineline.stores.tracker import ConversationStore
from spineline.turns.turns import Turns
from spineline.turns.wishes import Keeper, patiently

PURGE_EVERY_S = 3600.0
TIDY_AGAIN_S = 60.0  # when deleted words still stand in a file that another program reads
LOOK_EVERY_S = 0.4
STORE_EVERY_S = 2.0
STORE_LEFT_S = 10.0
SHARE_EVERY_S = 2.0
SHARE_AGAIN_S = 30.0  # when that failed

logger = structlog.get_logger("spineline.keeping")


async def purge_old(keeper: Keeper, now: Callable[[], datetime], counter: Counter | None = None) -> None:
    """Delete what ended longer than `kept_days` ago; a database that fails is tried again next time."""
    try:
        count = await keeper.purge(now() - timedelta(days=keeper.kept_days))
    except Exception as error:
        note(error, "purge", counter)
        return
    logger.info("purged", count=count)


async def forget_asked(keeper: Keeper, database: Database, counter: Counter | None = None) -> None:
    """Drop from memory those whom another process has deleted, and delete what they said since it began."""
    try:
        for sender in await forgotten(database):
            await keeper.forget(sender)
    except Exception as error:
        note(error, "forget", counter)


async def store_left(turns: Turns) -> None:
    """Write down what an earlier process said and could not store, before anybody is answered: somebody who repeats a
    message is then known. A database that is away is not waited for long."""
    with turns.failures.survived("unstored"):
        await asyncio.wait_for(turns.store_unstored(), STORE_LEFT_S)


async def store_unstored(turns: Turns) -> None:
    """The same whenever it may work again, until the server stops."""
    while True:
        await asyncio.sleep(STORE_EVERY_S)
        with turns.failures.survived("unstored"):
            await turns.store_unstored()


async def learn_counts(turns: Turns) -> None:
    """What the limits counted in earlier processes, before anybody is answered. A database that is away is not waited
    for long."""
    with turns.failures.survived("counters"):
        await turns.counting.learn(PATIENT_S)


async def share_counts(turns: Turns) -> None:
    """Tell other processes, and the next one, what the limits count, until the server stops."""
    while True:
        rests_s = SHARE_AGAIN_S
        with turns.failures.survived("counters"):
            await turns.counting.share()
            rests_s = SHARE_EVERY_S
        await asyncio.sleep(rests_s)


async def keep_tidy(
    keeper: Keeper, database: Database, now: Callable[[], datetime], counter: Counter | None = None
) -> None:
    """Purge and forget, again and again, until the server stops."""
    loop, looked = asyncio.get_running_loop(), -1
    purged_at = loop.time() - PURGE_EVERY_S
    while True:
        if loop.time() - purged_at >= (TIDY_AGAIN_S if keeper.is_unfinished else PURGE_EVERY_S):
            purged_at = loop.time()
            await purge_old(keeper, now, counter)
        if not database.is_sqlite or looked != await _others(database):
            looked = database.others
            await forget_asked(keeper, database, counter)
        await asyncio.sleep(LOOK_EVERY_S)


async def _others(database: Database) -> int:
    """How often other processes have written to a file; -1 while it cannot be read."""
    try:
        return await database.read(lambda _: database.others)
    except Exception:
        return -1


def open_store(database: Database) -> ConversationStore:
    """The conversations."""
    return ConversationStore(database=database)


def export(session: str, settings: Settings) -> str:
    """All that is kept of a session and of the chats connected with it, as JSON."""
    return asyncio.run(_export(session, _opened(settings)))


async def _export(session: str, database: Database) -> str:
    together = await Links(database).together(session)
    store = open_store(database)
    found = {
        "session": session,
        "connected": [other for other in together if other != session],
        **await _everything(session, database),
        "chats": {other: await _everything(other, database) for other in together if other != session},
        "events": [event for one in together for event in await store.export(one)],
    }
    await database.close()
    return json.dumps(found, ensure_ascii=False, indent=1)


async def _everything(sender: str, database: Database) -> dict[str, Any]:
    """All that is kept of one chat beside its messages."""
    is_web = sender.startswith(WEB)
    return {
        "notice_given_at": await Notices(database).given_at(sender),
        "links": await Links(database).everything(sender),
        "website": await Outbox(database).everything(sender[len(WEB) :]) if is_web else None,
        "messenger": None if is_web else await Deliveries(database).everything(sender),
        "rest": await database.read(partial(rows_of, TOLD, sender)),
        "turns": await database.read(partial(rows_of, FACTS, sender)),
        "limits": await database.read(partial(rows_of, COUNTERS, sender)),
    }


def forget(session: str, settings: Settings) -> int:
    """Delete a session with the chats connected with it, and ask a running server to drop what it remembers; returns
    the number of events. Who wants no more messages stays opted out. WordsRemainError when another program keeps
    deleted words in a file."""
    is_served_too = bool(settings.database_url) or is_served(settings.data_dir)
    return asyncio.run(_forget(session, _opened(settings), is_served_too))


async def _forget(session: str, database: Database, is_served: bool) -> int:
    together = await Links(database).together(session)
    removed = await database.do(lambda connection: delete_for_good(connection, together, is_served=is_served))
    try:
        await patiently(lambda _: database.tidy(), session)
    finally:
        await database.close()
    return removed


def _opened(settings: Settings) -> Database:
    """The database, where there is one: a wrong DATA_DIR would make a new, empty one, and "nothing found" would sound
    like the truth."""
    folder = settings.data_dir
    if not settings.database_url and not (folder / DATABASE_FILE).is_file() and not old_files(folder):
        raise ConfigError([f"DATA_DIR={folder}: nothing is kept in {folder.absolute()}. Name the server's folder."])
    return open_database(settings.database, folder)


def utc_now() -> datetime:
    """The clock of the server."""
    return datetime.now(timezone.utc)
