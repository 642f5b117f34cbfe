"""What a conversation store writes: one row for each event, in the order of the conversation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from rasa.shared.core.events import Event, deserialise_events

SESSION_STARTED = "session_started"
USER = "user"
_TEXT = "text_in_the_log"


class Row(NamedTuple):
    """One event. `number` counts from 0 within a conversation; `timestamp` is in seconds; `data` is JSON."""

    sender_id: str
    number: int
    type_name: str
    timestamp: float
    data: str


def rows_of(sender_id: str, first: int, events: Sequence[Event]) -> list[Row]:
    """Events as they are kept, numbered from `first` on."""
    written = zip(events, texts_of(events))
    return [
        Row(sender_id, at, event.type_name, event.timestamp, text) for at, (event, text) in enumerate(written, first)
    ]


def texts_of(events: Sequence[Event]) -> list[str]:
    """Events as JSON; each is written once, since what is kept does not change."""
    return [event.__dict__.get(_TEXT) or _text_of(event) for event in events]


def _text_of(event: Event) -> str:
    text = json.dumps(event.as_dict(), default=_plain, ensure_ascii=False)
    setattr(event, _TEXT, text)
    return text


def events_of(rows: Sequence[Row]) -> list[Event]:
    """What was kept, as events."""
    events: list[Event] = deserialise_events([json.loads(row.data) for row in rows])
    return events


def _plain(value: Any) -> Any:
    """Numbers of numpy as plain numbers."""
    return value.item()
