"""What a conversation store writes: one row for each event, in the order of the conversation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from rasa.shared.core.events import Event, deserialise_events

SESSION_STARTED = "session_started"


class Row(NamedTuple):
    """One event. `number` counts from 0 within a conversation; `timestamp` is in seconds; `data` is JSON."""

    sender_id: str
    number: int
    type_name: str
    timestamp: float
    data: str


def row_of(sender_id: str, number: int, event: Event) -> Row:
    """An event as it is kept."""
    return Row(sender_id, number, event.type_name, event.timestamp, text_of(event))


def text_of(event: Event) -> str:
    """An event as JSON."""
    return json.dumps(event.as_dict(), default=_plain, ensure_ascii=False)


def events_of(rows: Sequence[Row]) -> list[Event]:
    """What was kept, as events."""
    events: list[Event] = deserialise_events([json.loads(row.data) for row in rows])
    return events


def _plain(value: Any) -> Any:
    """Numbers of numpy as plain numbers."""
    return value.item()
