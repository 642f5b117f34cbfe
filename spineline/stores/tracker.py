"""Keeps conversations for Rasa: the recent ones in memory, all of them in an event log."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from spineline.environment import settings_of_environment
from spineline.stores.journal import Journal
from spineline.stores.log import ConflictError, MemoryLog, Row
from spineline.stores.recent import LiveTracker, current_session, fold
from spineline.stores.sql import SqlLog

FILE = "conversations.db"
MEMORY = "memory:"


class _Live(NamedTuple):
    events: Sequence[Event]
    next_number: int


class ConversationStore(TrackerStore):
    """Rasa's tracker store with one transaction for each turn, off the event loop.

    Every `retrieve` makes a tracker of its own, so a turn that is given up half-way leaves nothing behind.
    A turn that cannot be stored raises, is remembered, and is stored as soon as the database works again.

    Args:
        domain, host, event_broker: as Rasa passes them for a class named in endpoints.yml; `host` is its `url`:
            `sqlite:///file`, `postgresql://...` or `memory:`; conversations.db in DATA_DIR when it names none.
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
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._journal = Journal(MemoryLog() if host == MEMORY else SqlLog(host or _url_of_environment()))
        self._most, self._turns = live_conversations, live_turns
        self._live: OrderedDict[str, _Live] = OrderedDict()
        self._deleted: OrderedDict[str, int] = OrderedDict()
        self._deletions = 0

    def init_tracker(self, sender_id: str) -> LiveTracker:
        """An empty tracker."""
        return self._tracker(sender_id, (), 0)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new, all or nothing; it is finished even when the caller gives up waiting."""
        live = tracker if isinstance(tracker, LiveTracker) else await self._compared(tracker)
        new = live.new_events()
        if not new or self._was_deleted(live.sender_id, live.born):
            return
        self._live.pop(live.sender_id, None)
        rows = [_row(live.sender_id, live.next_number + at, event) for at, event in enumerate(new)]
        live.settle()
        try:
            await self._journal.append(live.sender_id, rows)
        except ConflictError:
            raise
        except Exception:
            self._keep(live.sender_id, live.events, live.next_number, live.born)
            raise
        self._keep(live.sender_id, live.events, live.next_number, live.born)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, live.sender_id)

    async def retrieve(self, sender_id: str) -> LiveTracker | None:
        """The current session: its last turns, and the slots as they are."""
        await self._journal.settled(sender_id)
        while sender_id not in self._live:
            born = self._deletions
            rows = await self._journal.session(sender_id)
            if self._was_deleted(sender_id, born):
                continue  # while these were read: they are not to be served, nor kept
            if not rows:
                return None
            self._keep(sender_id, _events(rows), rows[-1].number + 1, born)
        self._live.move_to_end(sender_id)
        return self._tracker(sender_id, *self._live[sender_id])

    async def retrieve_full_tracker(self, conversation_id: str) -> LiveTracker | None:
        """Every event of every session."""
        rows = await self._journal.everything(conversation_id)
        return self._tracker(conversation_id, _events(rows), rows[-1].number + 1) if rows else None

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything is known of this conversation."""
        return conversation_id in self._live or bool(await self._journal.session(conversation_id))

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await self._journal.senders()

    async def count(self) -> int:
        """How many conversations there are."""
        return len(await self._journal.senders())

    async def export(self, sender_id: str) -> list[dict[str, Any]]:
        """Everything kept of one conversation, as Rasa's event dictionaries in order."""
        return [json.loads(row.data) for row in await self._journal.everything(sender_id)]

    async def delete(self, sender_id: str) -> int:
        """Forget a conversation for good and say how many events it had; a turn still running is not stored."""
        self._note_deletion(sender_id)
        try:
            removed = await self._journal.delete(sender_id)
        finally:  # also for whoever read it in the meantime
            self._note_deletion(sender_id)
        await self._journal.tidy()
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
        """Forget sessions that ended before that time, for good, and say how many events they had."""
        before = older_than.timestamp()
        for sender_id in [s for s, live in self._live.items() if live.events[-1].timestamp < before]:
            del self._live[sender_id]
        return await self._journal.purge(before)

    async def close(self) -> None:
        """Store what could not be stored yet, then let go of the database."""
        await self._journal.close()

    async def _compared(self, tracker: DialogueStateTracker) -> LiveTracker:
        """A tracker that somebody else made, taken as Rasa's stores take it: its first events are the stored ones."""
        rows = await self._journal.session(tracker.sender_id)
        stored = len(current_session(_events(rows)))
        events, number = list(tracker.events), rows[-1].number + 1 if rows else 0
        live = self._tracker(tracker.sender_id, events[:stored], number)
        live.events.extend(events[stored:])
        return live

    def _tracker(self, sender_id: str, events: Sequence[Event], next_number: int) -> LiveTracker:
        return LiveTracker(sender_id, self.domain.slots, events, next_number, self._deletions)

    def _keep(self, sender_id: str, events: Iterable[Event], next_number: int, born: int) -> None:
        if self._was_deleted(sender_id, born):
            return
        recent = fold(current_session(list(events)), self.domain.slots, self._turns)
        self._live[sender_id] = _Live(recent, next_number)
        _shorten(self._live, self._most)


def _url_of_environment() -> str:
    """`rasa run` keeps conversations where our server does, unless its endpoints.yml says otherwise."""
    return f"sqlite:///{settings_of_environment().data_dir / FILE}"


def _shorten(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)


def _row(sender_id: str, number: int, event: Event) -> Row:
    data = json.dumps(event.as_dict(), default=_plain, ensure_ascii=False)
    return Row(sender_id, number, event.type_name, event.timestamp, data)


def _plain(value: Any) -> Any:
    """Numbers of numpy as plain numbers."""
    return value.item()


def _events(rows: Sequence[Row]) -> list[Event]:
    events: list[Event] = deserialise_events([json.loads(row.data) for row in rows])
    return events
