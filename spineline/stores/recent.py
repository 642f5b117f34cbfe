"""The recent part of a conversation: what Rasa needs to go on, however long the conversation is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from itertools import islice
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_ADDING = frozenset(  # outside a loop they take nothing back
    (ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, SlotSet, UserUttered)
)
_SIMPLE = _ADDING | {SessionStarted}


class LiveTracker(DialogueStateTracker):
    """A tracker that knows what of it is stored.

    Args:
        events: replayed as they are; none of them is new.
        next_number: the number of the first event that will be added.
        born: how many deletions the store had seen when it handed this tracker out.
    """

    def __init__(
        self,
        sender_id: str,
        slots: Iterable[Any],
        events: Sequence[Event] = (),
        next_number: int = 0,
        born: int = 0,
    ) -> None:
        self._applied, self._looked_at, self._has_loop = list[Event](), 0, False
        super().__init__(sender_id, None)
        self.slots = _twins(slots)
        for event in events:  # as `update` does, which looks for what an event of ours has already
            self.events.append(event)
            event.apply_to(self)
        self.next_number = next_number
        self.born = born
        self._known = len(events)

    def copy(self) -> LiveTracker:
        """An equal tracker that can be changed on its own; Rasa replays every event for it."""
        twin = copy(self)
        twin.events, twin._applied = self.events.copy(), self._applied.copy()
        twin.slots = _twins(self.slots.values())
        twin.active_loop = copy(self.active_loop)
        return twin

    def applied_events(self) -> list[Event]:
        """The events that nothing took back; Rasa looks all of them through again, four times a message."""
        new = list(islice(self.events, self._looked_at, None))
        if self._has_loop or not _SIMPLE.issuperset(map(type, new)):
            self._applied = super().applied_events()
            self._has_loop = any(type(event) is ActiveLoop for event in self.events)
        else:
            starts = [at for at, event in enumerate(new) if type(event) is SessionStarted]
            self._applied = new[starts[-1] + 1 :] if starts else self._applied + new
        self._looked_at = len(self.events)
        return self._applied.copy()

    def new_events(self) -> list[Event]:
        """What was added since the store handed this tracker out or saved it."""
        return list(self.events)[self._known :]

    def settle(self) -> None:
        """Nothing is new any more."""
        self.next_number += len(self.events) - self._known
        self._known = len(self.events)


def _twins(slots: Iterable[Slot]) -> dict[str, Slot]:
    """A copy of each slot by its name; `copy` takes ten times as long, and there are dozens a message."""
    twins = {}
    for slot in slots:
        twins[slot.name] = twin = object.__new__(type(slot))
        twin.__dict__.update(slot.__dict__)
    return twins


def current_session(events: Sequence[Event]) -> list[Event]:
    """The events since the last session began, as Rasa's in-memory store returns them."""
    starts = [at for at, event in enumerate(events) if type(event) is SessionStarted]
    start = starts[-1] if starts else 0
    return list(events[start - 1 if start and _starts_session(events[start - 1]) else start :])


def fold(events: Sequence[Event], slots: Sequence[Any], turns: int) -> list[Event]:
    """The last turns as they were, and everything before them as one session start that sets the slots.

    Rasa replays all events of a tracker several times in each turn; this keeps their number, and so the cost of a
    turn, from growing with the conversation. Nothing is folded inside a form or while the conversation is paused.
    """
    said = [at for at, event in enumerate(events) if type(event) is UserUttered]
    if len(said) <= turns:
        return list(events)
    first = said[-turns]
    before = LiveTracker("", slots, events[:first])
    if before.active_loop_name or before.is_paused() or before.latest_action_name != ACTION_LISTEN_NAME:
        return list(events)
    return [*_as_start(before, events[first - 1].timestamp), *events[first:]]


def _as_start(tracker: DialogueStateTracker, at: float) -> list[Event]:
    changed = [slot for slot in tracker.slots.values() if slot.value != slot.initial_value]
    return [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
        SessionStarted(timestamp=at),
        *(SlotSet(slot.name, slot.value, timestamp=at) for slot in changed),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=at),
    ]


def _starts_session(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_SESSION_START_NAME
