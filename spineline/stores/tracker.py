"""Keeps conversations for Rasa: the recent ones in memory, all of them in the database."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache, partial
from time import perf_counter
from typing import Any, NamedTuple

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from spineline.environment import settings_of_environment
from spineline.failures import note
from spineline.keep.database import Database
from spineline.keep.takeover import open_database
from spineline.keep.writes import Write
from spineline.stores import events as log
from spineline.stores.log import Row, events_of, rows_of, texts_of
from spineline.stores.recent import LiveTracker, current_session, fold

MEMORY = "memory:"
PURGED_AT_A_TIME = 10  # conversations: whoever writes right now does not wait for a purge of thousands
PURGE_RESTS_S = 0.02  # between two steps, for whoever writes
PURGE_RESTS = 5  # times as long as a step took, when that is more: a busy machine or a slow disk gets time


# What whoever asked for this turn wants written in the same commit.
beside: ContextVar[Callable[[], Sequence[Write]]] = ContextVar("beside", default=tuple)


class _Live(NamedTuple):
    """A conversation in memory.

    Args:
        others: how often other processes had written when this was the newest.
    """

    events: Sequence[Event]
    next_number: int
    others: int


class ConversationStore(TrackerStore):
    """Rasa's tracker store with one transaction for each turn, off the event loop.

    Every `retrieve` makes a tracker of its own, so a turn that is given up half-way leaves nothing behind.
    A turn that cannot be stored raises, is remembered, and is stored as soon as the database works again.

    Args:
        domain, host, event_broker: as Rasa passes them for a class named in endpoints.yml; `host` is its `url`:
            `sqlite:///file`, `postgresql://...` or `memory:`; where DATABASE_URL says when it names none.
        database: the one of this process, which others use too; then `host` is not looked at.
        live_conversations: how many are kept in memory.
        live_turns: how many turns of each Rasa gets to see; the slots always count from the beginning.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: Any = None,
        live_conversations: int = 1000,
        live_turns: int = 3,
        database: Database | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.database = database or _opened(host)
        self._most, self._turns = live_conversations, live_turns
        self._live: OrderedDict[str, _Live] = OrderedDict()
        self._deleted: OrderedDict[str, int] = OrderedDict()
        self._deletions = 0

    def init_tracker(self, sender_id: str) -> LiveTracker:
        """An empty tracker."""
        return self._tracker(sender_id, (), 0)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new, all or nothing; it is finished even when the caller gives up waiting.

        ConflictError when another process went on with the conversation since it was retrieved.
        """
        live = tracker if isinstance(tracker, LiveTracker) else await self._compared(tracker)
        new = live.new_events()
        if not new or self._was_deleted(live.sender_id, live.born):
            return
        self._live.pop(live.sender_id, None)
        rows = [row._asdict() for row in rows_of(live.sender_id, live.next_number, new)]
        before = [{"sender_id": live.sender_id, "number": live.next_number - 1}] if live.next_number else []
        live.settle()
        recent = _Live(self._recent(live.events), live.next_number, self.database.others)
        await self.database.commit(
            [
                Write("conversation_events", [{"sender_id": live.sender_id}], "hold"),
                Write("conversation_events", before, "must"),
                Write("conversation_events", rows),
                _snapshot(live.sender_id, recent),
                *beside.get()(),
            ]
        )
        self._keep(live.sender_id, recent, live.born)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, live.sender_id)

    async def retrieve(self, sender_id: str) -> LiveTracker | None:
        """The current session: its last turns, and the slots as they are."""
        while True:
            born, live = self._deletions, self._live.get(sender_id)
            found = await self._newest(sender_id, live)
            if self._was_deleted(sender_id, born):
                continue  # while this was read: it is not to be served, nor kept
            if found is None:
                return None
            self._keep(sender_id, found, born)
            return self._tracker(sender_id, found.events, found.next_number)

    async def _newest(self, sender_id: str, live: _Live | None) -> _Live | None:
        """What is in memory, when nobody else has gone on with it since; else what the database has."""
        try:
            return await self.database.read(partial(self._looked_up, sender_id, live))
        except Exception as error:
            if live is None:
                raise
            self.database.note(error, "look")
            return live

    def _looked_up(self, sender_id: str, live: _Live | None, connection: Any) -> _Live | None:
        others = self.database.others
        if live and self.database.is_sqlite and live.others == others:
            return live
        if live and self._is_newest(live.next_number, log.next_number(connection, sender_id)):
            return live._replace(others=others)
        return self._read(sender_id, connection)

    def _is_newest(self, in_memory: int, stored: int) -> bool:
        """What waits in the spool is newer than what is stored."""
        return in_memory == stored or (in_memory > stored and len(self.database.spool) > 0)

    def _read(self, sender_id: str, connection: Any) -> _Live | None:
        snapshot = log.snapshot(connection, sender_id)
        if snapshot:
            return _Live(deserialise_events(json.loads(snapshot.data)), snapshot.number, self.database.others)
        rows = log.session(connection, sender_id)
        if not rows:
            return None
        return _Live(self._recent(events_of(rows)), rows[-1].number + 1, self.database.others)

    async def retrieve_full_tracker(self, conversation_id: str) -> LiveTracker | None:
        """Every event of every session."""
        rows = await self._all(conversation_id)
        return self._tracker(conversation_id, events_of(rows), rows[-1].number + 1) if rows else None

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything is known of this conversation."""
        return await self.database.read(partial(_is_known, conversation_id))

    async def holds(self, conversation_id: str, message_id: str) -> bool:
        """Whether this message of a person is stored, however long ago that was."""
        return await self.database.read(lambda connection: log.holds(connection, conversation_id, message_id))

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await self.database.read(log.senders)

    async def count(self) -> int:
        """How many conversations there are."""
        return len(await self.database.read(log.senders))

    async def export(self, sender_id: str) -> list[dict[str, Any]]:
        """Everything kept of one conversation, as Rasa's event dictionaries in order."""
        return [json.loads(row.data) for row in await self._all(sender_id)]

    async def delete(self, sender_id: str) -> int:
        """Forget a conversation for good and say how many events it had; a turn still running is not stored."""
        self._note_deletion(sender_id)
        try:
            removed = await self.database.do(partial(_delete, sender_id))
        finally:  # also for whoever read it in the meantime
            self._note_deletion(sender_id)
        await self.database.tidy()
        return removed

    def _note_deletion(self, sender_id: str) -> None:
        self._deletions += 1
        self._deleted[sender_id] = self._deletions
        self._deleted.move_to_end(sender_id)
        _shorten(self._deleted, self._most)
        self._live.pop(sender_id, None)

    def _was_deleted(self, sender_id: str, born: int) -> bool:
        """Whether somebody asked for its deletion since the store had seen `born` of them."""
        return self._deleted.get(sender_id, 0) > born

    async def purge(self, older_than: datetime) -> int:
        """Forget sessions that ended before that time, for good and in many small steps, and say how many events they
        had."""
        before, last, removed = older_than.timestamp(), "", 0
        for sender_id in [s for s, live in self._live.items() if live.events[-1].timestamp < before]:
            del self._live[sender_id]
        while some := await self.database.read(partial(_next, last)):
            last = some[-1]
            if await self.database.read(partial(_has_old, before, some)):
                begun = perf_counter()
                removed += await self.database.do(partial(_purge, before, some))
                await asyncio.sleep(max(PURGE_RESTS_S, PURGE_RESTS * (perf_counter() - begun)))
        await self.database.tidy()
        return removed

    def drop(self, sender_id: str) -> None:
        """Another process has deleted it: a turn still running is not stored."""
        self._note_deletion(sender_id)

    async def close(self) -> None:
        """Finish what was begun, then let go of the database."""
        await self.database.close()

    async def _all(self, sender_id: str) -> list[Row]:
        return await self.database.read(lambda connection: log.everything(connection, sender_id))

    async def _compared(self, tracker: DialogueStateTracker) -> LiveTracker:
        """A tracker that somebody else made, taken as Rasa's stores take it: its first events are the stored ones."""
        rows = await self.database.read(lambda connection: log.session(connection, tracker.sender_id))
        stored = len(current_session(events_of(rows)))
        events, number = list(tracker.events), rows[-1].number + 1 if rows else 0
        live = self._tracker(tracker.sender_id, events[:stored], number)
        live.events.extend(events[stored:])
        return live

    def _tracker(self, sender_id: str, events: Sequence[Event], next_number: int) -> LiveTracker:
        return LiveTracker(sender_id, self.domain.slots, events, next_number, self._deletions)

    def _recent(self, events: Iterable[Event]) -> Sequence[Event]:
        return fold(current_session(list(events)), self.domain.slots, self._turns)

    def _keep(self, sender_id: str, live: _Live, born: int) -> None:
        if self._was_deleted(sender_id, born):
            return
        self._live[sender_id] = live
        self._live.move_to_end(sender_id)
        _shorten(self._live, self._most)


@lru_cache(maxsize=1)
def database_of_environment() -> Database:
    """The database of this process, for parts that Rasa makes (`rasa run`); where our server keeps everything, too."""
    settings = settings_of_environment()
    return open_database(settings.database, settings.data_dir, note)


def _opened(host: str | None) -> Database:
    if host is None:
        return database_of_environment()
    return Database() if host == MEMORY else Database(host)


def _is_known(sender_id: str, connection: Any) -> bool:
    return log.next_number(connection, sender_id) > 0


def _delete(sender_id: str, connection: Any) -> int:
    return log.delete(connection, sender_id)


def _next(last: str, connection: Any) -> list[str]:
    return log.senders_after(connection, last, PURGED_AT_A_TIME)


def _has_old(before: float, among: Sequence[str], connection: Any) -> bool:
    return log.has_old(connection, before, among)


def _purge(before: float, among: Sequence[str], connection: Any) -> int:
    return log.purge(connection, before, among)


def _snapshot(sender_id: str, live: _Live) -> Write:
    row = {
        "sender_id": sender_id,
        "number": live.next_number,
        "timestamp": live.events[-1].timestamp,
        "data": f"[{','.join(texts_of(live.events))}]",
    }
    return Write("snapshots", [row], "put")


def _shorten(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
