"""The rows of conversations in the database. Each function is given a connection, and belongs into `Database.do`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from spineline.keep.tables import EVENTS, SNAPSHOTS
from spineline.keep.writes import hold
from spineline.stores.log import SESSION_STARTED, USER, Row

_LATER = EVENTS.alias("later")
_SENDER = sa.bindparam("sender")
_OF = sa.select(EVENTS).where(EVENTS.c.sender_id == _SENDER).order_by(EVENTS.c.number)
_START = sa.select(sa.func.max(_LATER.c.number)).where(
    _LATER.c.sender_id == _SENDER, _LATER.c.type_name == SESSION_STARTED
)
_SESSION = _OF.where(EVENTS.c.number >= sa.func.coalesce(_START.scalar_subquery(), 0) - 1)
_NEWEST = sa.select(sa.func.max(EVENTS.c.number)).where(EVENTS.c.sender_id == _SENDER)
_SNAPSHOT = sa.select(SNAPSHOTS.c.number, SNAPSHOTS.c.data).where(SNAPSHOTS.c.sender_id == _SENDER)
_NEXT = sa.select(sa.func.min(EVENTS.c.sender_id)).where(EVENTS.c.sender_id > _SENDER)


class Snapshot(NamedTuple):
    """The recent part of a conversation, as JSON; `number` is the next event's."""

    number: int
    data: str


def snapshot(connection: Any, sender_id: str) -> Snapshot | None:
    """The recent part, in one row; None when there is none, although there may be events."""
    found = connection.execute(_SNAPSHOT, {"sender": sender_id}).first()
    return Snapshot(*found) if found else None


def next_number(connection: Any, sender_id: str) -> int:
    """What the next event's number would be."""
    newest = connection.execute(_NEWEST, {"sender": sender_id}).scalar()
    return 0 if newest is None else int(newest) + 1


def session(connection: Any, sender_id: str) -> list[Row]:
    """The rows since the last session began, with the one row before it."""
    return [Row(*row) for row in connection.execute(_SESSION, {"sender": sender_id})]


def everything(connection: Any, sender_id: str) -> list[Row]:
    """All rows of a conversation."""
    return [Row(*row) for row in connection.execute(_OF, {"sender": sender_id})]


def senders(connection: Any) -> list[str]:
    """Every conversation there is."""
    return list(connection.execute(sa.select(EVENTS.c.sender_id).distinct()).scalars())


def senders_after(connection: Any, sender_id: str, most: int) -> list[str]:
    """The next conversations in the order of their names, without looking at all of them."""
    found: list[str] = []
    while len(found) < most and (sender := connection.execute(_NEXT, {"sender": sender_id}).scalar()) is not None:
        found.append(sender_id := sender)
    return found


def holds(connection: Any, sender_id: str, message_id: str) -> bool:
    """Whether a message with this name is among what the person said."""
    named = EVENTS.c.data.contains(json.dumps(message_id), autoescape=True)
    of_it = sa.select(EVENTS.c.number).where(EVENTS.c.sender_id == sender_id, EVENTS.c.type_name == USER, named)
    return connection.execute(of_it.limit(1)).first() is not None


def delete(connection: Any, sender_id: str) -> int:
    """Remove a conversation for good and say how many rows it had."""
    hold(connection, sender_id)
    connection.execute(SNAPSHOTS.delete().where(SNAPSHOTS.c.sender_id == sender_id))
    return int(connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == sender_id)).rowcount)


def has_old(connection: Any, before: float, among: Sequence[str]) -> bool:
    """Whether any of these conversations has an event from before that time."""
    old = sa.select(EVENTS.c.number).where(EVENTS.c.sender_id.in_(among), EVENTS.c.timestamp < before).limit(1)
    return connection.execute(old).first() is not None


def purge(connection: Any, before: float, among: Sequence[str]) -> int:
    """Remove of these conversations what ended before that time: sessions that are over, and all when it went quiet;
    returns how many events that were."""
    same = _LATER.c.sender_id == EVENTS.c.sender_id
    start = sa.select(sa.func.max(_LATER.c.number)).where(same, _LATER.c.type_name == SESSION_STARTED)
    is_over = EVENTS.c.number < start.scalar_subquery()
    went_on = sa.exists().where(same, _LATER.c.timestamp >= before)
    is_old = sa.and_(EVENTS.c.timestamp < before, sa.or_(is_over, ~went_on))
    removed = connection.execute(EVENTS.delete().where(EVENTS.c.sender_id.in_(among), is_old)).rowcount
    is_empty = ~sa.exists().where(EVENTS.c.sender_id == SNAPSHOTS.c.sender_id)
    connection.execute(SNAPSHOTS.delete().where(SNAPSHOTS.c.sender_id.in_(among), is_empty))
    return int(removed)
