"""Which rows are whose: what deletes all of a person, and what a house test holds every table against."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from spineline.keep.batches import delete_where
from spineline.keep.database import Database
from spineline.keep.tables import (
    ANSWERED,
    CODES,
    COUNTERS,
    EVENTS,
    FACTS,
    FORGOTTEN,
    LINKS,
    NOTICES,
    OPTED_OUT,
    OUTGOING,
    SEEN,
    SESSIONS,
    SNAPSHOTS,
    SPOOLED,
    TOLD,
    WAITING,
)
from spineline.keep.writes import Write, hold, write

WEB = "web:"  # what stands before the id of a session in the name of its chat
OF_SENDER = {
    EVENTS: EVENTS.c.sender_id,
    SNAPSHOTS: SNAPSHOTS.c.sender_id,
    FACTS: FACTS.c.sender,
    TOLD: TOLD.c.sender,
    NOTICES: NOTICES.c.sender,
    OUTGOING: OUTGOING.c.sender,
    CODES: CODES.c.conversation,
    COUNTERS: COUNTERS.c.sender,
}
OF_SESSION = {WAITING: WAITING.c.session, ANSWERED: ANSWERED.c.session}
OF_LAPSED_SESSION = {SESSIONS: SESSIONS.c.id}
OF_TIES = {LINKS: LINKS.c.sender}  # deleted last, so that all of a person can be found again
STAYS = {OPTED_OUT: OPTED_OUT.c.sender}  # it protects the person
OF_NOBODY = (SEEN, FORGOTTEN, SPOOLED)  # numbers of messages, and what is there for an hour at most
_AGES = {
    FACTS: FACTS.c.at,
    TOLD: TOLD.c.at,
    FORGOTTEN: FORGOTTEN.c.at,
    SPOOLED: SPOOLED.c.at,
}


async def forget_person(database: Database, sender: str) -> None:
    """Delete all of somebody but the website's session, the ties between chats, and the wish to get no messages."""
    await database.do(lambda connection: delete_person(connection, sender))
    await database.tidy()


def delete_person(connection: Any, sender: str) -> None:
    """The same, inside the transaction of whoever calls."""
    hold(connection, sender)
    _delete(connection, OF_SENDER, sender)
    if sender.startswith(WEB):
        _delete(connection, OF_SESSION, sender[len(WEB) :])


def delete_for_good(connection: Any, senders: Sequence[str], *, is_served: bool) -> int:
    """The same for all chats of a person, with sessions and ties; returns how many events they had.

    Args:
        is_served: leave a note for the server that runs.
    """
    events = sa.select(sa.func.count()).select_from(EVENTS).where(EVENTS.c.sender_id.in_(senders))
    count = int(connection.execute(events).scalar())
    for sender in senders:
        delete_person(connection, sender)
        _delete(connection, OF_LAPSED_SESSION, sender.removeprefix(WEB))
        _delete(connection, OF_TIES, sender)
    connection.execute(LINKS.delete().where(LINKS.c.conversation.in_(senders)))
    if is_served:
        write(connection, [Write("forgotten", [{"sender": sender, "at": time.time()} for sender in senders], "put")])
    return count


def rows_of(table: sa.Table, sender: str, connection: Any) -> list[dict[str, Any]]:
    """What a table has of somebody."""
    return [dict(row) for row in connection.execute(sa.select(table).where(table.c.sender == sender)).mappings()]


async def forgotten(database: Database) -> list[str]:
    """Whom another process has deleted, so that this one drops what it remembers; each is told once."""

    def take(connection: Any) -> list[str]:
        found = list(connection.execute(sa.select(FORGOTTEN.c.sender)).scalars())
        if found:
            connection.execute(FORGOTTEN.delete().where(FORGOTTEN.c.sender.in_(found)))
        return found

    if not await database.read(lambda connection: connection.execute(sa.select(FORGOTTEN.c.sender)).first()):
        return []
    return await database.do(take)


async def purge_rest(database: Database, older_than: datetime) -> bool:
    """Delete some of what is older than that and that no other room looks after; whether there is more."""
    before, has_more = older_than.timestamp(), False
    for table, column in _AGES.items():
        has_more |= await delete_where(database, table, column < before)
    return has_more


def _delete(connection: Any, among: dict[sa.Table, sa.Column], name: str) -> None:
    for table, column in among.items():
        connection.execute(table.delete().where(column == name))
